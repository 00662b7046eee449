// A unified diff of two lists of lines with three lines of context, as Python's difflib makes it (upstream uses its port).

const context = 3;
/** From this many lines on, lines that occur often are not used to find matches. */
const popularFrom = 200;

/** Hunks beginning with `@@ -1,3 +1,4 @@`; empty when nothing changed. */
export function lineDiff(a: readonly string[], b: readonly string[]): string {
  const out: string[] = [];
  for (const group of grouped(operations(a, b))) {
    const first = group[0];
    const last = group[group.length - 1];
    if (!first || !last) continue;
    out.push(`@@ -${range(first.a, last.aEnd)} +${range(first.b, last.bEnd)} @@\n`);
    for (const one of group) {
      if (one.same) for (const line of a.slice(one.a, one.aEnd)) out.push(` ${line}\n`);
      else {
        for (const line of a.slice(one.a, one.aEnd)) out.push(`-${line}\n`);
        for (const line of b.slice(one.b, one.bEnd)) out.push(`+${line}\n`);
      }
    }
  }
  return out.join('');
}

interface Operation {
  readonly same: boolean;
  readonly a: number;
  readonly aEnd: number;
  readonly b: number;
  readonly bEnd: number;
}

interface Match {
  readonly a: number;
  readonly b: number;
  readonly size: number;
}

function operations(a: readonly string[], b: readonly string[]): Operation[] {
  const made: Operation[] = [];
  let i = 0;
  let j = 0;
  for (const match of [...matches(a, b), { a: a.length, b: b.length, size: 0 }]) {
    if (i < match.a || j < match.b) made.push({ same: false, a: i, aEnd: match.a, b: j, bEnd: match.b });
    i = match.a + match.size;
    j = match.b + match.size;
    if (match.size > 0) made.push({ same: true, a: match.a, aEnd: i, b: match.b, bEnd: j });
  }
  return made;
}

/** Matching runs in order: the longest one, then what lies left and right of it. */
function matches(a: readonly string[], b: readonly string[]): readonly Match[] {
  const places = new Map<string, number[]>();
  for (const [j, line] of b.entries()) {
    const list = places.get(line);
    if (list) list.push(j);
    else places.set(line, [j]);
  }
  if (b.length >= popularFrom)
    for (const [line, list] of places) if (list.length > Math.floor(b.length / 100) + 1) places.delete(line);
  const found: Match[] = [];
  const queue = [{ a: 0, aEnd: a.length, b: 0, bEnd: b.length }];
  for (let part = queue.pop(); part; part = queue.pop()) {
    const match = longest({ a, b, places }, part);
    if (match.size === 0) continue;
    found.push(match);
    queue.push({ a: part.a, aEnd: match.a, b: part.b, bEnd: match.b });
    queue.push({ a: match.a + match.size, aEnd: part.aEnd, b: match.b + match.size, bEnd: part.bEnd });
  }
  found.sort((x, y) => x.a - y.a || x.b - y.b);
  return joined(found);
}

function joined(found: readonly Match[]): readonly Match[] {
  const runs: Match[] = [];
  for (const match of found) {
    const before = runs[runs.length - 1];
    if (before && before.a + before.size === match.a && before.b + before.size === match.b)
      runs[runs.length - 1] = { ...before, size: before.size + match.size };
    else runs.push(match);
  }
  return runs;
}

function longest(
  {
    a,
    b,
    places,
  }: {
    readonly a: readonly string[];
    readonly b: readonly string[];
    readonly places: ReadonlyMap<string, readonly number[]>;
  },
  part: Omit<Operation, 'same'>,
): Match {
  let best: Match = { a: part.a, b: part.b, size: 0 };
  let lengths = new Map<number, number>();
  for (let i = part.a; i < part.aEnd; i++) {
    const next = new Map<number, number>();
    for (const j of places.get(a[i] ?? '') ?? []) {
      if (j < part.b) continue;
      if (j >= part.bEnd) break;
      const size = (lengths.get(j - 1) ?? 0) + 1;
      next.set(j, size);
      if (size > best.size) best = { a: i - size + 1, b: j - size + 1, size };
    }
    lengths = next;
  }
  let { a: start, b: other, size } = best;
  while (start > part.a && other > part.b && a[start - 1] === b[other - 1]) {
    start--;
    other--;
    size++;
  }
  while (start + size < part.aEnd && other + size < part.bEnd && a[start + size] === b[other + size]) size++;
  return { a: start, b: other, size };
}

/** Operations with a little context each; far apart ones in groups of their own. */
function grouped(all: readonly Operation[]): readonly (readonly Operation[])[] {
  const groups: Operation[][] = [];
  let group: Operation[] = [];
  for (const [i, one] of all.entries()) {
    if (!one.same) {
      group.push(one);
      continue;
    }
    const isFirst = i === 0;
    const isLast = i === all.length - 1;
    const head = { ...one, aEnd: Math.min(one.aEnd, one.a + context), bEnd: Math.min(one.bEnd, one.b + context) };
    const tail = { ...one, a: Math.max(one.a, one.aEnd - context), b: Math.max(one.b, one.bEnd - context) };
    if (isFirst && isLast) break;
    if (isFirst) group.push(tail);
    else if (isLast) group.push(head);
    else if (one.aEnd - one.a > context * 2) {
      groups.push([...group, head]);
      group = [tail];
    } else group.push(one);
  }
  if (group.some((one) => !one.same)) groups.push(group);
  return groups;
}

function range(start: number, end: number): string {
  const length = end - start;
  if (length === 1) return String(start + 1);
  return `${length === 0 ? start : start + 1},${length}`;
}
