// What metrics-server keeps: the last two measurements of each node and container, from which usage follows.
//
//   scrape at 12:00:00  web: 3.10 s of CPU        prev
//   scrape at 12:00:15  web: 3.25 s of CPU        last     ─▶  0.15 s in 15 s: 10m

import { Quantity } from '../../../../api/quantity.ts';
import { goDuration } from '../../../../base/go-duration.ts';
import { formatTime } from '../../../../base/time.ts';

export interface Point {
  readonly startedAt: number;
  readonly at: number;
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
}

/** One round's measurements: of nodes by name, of containers by `NAMESPACE/POD` and name. */
export interface Batch {
  readonly nodes: ReadonlyMap<string, Point>;
  readonly pods: ReadonlyMap<string, ReadonlyMap<string, Point>>;
}

/** As the metrics API writes it. */
export interface Usage {
  readonly timestamp: string;
  readonly window: string;
  readonly usage: { readonly cpu: string; readonly memory: string };
}

interface Pair {
  readonly last: Point;
  readonly prev: Point | undefined;
}

/** A container must be that old before its start counts as a measurement. */
const freshMs = 10_000;

export class UsagePoints {
  private nodes: ReadonlyMap<string, Pair> = new Map();
  private pods: ReadonlyMap<string, ReadonlyMap<string, Pair>> = new Map();

  constructor(private readonly resolutionMs: number) {}

  /** Whether there is anything to serve. */
  get ready(): boolean {
    return [...this.nodes.values()].some(({ prev }) => prev) || [...this.pods.values()].some(hasUsage);
  }

  store(batch: Batch): void {
    const { nodes, pods } = this;
    this.nodes = new Map(
      [...batch.nodes].map(([name, last]) => [name, { last, prev: previous(nodes.get(name), last) }]),
    );
    this.pods = new Map(
      [...batch.pods].map(([pod, containers]) => {
        const old = pods.get(pod);
        const pairs = [...containers].map(
          ([name, last]) => [name, { last, prev: this.fresh(last) ?? previous(old?.get(name), last) }] as const,
        );
        return [pod, new Map(pairs)];
      }),
    );
  }

  node(name: string): Usage | undefined {
    return usageOf(this.nodes.get(name));
  }

  /** Of each container; undefined unless there is something for all of them. */
  pod(key: string): readonly (Usage & { readonly name: string; readonly at: number })[] | undefined {
    const found: (Usage & { readonly name: string; readonly at: number })[] = [];
    for (const [name, pair] of this.pods.get(key) ?? []) {
      const usage = usageOf(pair);
      if (!usage) return undefined;
      found.push({ name, at: pair.last.at, ...usage });
    }
    return found.length > 0 ? found : undefined;
  }

  /** A container that began within this round: it had used nothing when it did. */
  private fresh(last: Point): Point | undefined {
    const age = last.at - last.startedAt;
    return age >= freshMs && age < this.resolutionMs ? { ...last, at: last.startedAt, cpuSeconds: 0 } : undefined;
  }
}

function hasUsage(containers: ReadonlyMap<string, Pair>): boolean {
  return [...containers.values()].some(({ prev }) => prev);
}

/** What was measured before, unless it began anew since. */
function previous(pair: Pair | undefined, last: Point): Point | undefined {
  if (!pair || last.startedAt >= pair.last.at) return undefined;
  if (last.at > pair.last.at) return pair.last;
  return pair.prev && pair.prev.at < last.at ? pair.prev : undefined;
}

function usageOf(pair: Pair | undefined): Usage | undefined {
  if (!pair?.prev) return undefined;
  const { last, prev } = pair;
  const windowMs = last.at - prev.at;
  const nanos = Math.floor(((last.cpuSeconds - prev.cpuSeconds) * 1e9) / (windowMs / 1000));
  if (windowMs <= 0 || nanos < 0) return undefined;
  return {
    timestamp: formatTime(last.at),
    window: goDuration(windowMs),
    usage: { cpu: new Quantity(BigInt(nanos)).toString(), memory: Quantity.of(last.memoryBytes, 'binary').toString() },
  };
}
