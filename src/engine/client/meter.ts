// What one process of a cluster counts of its own work, and who tells of it when somebody asks for its metrics.
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
  /** The families that are its own. */
  families: () => readonly MetricFamily[] = () => [];

  /** `scope`: the process's. */
  constructor(readonly scope: Scope) {
    this.startedAt = scope.now;
  }
}
