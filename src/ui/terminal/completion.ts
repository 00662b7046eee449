// What a Tab does with the words that fit: puts in what they share, or lists them.
import type { Candidates } from '../../worker/messages.ts';

export interface Completed {
  /** What to put in at the cursor. */
  readonly insert: string;
  /** What to list below the line, when there is a choice and nothing to put in. */
  readonly list: readonly string[];
}

/** `typed`: the text before the cursor that the candidates were asked for. */
export function complete(typed: string, { from, words }: Candidates): Completed {
  const [first] = words;
  if (first === undefined) return { insert: '', list: [] };
  const shared = words.reduce((kept, word) => commonStart(kept, word), first);
  const insert = shared.slice(typed.length - from);
  return { insert, list: insert === '' && words.length > 1 ? words.map((word) => word.trimEnd()) : [] };
}

/** Words in columns from top to bottom, as bash lists them. */
export function inColumns(words: readonly string[], columns: number): string {
  const width = Math.max(...words.map((word) => word.length)) + 2;
  const across = Math.max(1, Math.floor(columns / width));
  const rows = Math.ceil(words.length / across);
  return Array.from({ length: rows }, (_row, row) =>
    words
      .filter((_word, i) => i % rows === row)
      .map((word) => word.padEnd(width))
      .join('')
      .trimEnd(),
  ).join('\n');
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}
