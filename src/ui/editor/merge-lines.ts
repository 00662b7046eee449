// Brings two changes of one text together, line by line: what only one of them has changed is as that one has it.
//
//   base  a b c d      mine  a B c d      theirs  a b c D E      merged  a B c D E
import { diffArrays } from 'diff';

export interface Merged {
  readonly text: string;
  /** Places that both have changed, each in its own way; there the merged text is mine. */
  readonly overlaps: number;
}

/** Lines `from` to `to` (not included) of the base have become these. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

export function mergeLines(base: string, mine: string, theirs: string): Merged {
  const lines = base.split('\n');
  const ours = editsOf(lines, mine.split('\n'));
  const others = editsOf(lines, theirs.split('\n'));
  const free = others.filter((edit) => !ours.some((own) => meet(own, edit)));
  const overlaps = others.filter((edit) => ours.some((own) => meet(own, edit) && !same(own, edit))).length;
  const merged: string[] = [];
  let at = 0;
  for (const { from, to, lines: changed } of [...ours, ...free].sort((a, b) => a.from - b.from || a.to - b.to)) {
    merged.push(...lines.slice(at, from), ...changed);
    at = to;
  }
  return { text: [...merged, ...lines.slice(at)].join('\n'), overlaps };
}

function editsOf(base: readonly string[], changed: readonly string[]): readonly Edit[] {
  const edits: Edit[] = [];
  let at = 0;
  let open: { from: number; lines: string[] } | undefined;
  for (const { added, removed, value } of diffArrays([...base], [...changed])) {
    if (added || removed) open ??= { from: at, lines: [] };
    else if (open) {
      edits.push({ ...open, to: at });
      open = undefined;
    }
    if (added) open?.lines.push(...value);
    else at += value.length;
  }
  if (open) edits.push({ ...open, to: at });
  return edits;
}

/** They change the same lines, or put something into the same place. */
function meet(a: Edit, b: Edit): boolean {
  if (a.from === b.from) return true;
  return a.from < b.to && b.from < a.to;
}

function same(a: Edit, b: Edit): boolean {
  return a.from === b.from && a.to === b.to && a.lines.join('\n') === b.lines.join('\n');
}
