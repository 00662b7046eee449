// Distinguished names: from `/CN=jane/O=dev`, from the sections of a configuration, and as OpenSSL prints them.
import { decodeUtf8, encodeUtf8, textOfUnits } from '../../base/bytes.ts';
import { type DerValue, encodeDer, identifier, readDer, readIdentifier, sequence, tags } from '../../base/der.ts';

/** One attribute. `joined`: it belongs to the same part of the name as the one before. */
export interface NameAttribute {
  readonly type: string;
  readonly value: string;
  readonly joined?: boolean;
}

interface AttributeType {
  readonly id: string;
  readonly short: string;
  readonly long: string;
  readonly tag?: number;
}

const printable = 0x13;
const ascii = 0x16;
const wide = 0x1e;

const types: readonly AttributeType[] = [
  { id: '2.5.4.3', short: 'CN', long: 'commonName' },
  { id: '2.5.4.4', short: 'SN', long: 'surname' },
  { id: '2.5.4.5', short: 'serialNumber', long: 'serialNumber', tag: printable },
  { id: '2.5.4.6', short: 'C', long: 'countryName', tag: printable },
  { id: '2.5.4.7', short: 'L', long: 'localityName' },
  { id: '2.5.4.8', short: 'ST', long: 'stateOrProvinceName' },
  { id: '2.5.4.9', short: 'street', long: 'streetAddress' },
  { id: '2.5.4.10', short: 'O', long: 'organizationName' },
  { id: '2.5.4.11', short: 'OU', long: 'organizationalUnitName' },
  { id: '2.5.4.12', short: 'title', long: 'title' },
  { id: '2.5.4.42', short: 'GN', long: 'givenName' },
  { id: '0.9.2342.19200300.100.1.1', short: 'UID', long: 'userId' },
  { id: '0.9.2342.19200300.100.1.25', short: 'DC', long: 'domainComponent', tag: ascii },
  { id: '1.2.840.113549.1.9.1', short: 'emailAddress', long: 'emailAddress', tag: ascii },
];

export function isAttributeType(name: string): boolean {
  return typeOf(name) !== undefined;
}

/** The attribute's long name as it is known, or as it was given. */
export function longName(name: string): string {
  return typeOf(name)?.long ?? name;
}

/** `/type=value/type=value`; undefined: it is not of that form. */
export function parseSubject(text: string): readonly NameAttribute[] | undefined {
  if (!text.startsWith('/')) return undefined;
  const attributes: NameAttribute[] = [];
  let joined = false;
  for (let at = 1; at < text.length; ) {
    const equals = text.indexOf('=', at);
    if (equals < 0) return undefined;
    const type = text.slice(at, equals);
    let value = '';
    for (at = equals + 1; at < text.length && text[at] !== '/' && text[at] !== '+'; at++) {
      if (text[at] === '\\') at++;
      value += text[at] ?? '';
    }
    attributes.push({ type, value, ...(joined && { joined }) });
    joined = text[at++] === '+';
  }
  return attributes;
}

/** The name's bytes; every type must be known. */
export function encodeName(attributes: readonly NameAttribute[]): Uint8Array {
  const sets: Uint8Array[][] = [];
  for (const { type, value, joined } of attributes) {
    const known = typeOf(type);
    if (!known) continue;
    const part = sequence(identifier(known.id), encodeDer(known.tag ?? tags.utf8, encodeUtf8(value)));
    const last = sets.at(-1);
    if (joined && last) last.push(part);
    else sets.push([part]);
  }
  return sequence(...sets.map((parts) => encodeDer(tags.set, Uint8Array.from(parts.flatMap((part) => [...part])))));
}

export type NameForm = 'oneline' | 'RFC2253' | 'compat' | 'multiline';

export const nameForms: readonly NameForm[] = ['oneline', 'RFC2253', 'compat', 'multiline'];

/** A name as OpenSSL prints it; `oneline` is `CN = jane, O = dev`. */
export function printName(name: DerValue, form: NameForm = 'oneline'): string {
  const sets = readDer(name.content).map((set) => readDer(set.content).map(readAttribute));
  switch (form) {
    case 'oneline':
      return sets.map((set) => set.map(({ short, value }) => `${short} = ${quoted(value)}`).join(' + ')).join(', ');
    case 'RFC2253':
      return sets
        .map((set) => set.map(({ short, value }) => `${short}=${escaped(value)}`).join('+'))
        .reverse()
        .join(',');
    case 'compat':
      return sets.map((set) => `/${set.map(({ short, value }) => `${short}=${value}`).join('+')}`).join('');
    case 'multiline':
      return sets
        .map((set) => set.map(({ long, value }) => `\n    ${long.padEnd(25)} = ${value}`).join(' + '))
        .join('');
  }
}

function typeOf(name: string): AttributeType | undefined {
  return types.find(({ id, short, long }) => [id, short, long].includes(name));
}

function readAttribute(part: DerValue): { readonly short: string; readonly long: string; readonly value: string } {
  const [type, value] = readDer(part.content);
  const id = type ? readIdentifier(type) : '';
  const known = typeOf(id);
  return { short: known?.short ?? id, long: known?.long ?? id, value: value ? textOf(value) : '' };
}

function textOf({ tag, content }: DerValue): string {
  if (tag !== wide) return decodeUtf8(content);
  const units = Array.from(
    { length: content.length >> 1 },
    (_, i) => ((content[2 * i] ?? 0) << 8) | (content[2 * i + 1] ?? 0),
  );
  return textOfUnits(units);
}

/** What is not ASCII as its bytes, and quotes around what separates attributes. */
function quoted(value: string): string {
  const text = bytesShown(value.replace(/["\\]/g, '\\$&'));
  return /[,+<>;]|^[# ]| $/.test(value) ? `"${text}"` : text;
}

function escaped(value: string): string {
  return bytesShown(value.replace(/[,+"\\<>;]|^[# ]| $/g, '\\$&'));
}

function bytesShown(text: string): string {
  return [...encodeUtf8(text)]
    .map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\${byte.toString(16).toUpperCase()}`))
    .join('');
}
