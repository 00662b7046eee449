// What a write changed, as lines of YAML: those that went, those that came, and a few around them.
import { diffLines } from 'diff';

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed' | 'gap';
  readonly text: string;
  /** Line numbers tell lines apart. */
  readonly at: number;
}

/** Lines that did not change, shown around those that did. */
const around = 2;
/** Fields that change with every write and say nothing. */
const noise = /^ {2}(resourceVersion|managedFields|uid):/;

export function objectDiff(before: string | undefined, after: string | undefined): readonly DiffLine[] {
  const lines = diffLines(before ?? '', after ?? '').flatMap(({ value, added, removed }) =>
    value
      .replace(/\n$/, '')
      .split('\n')
      .map((text) => ({ kind: added ? 'added' : removed ? 'removed' : 'same', text }) as const),
  );
  const told = lines.flatMap((line, at) => (noise.test(line.text) || line.text === '' ? [] : [{ ...line, at }]));
  if (before === undefined || after === undefined) return told;
  return told.flatMap((line, i): readonly DiffLine[] => {
    const near = told.slice(Math.max(0, i - around), i + around + 1).some(({ kind }) => kind !== 'same');
    if (near) return [line];
    const last = told[i - 1];
    const beforeNear =
      last === undefined || told.slice(Math.max(0, i - 1 - around), i + around).some(({ kind }) => kind !== 'same');
    return beforeNear && i > 0 ? [{ kind: 'gap', text: '…', at: line.at }] : [];
  });
}
