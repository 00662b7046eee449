// X.509 extensions as OpenSSL prints them.
import { decodeUtf8 } from '../../base/bytes.ts';
import { DerError, firstOf, readDer, readIdentifier } from '../../base/der.ts';
import { bytesNumber } from './big-numbers.ts';
import type { Extension } from './certificate.ts';
import { extensionIds, keyUsages, purposes } from './extensions.ts';
import { colons } from './hex-text.ts';
import { printName } from './names.ts';

/** Heading and lines of each; what stands before the heading is the caller's, the value is indented by four more. */
export function extensionLines({ id, critical, value }: Extension): readonly string[] {
  const heading = `${titles.get(id) ?? id}: ${critical ? 'critical' : ''}`;
  return [heading, ...valueLines(id, value).map((line) => `    ${line}`)];
}

/** By the name that `-ext` takes. */
export function extensionNamed(all: readonly Extension[], name: string): Extension | undefined {
  const id = Object.hasOwn(extensionIds, name) ? extensionIds[name as keyof typeof extensionIds] : undefined; // edge: asked for above
  return all.find((extension) => extension.id === id);
}

/** The names of a subjectAltName as a list. */
export function alternativeNameTexts(value: Uint8Array): readonly string[] {
  return readDer(firstOf(value).content).map((name) => {
    switch (name.tag) {
      case 0x81:
        return `email:${decodeUtf8(name.content)}`;
      case 0x82:
        return `DNS:${decodeUtf8(name.content)}`;
      case 0x86:
        return `URI:${decodeUtf8(name.content)}`;
      case 0x87:
        return `IP Address:${addressText(name.content)}`;
      case 0x88:
        return `Registered ID:${readIdentifier({ ...name, tag: 6 })}`;
      case 0xa4:
        return `DirName:${printName(firstOf(name.content), 'compat')}`;
      default:
        return 'othername:<unsupported>';
    }
  });
}

const titles: ReadonlyMap<string, string> = new Map([
  [extensionIds.subjectKeyIdentifier, 'X509v3 Subject Key Identifier'],
  [extensionIds.keyUsage, 'X509v3 Key Usage'],
  [extensionIds.subjectAltName, 'X509v3 Subject Alternative Name'],
  [extensionIds.issuerAltName, 'X509v3 Issuer Alternative Name'],
  [extensionIds.basicConstraints, 'X509v3 Basic Constraints'],
  ['2.5.29.31', 'X509v3 CRL Distribution Points'],
  ['2.5.29.32', 'X509v3 Certificate Policies'],
  [extensionIds.authorityKeyIdentifier, 'X509v3 Authority Key Identifier'],
  [extensionIds.extendedKeyUsage, 'X509v3 Extended Key Usage'],
  ['1.3.6.1.5.5.7.1.1', 'Authority Information Access'],
  [extensionIds.nsComment, 'Netscape Comment'],
]);

function valueLines(id: string, value: Uint8Array): readonly string[] {
  try {
    return knownLines(id, value) ?? [printable(value)];
  } catch (error) {
    if (error instanceof DerError) return [printable(value)];
    throw error;
  }
}

function knownLines(id: string, value: Uint8Array): readonly string[] | undefined {
  const { content } = firstOf(value);
  switch (id) {
    case extensionIds.subjectKeyIdentifier:
      return [colons(content)];
    case extensionIds.keyUsage:
      return [keyUsages.flatMap(([, title], at) => (hasBit(content, at) ? [title] : [])).join(', ')];
    case extensionIds.subjectAltName:
    case extensionIds.issuerAltName:
      return [alternativeNameTexts(value).join(', ')];
    case extensionIds.basicConstraints:
      return [basicConstraints(content)];
    case extensionIds.authorityKeyIdentifier:
      return authorityLines(content);
    case extensionIds.extendedKeyUsage:
      return [
        readDer(content)
          .map(readIdentifier)
          .map((purpose) => purposes.find((known) => known.id === purpose)?.title ?? purpose)
          .join(', '),
      ];
    case extensionIds.nsComment:
      return [decodeUtf8(content)];
    default:
      return undefined;
  }
}

/** A bit string's bits after the byte that tells how many of the last one do not count. */
function hasBit(content: Uint8Array, at: number): boolean {
  return ((content[1 + (at >> 3)] ?? 0) & (0x80 >> (at & 7))) !== 0;
}

function basicConstraints(content: Uint8Array): string {
  const [first, second] = readDer(content);
  const isAuthority = first?.tag === 1 && first.content[0] !== 0;
  const length = first?.tag === 2 ? first : second;
  return `CA:${isAuthority ? 'TRUE' : 'FALSE'}${length ? `, pathlen:${bytesNumber(length.content)}` : ''}`;
}

function authorityLines(content: Uint8Array): readonly string[] {
  const parts = readDer(content);
  return parts.map(({ tag, content: part }) => {
    if (tag === 0x80) return `${parts.length > 1 ? 'keyid:' : ''}${colons(part)}`;
    if (tag === 0xa1) return `DirName:${printName(firstOf(firstOf(part).content), 'compat')}`;
    return `serial:${colons(part)}`;
  });
}

function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  return groups.map((group) => group.toString(16).toUpperCase()).join(':');
}

function printable(bytes: Uint8Array): string {
  return [...bytes].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
}
