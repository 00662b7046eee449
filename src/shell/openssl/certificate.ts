// Certificates and requests with all that they say, as OpenSSL shows them.
import {
  bits,
  DerError,
  type DerValue,
  encodeDer,
  firstOf,
  identifier,
  octets,
  readDer,
  readIdentifier,
  readTime,
  sequence,
  tags,
} from '../../base/der.ts';

export interface Extension {
  readonly id: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** What is signed, and the signature. */
export interface Signed {
  /** All of it. */
  readonly bytes: Uint8Array;
  readonly content: Uint8Array;
  /** The signature algorithm's identifier. */
  readonly algorithm: string;
  readonly signature: Uint8Array;
}

export interface FullCertificate extends Signed {
  /** From 1. */
  readonly version: number;
  readonly serial: Uint8Array;
  readonly issuer: DerValue;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly subject: DerValue;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  readonly extensions: readonly Extension[];
}

export interface FullRequest extends Signed {
  readonly subject: DerValue;
  readonly publicKey: Uint8Array;
  readonly extensions: readonly Extension[];
  /** Attributes other than the wanted extensions: identifier and text. */
  readonly attributes: readonly { readonly id: string; readonly value: DerValue }[];
}

export const extensionRequestId = '1.2.840.113549.1.9.14';

/** Throws DerError. */
export function readFullCertificate(bytes: Uint8Array): FullCertificate {
  const { signed, fields } = readSigned(bytes);
  const explicit = fields.find(({ tag }) => tag === 0xa0);
  const [serial, , issuer, validity, subject, key] = fields.filter(({ tag }) => tag !== 0xa0);
  const [from, to] = validity ? readDer(validity.content) : [];
  if (!serial || !issuer || !subject || !key || !from || !to) throw new DerError('this is no certificate');
  const wrapped = fields.find(({ tag }) => tag === 0xa3);
  return {
    ...signed,
    version: 1 + (explicit ? (firstOf(explicit.content).content[0] ?? 0) : 0),
    serial: serial.content[0] === 0 && serial.content.length > 1 ? serial.content.subarray(1) : serial.content,
    issuer,
    notBefore: readTime(from),
    notAfter: readTime(to),
    subject,
    publicKey: key.whole,
    extensions: wrapped ? readExtensions(firstOf(wrapped.content)) : [],
  };
}

/** Throws DerError. */
export function readFullRequest(bytes: Uint8Array): FullRequest {
  const { signed, fields } = readSigned(bytes);
  const [, subject, key, last] = fields;
  if (!subject || !key) throw new DerError('this is no request');
  let extensions: readonly Extension[] = [];
  const attributes: { id: string; value: DerValue }[] = [];
  for (const attribute of last?.tag === 0xa0 ? readDer(last.content) : []) {
    const [type, values] = readDer(attribute.content);
    if (!type || !values) continue;
    const id = readIdentifier(type);
    if (id === extensionRequestId) extensions = readExtensions(firstOf(values.content));
    else attributes.push({ id, value: firstOf(values.content) });
  }
  return { ...signed, subject, publicKey: key.whole, extensions, attributes };
}

export function encodeExtensions(extensions: readonly Extension[]): Uint8Array {
  const yes = encodeDer(tags.boolean, Uint8Array.of(0xff));
  return sequence(
    ...extensions.map(({ id, critical, value }) => sequence(identifier(id), ...(critical ? [yes] : []), octets(value))),
  );
}

/** Content, algorithm and signature as one. */
export function encodeSigned(content: Uint8Array, algorithm: Uint8Array, signature: Uint8Array): Uint8Array {
  return sequence(content, algorithm, bits(signature));
}

function readSigned(bytes: Uint8Array): { readonly signed: Signed; readonly fields: readonly DerValue[] } {
  const whole = firstOf(bytes);
  const [content, algorithm, signature] = readDer(whole.content);
  const [id] = algorithm ? readDer(algorithm.content) : [];
  if (!content || !id || !signature) throw new DerError('nothing is signed here');
  const signed: Signed = {
    bytes: whole.whole,
    content: content.whole,
    algorithm: readIdentifier(id),
    signature: signature.content.subarray(1),
  };
  return { signed, fields: readDer(content.content) };
}

function readExtensions({ content }: DerValue): readonly Extension[] {
  return readDer(content).flatMap((each) => {
    const parts = readDer(each.content);
    const [type] = parts;
    const value = parts.at(-1)?.content;
    return type && value ? [{ id: readIdentifier(type), critical: parts.length > 2, value }] : [];
  });
}
