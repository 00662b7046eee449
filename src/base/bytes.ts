// Text to UTF-8 bytes and back, and base64, without the DOM: the same bytes in Node, browsers and the engine.

/** UTF-8 bytes of a text; a lone surrogate becomes U+FFFD as TextEncoder does it. */
export function encodeUtf8(text: string): Uint8Array {
  return encodeAscii(text) ?? encodeAny(text);
}

/** The bytes of a text of nothing but ASCII, which most texts are; undefined for others. */
function encodeAscii(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return undefined;
    bytes[i] = unit;
  }
  return bytes;
}

function encodeAny(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let end = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.codePointAt(i) ?? 0xfffd;
    if (code > 0xffff) i++;
    else if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) bytes[end++] = code;
    else if (code < 0x800) {
      bytes[end++] = 0xc0 | (code >> 6);
      bytes[end++] = 0x80 | (code & 63);
    } else if (code < 0x10000) {
      bytes[end++] = 0xe0 | (code >> 12);
      bytes[end++] = 0x80 | ((code >> 6) & 63);
      bytes[end++] = 0x80 | (code & 63);
    } else {
      bytes[end++] = 0xf0 | (code >> 18);
      bytes[end++] = 0x80 | ((code >> 12) & 63);
      bytes[end++] = 0x80 | ((code >> 6) & 63);
      bytes[end++] = 0x80 | (code & 63);
    }
  }
  return bytes.slice(0, end);
}

const leads = [
  { mask: 0x80, lead: 0x00, more: 0, min: 0 },
  { mask: 0xe0, lead: 0xc0, more: 1, min: 0x80 },
  { mask: 0xf0, lead: 0xe0, more: 2, min: 0x800 },
  { mask: 0xf8, lead: 0xf0, more: 3, min: 0x10000 },
];

/** The text of UTF-8 bytes; what is not UTF-8 becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  const parts: string[] = [];
  let units: number[] = [];
  for (let i = 0; i < bytes.length; ) {
    const first = bytes[i] ?? 0;
    const form = leads.find(({ mask, lead }) => (first & mask) === lead);
    let code = form ? first & ~form.mask & 0xff : 0xfffd;
    let used = 1;
    for (; form && used <= form.more; used++) {
      const next = bytes[i + used];
      if (next === undefined || (next & 0xc0) !== 0x80) break;
      code = (code << 6) | (next & 63);
    }
    const complete = form !== undefined && used === form.more + 1 && code >= form.min && code <= 0x10ffff;
    if (!complete || (code >= 0xd800 && code <= 0xdfff)) code = 0xfffd;
    if (code > 0xffff) units.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff));
    else units.push(code);
    i += used;
    if (units.length > 8000) {
      parts.push(String.fromCharCode(...units));
      units = [];
    }
  }
  return parts.join('') + String.fromCharCode(...units);
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const alphabet = `${letters}+/`;
const urlAlphabet = `${letters}-_`;

/** Standard base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  return inAlphabet(bytes, alphabet) + '='.repeat((3 - (bytes.length % 3)) % 3);
}

/** Base64 for URLs and tokens, without padding. */
export function encodeBase64Url(bytes: Uint8Array): string {
  return inAlphabet(bytes, urlAlphabet);
}

function inAlphabet(bytes: Uint8Array, digits: string): string {
  const { length } = bytes;
  const units = new Uint8Array(Math.ceil((length * 4) / 3));
  for (let i = 0, at = 0; i < length; i += 3) {
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    // What is written behind the end of the units is lost, as it should be.
    units[at++] = digits.charCodeAt(word >> 18);
    units[at++] = digits.charCodeAt((word >> 12) & 63);
    units[at++] = digits.charCodeAt((word >> 6) & 63);
    units[at++] = digits.charCodeAt(word & 63);
  }
  return textOfUnits(units);
}

/** As many as one call of String.fromCharCode takes on every engine. */
const unitsMax = 8192;

/** The text of UTF-16 units. */
export function textOfUnits(units: readonly number[] | Uint8Array): string {
  if (units.length <= unitsMax) return textOfFew(units);
  const parts: string[] = [];
  for (let from = 0; from < units.length; from += unitsMax) parts.push(textOfFew(units.slice(from, from + unitsMax)));
  return parts.join('');
}

/** A list-like argument is taken as it is, where a spread would copy it number by number. */
function textOfFew(units: readonly number[] | Uint8Array): string {
  return Reflect.apply(String.fromCharCode, undefined, units);
}

/** The bytes of standard base64, or undefined where the text is none. Line breaks are passed over, as in Go. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const clean = text.replace(/[\r\n]/g, '');
  if (clean.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(clean)) return undefined;
  const bare = clean.replace(/=+$/, '');
  const bytes = new Uint8Array(Math.floor((bare.length * 3) / 4));
  for (let i = 0, end = 0, word = 0; i < bare.length; i++) {
    word = (word << 6) | alphabet.indexOf(bare.charAt(i));
    if (i % 4 === 0) continue;
    bytes[end++] = (word >> (6 - 2 * (i % 4))) & 0xff;
  }
  return bytes;
}

/** Several pieces as one. */
export function concatBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Order of two byte strings, as a sort wants it; 0: they are the same. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Whether a value fits into eight bits. */
export function isByte(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;
}
