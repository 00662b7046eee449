// Texts that name indexes of a Job's pods: `1,3-5`.
import { quote } from '../../base/go/quote.ts';

type Interval = readonly [from: number, to: number];

/** How many indexes a text such as `1,3-5` names, or why it names none. */
export function countIndexes(text: string, completions: number): number | string {
  if (text === '') return 0;
  let total = 0;
  let last = -1;
  for (const part of text.split(',')) {
    const interval = parseInterval(part, completions);
    if (typeof interval === 'string') return interval;
    const [from, to] = interval;
    if (last >= from) return `non-increasing order, previous: ${last}, current: ${from}`;
    total += to - from + 1;
    last = to;
  }
  return total;
}

/** The first index that two texts both name; what cannot be read names none. */
export function sharedIndex(first: string, second: string, completions: number): number | undefined {
  const [ones, others] = [intervalsOf(first, completions), intervalsOf(second, completions)];
  for (let i = 0, j = 0; ; ) {
    const [one, other] = [ones[i], others[j]];
    if (!one || !other) return undefined;
    if (one[0] <= other[1] && other[0] <= one[1]) return Math.max(one[0], other[0]);
    if (one[0] <= other[0]) i++;
    else j++;
  }
}

function intervalsOf(text: string, completions: number): readonly Interval[] {
  return text.split(',').flatMap((part) => {
    const interval = parseInterval(part, completions);
    return typeof interval === 'string' ? [] : [interval];
  });
}

function parseInterval(part: string, completions: number): Interval | string {
  const limits = part.split('-');
  if (limits.length > 2) {
    const rule = "the requirement that an index interval can have at most two parts separated by '-'";
    return `the fragment ${quote(part)} violates ${rule}`;
  }
  for (const limit of limits) {
    if (!/^\+?\d{1,400}$/.test(limit) || BigInt(limit.replace('+', '')) > integerMax)
      return `cannot convert string to integer for index: ${quote(limit)}`;
    if (Number(limit) >= completions) return `too large index: ${quote(limit)}`;
  }
  const [from = 0, to = from] = limits.map(Number);
  if (limits.length > 1 && from >= to) return `non-increasing order, previous: ${from}, current: ${to}`;
  return [from, to];
}

/** Go's. */
const integerMax = 2n ** 63n - 1n;
