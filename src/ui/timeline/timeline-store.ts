// What happened so far, and the moment that is looked at.
import { create } from 'zustand';
import { onVersions, showPast } from '../state/cluster-store.ts';
import { onSteps, useSession } from '../state/session-store.ts';
import { History } from './history.ts';
import { type Tick, tickOf } from './ticks.ts';

export interface TimelineState {
  readonly ticks: readonly Tick[];
  /** The moment that is looked back at; undefined: now. */
  readonly moment: number | undefined;
}

const ticksMax = 5000;

export const useTimeline = create<TimelineState>(() => ({ ticks: [], moment: undefined }));

const history = new History();
/** When a revision was written, as the trace tells: watches are a little late. */
const writtenAt = new Map<string, number>();
const revisionsMax = 20_000;

onVersions((kind, uid, object) => {
  const metadata = object?.metadata;
  const revision =
    typeof metadata === 'object' && metadata !== null && 'resourceVersion' in metadata ? metadata.resourceVersion : '';
  const known = writtenAt.get(String(revision));
  history.note({ at: known ?? useSession.getState().now, kind, uid, object });
});

onSteps((steps) => {
  for (const { at, writes = [] } of steps) for (const { revision } of writes) writtenAt.set(String(revision), at);
  for (const revision of writtenAt.keys()) {
    if (writtenAt.size <= revisionsMax) break;
    writtenAt.delete(revision);
  }
  const more = steps.flatMap((step) => tickOf(step) ?? []);
  if (more.length > 0) useTimeline.setState(({ ticks }) => ({ ticks: [...ticks, ...more].slice(-ticksMax) }));
});

/** Looks back at a moment; undefined: comes back to now. Nothing in the cluster changes. */
export function lookAt(moment: number | undefined): void {
  showPast(moment === undefined ? undefined : history.at(moment));
  useTimeline.setState({ moment });
  document.documentElement.toggleAttribute('data-past', moment !== undefined);
}

/** From when on one can look back. */
export function knownSince(): number {
  return history.since ?? useSession.getState().startedAt;
}
