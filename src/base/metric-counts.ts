// What a component counts while it works, kept so that counting costs next to nothing: numbers by the text of their
// labels, made into series (metrics-text.ts) only when somebody asks.
import { goFloat, type Series } from './metrics-text.ts';

/** Counts by their labels, as labelText writes them. */
export class Counts {
  private readonly values = new Map<string, number>();

  add(labels: string, by = 1): void {
    this.values.set(labels, (this.values.get(labels) ?? 0) + by);
  }

  series(): readonly Series[] {
    return inOrder(this.values).map(([labels, value]) => ({ labels, value }));
  }
}

/** How values are spread: each bucket counts those up to its bound, one more the rest. */
export class Histogram {
  private readonly counts: Float64Array;
  private sum = 0;

  constructor(private readonly bounds: readonly number[]) {
    this.counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number, times = 1): void {
    const bucket = this.bucketOf(value);
    this.counts[bucket] = (this.counts[bucket] ?? 0) + times;
    this.sum += value * times;
  }

  get count(): number {
    let count = 0;
    for (const each of this.counts) count += each;
    return count;
  }

  /** Adds what another has observed, whose bounds may be finer. */
  addAll({ bounds, counts, sum }: Histogram): void {
    for (const [bucket, count] of counts.entries()) {
      const place = this.bucketOf(bounds[bucket] ?? Number.POSITIVE_INFINITY);
      this.counts[place] = (this.counts[place] ?? 0) + count;
    }
    this.sum += sum;
  }

  series(labels = ''): readonly Series[] {
    const before = labels === '' ? '' : `${labels},`;
    const named = labels === '' ? {} : { labels };
    let count = 0;
    const buckets = [...this.bounds, Number.POSITIVE_INFINITY].map((bound, index): Series => {
      count += this.counts[index] ?? 0;
      return { suffix: '_bucket', labels: `${before}le="${goFloat(bound)}"`, value: count };
    });
    return [...buckets, { suffix: '_sum', ...named, value: this.sum }, { suffix: '_count', ...named, value: count }];
  }

  private bucketOf(value: number): number {
    const { bounds } = this;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] ?? Number.POSITIVE_INFINITY)) bucket++;
    return bucket;
  }
}

/** Histograms by their labels, all of one family. */
export class Histograms {
  private readonly byLabels = new Map<string, Histogram>();

  constructor(private readonly bounds: readonly number[]) {}

  /** The one of these labels: worth keeping where it is observed often. */
  of(labels: string): Histogram {
    const known = this.byLabels.get(labels);
    if (known) return known;
    const made = new Histogram(this.bounds);
    this.byLabels.set(labels, made);
    return made;
  }

  series(): readonly Series[] {
    return inOrder(this.byLabels).flatMap(([labels, histogram]) => histogram.series(labels));
  }
}

/** Bounds that each are a factor apart: `exponentialBounds(0.001, 2, 15)` goes from a millisecond to 16 seconds. */
export function exponentialBounds(first: number, factor: number, count: number): readonly number[] {
  const bounds: number[] = [];
  for (let bound = first; bounds.length < count; bound *= factor) bounds.push(bound);
  return bounds;
}

function inOrder<T>(values: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...values].sort(([a], [b]) => (a < b ? -1 : 1));
}
