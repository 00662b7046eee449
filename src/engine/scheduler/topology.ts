// Which value of a topology key each node has, as numbers by slot; made once and kept until nodes change.
import type { SchedulerCache } from './cache.ts';

export interface Topology {
  /** Index into `values` by slot; −1 where the node has no such label. */
  readonly ids: Int32Array;
  readonly values: readonly string[];
}

const keysMax = 64;

export class Topologies {
  private readonly byKey = new Map<string, Topology>();
  private epoch = 0;

  constructor(private readonly cache: SchedulerCache) {}

  of(key: string): Topology {
    if (this.epoch !== this.cache.topologyEpoch || this.byKey.size > keysMax) {
      this.epoch = this.cache.topologyEpoch;
      this.byKey.clear();
    }
    const known = this.byKey.get(key);
    if (known) return known;
    const made = this.make(key);
    this.byKey.set(key, made);
    return made;
  }

  private make(key: string): Topology {
    const ids = new Int32Array(this.cache.slotsMax()).fill(-1);
    const values: string[] = [];
    const known = new Map<string, number>();
    for (const node of this.cache.nodeList()) {
      const value = node.label(key);
      if (value === undefined) continue;
      const id = known.get(value) ?? values.push(value) - 1;
      known.set(value, id);
      ids[node.slot] = id;
    }
    return { ids, values };
  }
}
