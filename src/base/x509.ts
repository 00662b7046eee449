// X.509: what a certificate or a request for one says, and the bytes of a new certificate.
//
//   certificate = { tbs: { version, serial, algorithm, issuer, validity, subject, key, extensions }, algorithm, signature }
//   request     = { info: { version, subject, key, attributes { extensions } }, algorithm, signature }
import { concatBytes, decodeUtf8 } from './bytes.ts';
import {
  bits,
  DerError,
  type DerValue,
  encodeDer,
  firstOf,
  identifier,
  integer,
  octets,
  readDer,
  readIdentifier,
  readTime,
  sequence,
  tags,
  time,
  utf8,
} from './der.ts';

/** Whose a certificate is, as far as Kubernetes looks at it. */
export interface DistinguishedName {
  readonly commonName: string;
  readonly organizations: readonly string[];
}

export type CertificateUsage = 'server' | 'client';

export interface CertificateRequest {
  readonly subject: DistinguishedName;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  /** The content of its subjectAltName extension. */
  readonly alternativeNames: Uint8Array | undefined;
  /** The sender's own signature. */
  readonly signed: { readonly algorithm: string; readonly bytes: Uint8Array; readonly signature: Uint8Array };
}

export interface CertificateContent {
  readonly serial: Uint8Array;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  readonly publicKey: Uint8Array;
  /** Milliseconds since the Unix epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly authority: boolean;
  readonly usages: readonly CertificateUsage[];
  readonly alternativeNames?: Uint8Array | undefined;
}

export interface Certificate {
  readonly subject: DistinguishedName;
  /** The bytes of both names, by which one certificate leads to the next. */
  readonly subjectName: Uint8Array;
  readonly issuerName: Uint8Array;
  /** Whether it may sign others; undefined: it does not say. */
  readonly authority: boolean | undefined;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly usages: readonly CertificateUsage[];
  /** DNS names and IPv4 addresses that it is for. */
  readonly names: readonly string[];
  /** Its key as a P-256 point, uncompressed. */
  readonly point: Uint8Array;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  /** The bytes that the signature is about. */
  readonly signed: Uint8Array;
  /** The identifier of how it is signed. */
  readonly algorithm: string;
  readonly signature: Uint8Array;
}

/** ecdsa-with-SHA256. */
export const signatureAlgorithm = sequence(identifier('1.2.840.10045.4.3.2'));

/** A P-256 point (uncompressed) as SubjectPublicKeyInfo. */
export function publicKeyInfo(point: Uint8Array): Uint8Array {
  return sequence(sequence(identifier('1.2.840.10045.2.1'), identifier(curve)), bits(point));
}

/** A P-256 private key as PKCS #8. */
export function privateKeyInfo(secret: Uint8Array, point: Uint8Array): Uint8Array {
  const key = sequence(integer(Uint8Array.of(1)), octets(secret), encodeDer(0xa1, bits(point)));
  const algorithm = sequence(identifier('1.2.840.10045.2.1'), identifier(curve));
  return sequence(integer(new Uint8Array(1)), algorithm, octets(key));
}

/** What is to be signed of a new certificate. */
export function certificateBody(content: CertificateContent): Uint8Array {
  const { serial, issuer, subject, publicKey, notBefore, notAfter } = content;
  return sequence(
    encodeDer(0xa0, integer(Uint8Array.of(2))),
    integer(serial),
    signatureAlgorithm,
    encodeName(issuer),
    sequence(time(notBefore), time(notAfter)),
    encodeName(subject),
    publicKey,
    encodeDer(0xa3, sequence(...extensions(content))),
  );
}

export function signedCertificate(body: Uint8Array, signature: Uint8Array): Uint8Array {
  return sequence(body, signatureAlgorithm, bits(signature));
}

/** DNS names and addresses, e.g. `localhost`, `127.0.0.1`. */
export function alternativeNames(names: readonly string[]): Uint8Array {
  return sequence(
    ...names.map((name) =>
      /^\d+(\.\d+){3}$/.test(name)
        ? encodeDer(0x87, Uint8Array.from(name.split('.').map(Number)))
        : encodeDer(0x82, utf8(name).subarray(2)),
    ),
  );
}

/** Throws DerError where the bytes are no certificate. */
export function readCertificate(bytes: Uint8Array): Certificate {
  const [body, algorithm, signature] = readDer(firstOf(bytes).content);
  if (!body || !algorithm || !signature) throw new DerError('this is no certificate');
  const fields = readDer(body.content).filter(({ tag }) => tag !== 0xa0);
  const [, , issuer, validity, subject, key] = fields;
  if (!issuer || !validity || !subject || !key) throw new DerError('this is no certificate');
  const [from, to] = readDer(validity.content);
  if (!from || !to) throw new DerError('this is no certificate');
  const last = fields.find(({ tag }) => tag === 0xa3);
  const extra = last ? readDer(firstOf(last.content).content) : [];
  const usage = extension(extra, usageExtension);
  const names = extension(extra, namesExtension);
  const constraints = extension(extra, constraintsExtension);
  const named = usage && readDer(firstOf(usage).content).map(readIdentifier);
  return {
    subject: readName(subject),
    subjectName: subject.whole,
    issuerName: issuer.whole,
    authority: constraints && readDer(firstOf(constraints).content)[0]?.tag === tags.boolean,
    notBefore: readTime(from),
    notAfter: readTime(to),
    usages: named ? allUsages.filter((one) => named.includes(usageIdentifiers[one])) : allUsages,
    names: names ? readDer(firstOf(names).content).map(readAlternativeName) : [],
    point: readDer(key.content).at(-1)?.content.subarray(1) ?? new Uint8Array(),
    publicKey: key.whole,
    signed: body.whole,
    algorithm: readIdentifier(firstOf(algorithm.content)),
    signature: signature.content.subarray(1),
  };
}

/** Throws DerError where the bytes are no request. */
export function readCertificateRequest(bytes: Uint8Array): CertificateRequest {
  const [info, algorithm, signature] = readDer(firstOf(bytes).content);
  const [, subject, key, attributes] = readDer(info?.content ?? new Uint8Array());
  if (!info || !algorithm || !signature || !subject || !key) throw new DerError('this is no certificate request');
  const [name] = readDer(algorithm.content);
  const signed = {
    algorithm: name ? readIdentifier(name) : '',
    bytes: info.whole,
    signature: signature.content.subarray(1),
  };
  const said = { subject: readName(subject), publicKey: key.whole, signed };
  for (const attribute of readDer(attributes?.content ?? new Uint8Array())) {
    const [type, values] = readDer(attribute.content);
    if (!type || !values || readIdentifier(type) !== extensionRequest) continue;
    return { ...said, alternativeNames: extension(readDer(firstOf(values.content).content), namesExtension) };
  }
  return { ...said, alternativeNames: undefined };
}

/** The names in the content of a subjectAltName extension, by kind. */
export function readAlternativeNames(content: Uint8Array | undefined): Readonly<Record<NameKind, readonly string[]>> {
  const names: Record<NameKind, string[]> = { dns: [], ip: [], email: [], uri: [] };
  const kinds: ReadonlyMap<number, NameKind> = new Map([
    [0x81, 'email'],
    [0x82, 'dns'],
    [0x86, 'uri'],
    [0x87, 'ip'],
  ]);
  for (const value of content ? readDer(firstOf(content).content) : []) {
    const kind = kinds.get(value.tag);
    if (kind) names[kind].push(readAlternativeName(value));
  }
  return names;
}

export type NameKind = 'dns' | 'ip' | 'email' | 'uri';

const allUsages = ['server', 'client'] as const;
const curve = '1.2.840.10045.3.1.7';
const commonName = '2.5.4.3';
const organization = '2.5.4.10';
const constraintsExtension = '2.5.29.19';
const usageExtension = '2.5.29.37';
const namesExtension = '2.5.29.17';
const extensionRequest = '1.2.840.113549.1.9.14';
const usageIdentifiers = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const;

function encodeName({ commonName: name, organizations }: DistinguishedName): Uint8Array {
  const part = (type: string, value: string): Uint8Array => sequence(identifier(type), utf8(value));
  const groups = organizations.map((value) => part(organization, value));
  const sets = [...(groups.length > 0 ? [concatBytes(groups)] : []), ...(name ? [part(commonName, name)] : [])];
  return sequence(...sets.map((set) => encodeDer(tags.set, set)));
}

function readName({ content }: DerValue): DistinguishedName {
  let name = '';
  const organizations: string[] = [];
  for (const part of readDer(content).flatMap((set) => readDer(set.content))) {
    const [type, value] = readDer(part.content);
    if (!type || !value) continue;
    const text = decodeUtf8(value.content);
    if (readIdentifier(type) === commonName) name = text;
    else if (readIdentifier(type) === organization) organizations.push(text);
  }
  return { commonName: name, organizations };
}

function readAlternativeName({ tag, content }: DerValue): string {
  return tag === 0x87 ? content.join('.') : decodeUtf8(content);
}

function extensions({ authority, usages, alternativeNames: names }: CertificateContent): readonly Uint8Array[] {
  const yes = encodeDer(tags.boolean, Uint8Array.of(0xff));
  const critical = (type: string, value: Uint8Array): Uint8Array => sequence(identifier(type), yes, octets(value));
  const keyUsage = authority ? bits(Uint8Array.of(0xa6), 1) : bits(Uint8Array.of(0xa0), 5);
  const purposes = sequence(...usages.map((usage) => identifier(usageIdentifiers[usage])));
  return [
    critical('2.5.29.15', keyUsage),
    ...(usages.length > 0 ? [sequence(identifier(usageExtension), octets(purposes))] : []),
    critical(constraintsExtension, authority ? sequence(yes) : sequence()),
    ...(names ? [sequence(identifier(namesExtension), octets(names))] : []),
  ];
}

function extension(all: readonly DerValue[], wanted: string): Uint8Array | undefined {
  for (const each of all) {
    const parts = readDer(each.content);
    const [type] = parts;
    if (type && readIdentifier(type) === wanted) return parts.at(-1)?.content;
  }
  return undefined;
}
