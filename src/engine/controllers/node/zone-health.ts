// How fast nodes of a zone may be tainted for eviction: slower or not at all where most of the zone is down, since
// then the network is more likely broken than the nodes.
export type ZoneState = 'normal' | 'partial' | 'full';

const partialShare = 0.55;
const partialLeast = 2;
const largeCluster = 50;
/** Nodes per second. */
const evictionRate = 0.1;
const largeClusterEvictionRate = 0.01;

export function zoneState(ready: number, notReady: number): ZoneState {
  if (ready === 0 && notReady > 0) return 'full';
  if (notReady > partialLeast && notReady / (ready + notReady) >= partialShare) return 'partial';
  return 'normal';
}

/** Nodes per second; 0: none. */
export function zoneRate(state: ZoneState, nodes: number): number {
  if (state !== 'partial') return evictionRate;
  return nodes > largeCluster ? largeClusterEvictionRate : 0;
}

/** A bucket of one token: the first node at once, the next after a pause. */
export class Pace {
  private nextAt = 0;

  take(now: number, rate: number): boolean {
    if (rate === 0 || now < this.nextAt) return false;
    this.nextAt = now + 1000 / rate;
    return true;
  }
}
