// How etcdctl splits the lines that it reads into words, and takes the quotes off them.

/** `put "a key" 'a value'` is three words. */
export function splitWords(line: string): readonly string[] {
  const words = line.match(/"(?:[^"\\]|\\.)*"|'[^']*'|[^'"\s]\S*[^'"\s]?/g) ?? [];
  return words.map((word) => (word.startsWith("'") ? word.slice(1, -1) : word.startsWith('"') ? unquote(word) : word));
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** A double-quoted string of Go's. */
export function unquote(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([\s\S]))/g, (...found) => {
      const [, byte, short, long, octal, letter = ''] = found.map((part) =>
        part === undefined ? undefined : String(part),
      );
      const hexadecimal = byte ?? short ?? long;
      if (hexadecimal !== undefined) return String.fromCodePoint(Number.parseInt(hexadecimal, 16) % 0x11_0000);
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      return escapes[letter] ?? letter;
    });
}
