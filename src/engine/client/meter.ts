// What one process of a cluster counts of its own work, and who tells of it when somebody asks for its metrics.
import { Counts, Histogram } from '../../base/metric-counts.ts';
import type { MetricFamily } from '../../base/metrics-text.ts';
import type { Scope } from '../sim/scope.ts';
import { CallTally } from './call-tally.ts';
import type { InformerFactory } from './informer.ts';
import type { WorkQueue } from './workqueue.ts';

export class Meter {
  readonly startedAt: number;
  readonly calls = new CallTally();
  /** Its work queues by the names of their controllers. */
  readonly queues = new Map<string, WorkQueue>();
  /** Leases that it stands for, and whether it holds them. */
  readonly leases = new Map<string, boolean>();
  /** What it knows of the cluster's objects. */
  informers: InformerFactory | undefined;
  /** What its controllers count themselves, by the names of the families. */
  private readonly counted = new Map<string, Counts>();
  private readonly spread = new Map<string, Histogram>();
  /** The families that are its own. */
  families: () => readonly MetricFamily[] = () => [];

  /** `scope`: the process's. */
  constructor(readonly scope: Scope) {
    this.startedAt = scope.now;
  }

  counts(family: string): Counts {
    const known = this.counted.get(family);
    if (known) return known;
    const made = new Counts();
    this.counted.set(family, made);
    return made;
  }

  histogram(family: string, bounds: readonly number[]): Histogram {
    const known = this.spread.get(family);
    if (known) return known;
    const made = new Histogram(bounds);
    this.spread.set(family, made);
    return made;
  }
}
