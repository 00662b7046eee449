// Go's strconv.Quote and Unquote.

const escapes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

/** Go's strconv.Quote: `a"b` becomes `"a\"b"`; what cannot be printed becomes \x.., \u.... or \U......... */
export function quote(text: string): string {
  if (/^[ !#-[\]-~]*$/.test(text)) return `"${text}"`;
  let quoted = '';
  for (const character of text)
    quoted += escapes[character] ?? (isPrintable(character) ? character : escapeRune(character));
  return `"${quoted}"`;
}

/** Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the plain space. */
export function isPrintable(character: string): boolean {
  return character === ' ' || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character);
}

function escapeRune(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code >= 0xd800 && code < 0xe000) return '\\ufffd';
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}

const unescapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** The text of a Go literal in ", ` or ', or undefined where it is malformed. */
export function unquote(quoted: string): string | undefined {
  const quote = quoted.charAt(0);
  const inner = quoted.slice(1, -1);
  if (quote === '`') return inner.replaceAll('\r', '');
  let bad = false;
  const text = inner.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([\s\S]|$))/g,
    (_, hex?: string, four?: string, eight?: string, octal?: string, short = '') => {
      const digits = hex ?? four ?? eight;
      if (digits !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(digits, 16), 0x10ffff));
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      if (short === quote) return quote;
      if (Object.hasOwn(unescapes, short)) return unescapes[short] ?? '';
      bad = true;
      return '';
    },
  );
  return bad ? undefined : text;
}
