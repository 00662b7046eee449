// The order in which Go and UTF-8 have texts.

/** Order of Go's sort of strings: by UTF-8 bytes, which is by code point. */
export function byBytes(a: string, b: string): number {
  if (a === b) return 0;
  for (let i = 0; ; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    if (Number.isNaN(x)) return -1;
    if (Number.isNaN(y)) return 1;
    const surrogates = (x >= 0xd800 && x <= 0xdfff) !== (y >= 0xd800 && y <= 0xdfff);
    return surrogates ? ((a.codePointAt(i) ?? 0) < (b.codePointAt(i) ?? 0) ? -1 : 1) : x < y ? -1 : 1;
  }
}
