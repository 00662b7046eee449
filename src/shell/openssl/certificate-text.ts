// Certificates, requests and keys in words: what `-text` prints.
import { decodeUtf8 } from '../../base/bytes.ts';
import { DerError, firstOf, readDer, readIdentifier } from '../../base/der.ts';
import { formatDate } from '../text/date-format.ts';
import { curveOf, ed25519Id, signatureName } from './algorithms.ts';
import { bitLength, bytesNumber, numberBytes } from './big-numbers.ts';
import type { Extension, FullCertificate, FullRequest } from './certificate.ts';
import { extensionLines } from './extension-text.ts';
import { digits, hexBlock } from './hex-text.ts';
import { printName } from './names.ts';
import type { PrivateKey } from './private-key.ts';
import { rsaNumbers } from './rsa-key.ts';

/** What of a certificate is left out: words of `-certopt`. */
export type TextOptions = ReadonlySet<string>;

export function certificateText(certificate: FullCertificate, without: TextOptions = new Set()): string {
  const { version, issuer, subject, notBefore, notAfter, publicKey, extensions, algorithm } = certificate;
  const name = signatureName(algorithm);
  const part = (word: string, lines: readonly string[]): readonly string[] => (without.has(word) ? [] : lines);
  return text([
    ...part('no_header', ['Certificate:', '    Data:']),
    ...part('no_version', [`        Version: ${version} (0x${(version - 1).toString(16)})`]),
    ...part('no_serial', serialLines(certificate.serial)),
    ...part('no_signame', [`        Signature Algorithm: ${name}`]),
    ...part('no_issuer', [`        Issuer: ${printName(issuer)}`]),
    ...part('no_validity', [
      '        Validity',
      `            Not Before: ${certificateTime(notBefore)}`,
      `            Not After : ${certificateTime(notAfter)}`,
    ]),
    ...part('no_subject', [`        Subject: ${printName(subject)}`]),
    ...part('no_pubkey', publicKeyLines(publicKey, '        ')),
    ...part('no_extensions', extensionBlock('        X509v3 extensions:', extensions)),
    ...part('no_sigdump', signatureLines(certificate)),
  ]);
}

export function requestText(request: FullRequest): string {
  const { subject, publicKey, extensions, attributes } = request;
  const others = attributes.map(
    ({ id, value }) => `            ${(attributeNames.get(id) ?? id).padEnd(25)}:${decodeUtf8(value.content)}`,
  );
  const isEmpty = others.length === 0 && extensions.length === 0;
  return text([
    'Certificate Request:',
    '    Data:',
    '        Version: 1 (0x0)',
    `        Subject: ${printName(subject)}`,
    ...publicKeyLines(publicKey, '        '),
    '        Attributes:',
    ...(isEmpty ? ['            (none)'] : others),
    ...(isEmpty || extensions.length > 0
      ? ['            Requested Extensions:', ...extensionBlock(undefined, extensions)]
      : []),
    ...signatureLines(request),
  ]);
}

export function privateKeyText(key: PrivateKey): string {
  if (key.kind === 'rsa') {
    const [modulus = 0n, exponent = 0n, ...rest] = rsaNumbers(key);
    const names = ['privateExponent', 'prime1', 'prime2', 'exponent1', 'exponent2', 'coefficient'];
    return text([
      `Private-Key: (${bitLength(modulus)} bit, 2 primes)`,
      ...numberLines('modulus:', modulus, ''),
      `publicExponent: ${exponent} (0x${exponent.toString(16)})`,
      ...rest.flatMap((number, at) => numberLines(`${names[at]}:`, number, '')),
    ]);
  }
  const block = (bytes: Uint8Array): readonly string[] => hexBlock(bytes, 15).map((line) => `    ${line}`);
  if (key.kind === 'ed25519')
    return text(['ED25519 Private-Key:', 'priv:', ...block(key.secret), 'pub:', ...block(key.point)]);
  const { curve, secret, point } = key;
  return text([
    `Private-Key: (${curve.bits} bit)`,
    'priv:',
    ...block(secret),
    'pub:',
    ...block(point),
    `ASN1 OID: ${curve.name}`,
    `NIST CURVE: ${curve.nistName}`,
  ]);
}

/** A public key alone: what `-pubin -text` prints. */
export function publicKeyText(publicKey: Uint8Array): string {
  return text(keyLines(publicKey).lines);
}

/** E.g. `Nov 23 00:42:06 2026 GMT`. */
export function certificateTime(timeMs: number): string {
  return formatDate(timeMs, '%b %e %H:%M:%S %Y GMT');
}

/** What s_client and `-text` call a key, e.g. `rsaEncryption, 2048 (bit)`. */
export function keySummary(publicKey: Uint8Array): { readonly algorithm: string; readonly bits: number } {
  const { algorithm, bits } = keyLines(publicKey);
  return { algorithm, bits };
}

const attributeNames: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.9.7', 'challengePassword'],
  ['1.2.840.113549.1.9.2', 'unstructuredName'],
]);

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function serialLines(serial: Uint8Array): readonly string[] {
  const number = bytesNumber(serial);
  if (number < 1n << 63n) return [`        Serial Number: ${number} (0x${number.toString(16)})`];
  return ['        Serial Number:', `            ${hexBlock(serial, serial.length)[0] ?? ''}`];
}

function publicKeyLines(publicKey: Uint8Array, indent: string): readonly string[] {
  const { algorithm, lines } = keyLines(publicKey);
  return [
    `${indent}Subject Public Key Info:`,
    `${indent}    Public Key Algorithm: ${algorithm}`,
    ...lines.map((line) => `${indent}        ${line}`),
  ];
}

function keyLines(publicKey: Uint8Array): {
  readonly algorithm: string;
  readonly bits: number;
  readonly lines: readonly string[];
} {
  const [algorithm, key] = readDer(firstOf(publicKey).content);
  const [type, parameter] = algorithm ? readDer(algorithm.content) : [];
  if (!type || !key) throw new DerError('this is no public key');
  const id = readIdentifier(type);
  const content = key.content.subarray(1);
  if (id === '1.2.840.113549.1.1.1') {
    const [modulus = 0n, exponent = 0n] = readDer(firstOf(content).content).map((value) => bytesNumber(value.content));
    const bits = bitLength(modulus);
    const lines = [
      `Public-Key: (${bits} bit)`,
      ...numberLines('Modulus:', modulus, ''),
      `Exponent: ${exponent} (0x${exponent.toString(16)})`,
    ];
    return { algorithm: 'rsaEncryption', bits, lines };
  }
  const block = hexBlock(content, 15).map((line) => `    ${line}`);
  if (id === ed25519Id) return { algorithm: 'ED25519', bits: 253, lines: ['ED25519 Public-Key:', 'pub:', ...block] };
  const curve = parameter && curveOf(readIdentifier(parameter));
  if (!curve) return { algorithm: id, bits: 0, lines: ['Unable to load Public Key'] };
  return {
    algorithm: 'id-ecPublicKey',
    bits: curve.bits,
    lines: [
      `Public-Key: (${curve.bits} bit)`,
      'pub:',
      ...block,
      `ASN1 OID: ${curve.name}`,
      `NIST CURVE: ${curve.nistName}`,
    ],
  };
}

/** A large number with a zero in front where its highest bit is set. */
function numberLines(heading: string, number: bigint, indent: string): readonly string[] {
  const bare = numberBytes(number);
  const bytes = (bare[0] ?? 0) > 0x7f ? Uint8Array.of(0, ...bare) : bare;
  return [`${indent}${heading}`, ...hexBlock(bytes, 15).map((line) => `${indent}    ${line}`)];
}

function extensionBlock(heading: string | undefined, extensions: readonly Extension[]): readonly string[] {
  if (extensions.length === 0) return [];
  const indent = heading === undefined ? '                ' : '            ';
  const lines = extensions.flatMap(extensionLines).map((line) => `${indent}${line}`);
  return heading === undefined ? lines : [heading, ...lines];
}

function signatureLines({ algorithm, signature }: FullCertificate | FullRequest): readonly string[] {
  return [
    `    Signature Algorithm: ${signatureName(algorithm)}`,
    '    Signature Value:',
    ...hexBlock(signature, 18).map((line) => `        ${line}`),
  ];
}

/** The modulus in hexadecimal; undefined: the key has none. */
export function modulusText(publicKey: Uint8Array): string | undefined {
  const [algorithm, key] = readDer(firstOf(publicKey).content);
  const [type] = algorithm ? readDer(algorithm.content) : [];
  if (!type || !key || readIdentifier(type) !== '1.2.840.113549.1.1.1') return undefined;
  const [modulus] = readDer(firstOf(key.content.subarray(1)).content);
  return modulus && digits(numberBytes(bytesNumber(modulus.content))).toUpperCase();
}
