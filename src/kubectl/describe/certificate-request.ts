// Reads the subject and the alternative names of a PKCS #10 certificate request: just enough ASN.1 for that.
//
//   CertificationRequest ::= SEQUENCE { info SEQUENCE { version, subject, publicKey, [0] attributes }, … }
import { decodeBase64, decodeUtf8 } from '../../base/bytes.ts';

export interface CertificateRequest {
  /** Values by attribute (object identifier), in order. */
  readonly subject: ReadonlyMap<string, readonly string[]>;
  readonly dnsNames: readonly string[];
  readonly emails: readonly string[];
  readonly uris: readonly string[];
  readonly ips: readonly string[];
}

/** Undefined when the text is no PEM of a certificate request. */
export function parseCertificateRequest(pem: string): CertificateRequest | undefined {
  const match = /-----BEGIN CERTIFICATE REQUEST-----([\s\S]*?)-----END CERTIFICATE REQUEST-----/.exec(pem);
  const bytes = match && decodeBase64((match[1] ?? '').replace(/\s/g, ''));
  if (!bytes) return undefined;
  const info = children(children(elements(bytes)[0])[0]);
  const names = info[3] ? alternativeNames(info[3]) : [];
  const text = (tag: number) => names.filter((name) => name.tag === tag).map((name) => decodeUtf8(name.content));
  return {
    subject: subjectOf(info[1]),
    emails: text(0x81),
    dnsNames: text(0x82),
    uris: text(0x86),
    ips: names.filter((name) => name.tag === 0x87).map((name) => ipText(name.content)),
  };
}

interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
}

function elements(bytes: Uint8Array): readonly Element[] {
  const found: Element[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const tag = bytes[at] ?? 0;
    let length = bytes[at + 1] ?? 0;
    let start = at + 2;
    if (length & 0x80) {
      const count = length & 0x7f;
      length = 0;
      for (let i = 0; i < count && i < 4; i++) length = length * 256 + (bytes[start + i] ?? 0);
      start += count;
    }
    found.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return found;
}

function children(element: Element | undefined): readonly Element[] {
  return element ? elements(element.content) : [];
}

function subjectOf(name: Element | undefined): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, readonly string[]>();
  for (const set of children(name)) {
    for (const pair of children(set)) {
      const [type, value] = children(pair);
      if (!type || !value) continue;
      const oid = oidText(type.content);
      values.set(oid, [...(values.get(oid) ?? []), decodeUtf8(value.content)]);
    }
  }
  return values;
}

/** attributes → extensionRequest (1.2.840.113549.1.9.14) → subjectAltName (2.5.29.17) */
function alternativeNames(attributes: Element): readonly Element[] {
  for (const attribute of children(attributes)) {
    const [type, values] = children(attribute);
    if (!type || oidText(type.content) !== '1.2.840.113549.1.9.14') continue;
    for (const extension of children(children(values)[0])) {
      const parts = children(extension);
      const value = parts.at(-1);
      if (parts[0] && value && oidText(parts[0].content) === '2.5.29.17') return children(elements(value.content)[0]);
    }
  }
  return [];
}

function oidText(bytes: Uint8Array): string {
  const numbers: number[] = [];
  let value = 0;
  for (const byte of bytes) {
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    numbers.push(value);
    value = 0;
  }
  const [first = 0, ...rest] = numbers;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - top * 40, ...rest].join('.');
}

function ipText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[2 * i] ?? 0) * 256 + (bytes[2 * i + 1] ?? 0));
  const text = groups.map((group) => group.toString(16)).join(':');
  return text.replace(/\b(?:0:){2,}0\b|\b(?:0:)+0\b/, ':').replace(/:{3,}/, '::');
}
