// $'…' and the backslash escapes that echo -e, printf and tr share.
import type { Scanner } from './scanner.ts';

const simple: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** `$'…'` at the scanner's place; consumes it. */
export function parseAnsiString(scanner: Scanner): string {
  let text = '';
  for (scanner.at += 2; scanner.char !== "'"; ) {
    if (scanner.ended) scanner.fail({ kind: 'unterminated', detail: "'", incomplete: true });
    if (scanner.char !== '\\') {
      text += scanner.char;
      scanner.at++;
      continue;
    }
    const found = readEscape(scanner.text, scanner.at, { octalNeedsZero: false });
    text += found.text;
    scanner.at += found.length;
  }
  scanner.at++;
  return text;
}

/**
 * The escape that begins with the backslash at `at`. Bytes above 127 (`\xff`, `\377`) come as U+F700 + byte, which
 * encodeOutput() turns into the byte itself. `stop` is set for `\c`.
 */
export function readEscape(
  text: string,
  at: number,
  options: { readonly octalNeedsZero: boolean },
): { readonly text: string; readonly length: number; readonly stop?: boolean } {
  const next = text.charAt(at + 1);
  const rest = text.slice(at + 1, at + 10);
  if (next === 'c' && options.octalNeedsZero) return { text: '', length: 2, stop: true };
  if (Object.hasOwn(simple, next)) return { text: simple[next] ?? '', length: 2 };
  const hex = /^x([0-9a-fA-F]{1,2})/.exec(rest);
  if (hex) return { text: byteText(Number.parseInt(hex[1] ?? '', 16)), length: hex[0].length + 1 };
  const octal = (options.octalNeedsZero ? /^0([0-7]{0,3})/ : /^([0-7]{1,3})/).exec(rest);
  if (octal) return { text: byteText(Number.parseInt(octal[1] || '0', 8) & 0xff), length: octal[0].length + 1 };
  const unicode = /^(?:u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/.exec(rest);
  if (unicode) {
    const code = Number.parseInt(unicode[1] ?? unicode[2] ?? '', 16);
    return { text: code <= 0x10ffff ? String.fromCodePoint(code) : '', length: unicode[0].length + 1 };
  }
  if (next === '"' || next === "'" || next === '?')
    return { text: options.octalNeedsZero ? `\\${next}` : next, length: 2 };
  return { text: `\\${next}`, length: next === '' ? 1 : 2 };
}

const rawBytes = 0xf700;

/** A text that encodeOutput() makes this one byte. */
export function byteText(byte: number): string {
  return String.fromCharCode(byte < 0x80 ? byte : rawBytes + byte);
}

/** UTF-16 text in which U+F780 to U+F7FF stand for single bytes, as bytes. */
export function splitRawBytes(text: string, encode: (text: string) => Uint8Array): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (const piece of text.split(/([\uf780-\uf7ff])/)) {
    const code = piece.length === 1 ? piece.charCodeAt(0) : 0;
    if (code >= rawBytes + 0x80 && code <= rawBytes + 0xff) pieces.push(new Uint8Array([code - rawBytes]));
    else if (piece !== '') pieces.push(encode(piece));
  }
  return pieces;
}
