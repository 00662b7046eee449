// How etcdctl splits the lines that it reads into words, and takes the quotes off them.
import { unquote } from '../../base/go/quote.ts';

/** `put "a key" 'a value'` is three words. */
export function splitWords(line: string): readonly string[] {
  const words = line.match(/"(?:[^"\\]|\\.)*"|'[^']*'|[^'"\s]\S*[^'"\s]?/g) ?? [];
  return words.map((word) =>
    word.startsWith("'") ? word.slice(1, -1) : word.startsWith('"') ? (unquote(word) ?? word) : word,
  );
}
