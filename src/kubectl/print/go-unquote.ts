// Go's strconv.Unquote.

const escapes: Readonly<Record<string, string>> = {
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
export function unquoteGo(quoted: string): string | undefined {
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
      if (Object.hasOwn(escapes, short)) return escapes[short] ?? '';
      bad = true;
      return '';
    },
  );
  return bad ? undefined : text;
}
