// What happened so far, and the moment that is looked at.
import { create } from 'zustand';
import type { Cluster } from '../state/cluster.ts';
import { onVersions, showPast } from '../state/cluster-store.ts';
import { onSteps, useSession } from '../state/session-store.ts';
import { History } from './history.ts';
import { loadPast, recordPast } from './kept-past.ts';
import { PastPieces } from './past-pieces.ts';
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

/** What waits until the past of earlier visits is there; undefined afterwards. */
let waiting: (() => void)[] | undefined = [];
let past = new PastPieces();
/** Objects that earlier visits knew, by kind and uid, and their revision: told again, they are nothing new. */
const knownBefore = new Map<
  string,
  { readonly kind: keyof Cluster; readonly uid: string; readonly revision: string }
>();

function whenLoaded(run: () => void): void {
  if (waiting) waiting.push(run);
  else run();
}

/** Once the world is there: what earlier visits have recorded comes first. */
async function begin(): Promise<void> {
  const pieces = await loadPast();
  for (const { versions } of pieces) {
    for (const version of versions) {
      history.note(version);
      const { kind, uid, object } = version;
      if (object) knownBefore.set(`${kind}/${uid}`, { kind, uid, revision: revisionOf(object) });
      else knownBefore.delete(`${kind}/${uid}`);
    }
  }
  past = recordPast(pieces);
  useTimeline.setState({ ticks: pieces.flatMap(({ ticks }) => ticks).slice(-ticksMax) });
  const [first] = pieces.flatMap(({ versions }) => versions.slice(0, 1));
  if (first) useSession.setState({ startedAt: first.at });
  for (const run of waiting ?? []) run();
  waiting = undefined;
}

const stopWaiting = useSession.subscribe(({ session }) => {
  if (!session) return;
  stopWaiting();
  void begin();
});

function note(kind: keyof Cluster, uid: string, object: object | undefined): void {
  const revision = revisionOf(object);
  const before = knownBefore.get(`${kind}/${uid}`);
  knownBefore.delete(`${kind}/${uid}`);
  if (before && before.revision === revision) return;
  const version = { at: writtenAt.get(revision) ?? useSession.getState().now, kind, uid, object };
  history.note(version);
  past.note(version);
}

onVersions({
  version: (kind, uid, object) => whenLoaded(() => note(kind, uid, object)),
  listed: (kind) =>
    whenLoaded(() => {
      for (const known of [...knownBefore.values()]) if (known.kind === kind) note(kind, known.uid, undefined);
    }),
});

onSteps((steps) => {
  for (const { at, writes = [] } of steps) for (const { revision } of writes) writtenAt.set(String(revision), at);
  for (const revision of writtenAt.keys()) {
    if (writtenAt.size <= revisionsMax) break;
    writtenAt.delete(revision);
  }
  const more = steps.flatMap((step) => tickOf(step) ?? []);
  if (more.length === 0) return;
  whenLoaded(() => {
    for (const tick of more) past.tick(tick);
    useTimeline.setState(({ ticks }) => ({ ticks: [...ticks, ...more].slice(-ticksMax) }));
  });
});

function revisionOf(object: object | undefined): string {
  const metadata = object && 'metadata' in object ? object.metadata : undefined;
  const known = typeof metadata === 'object' && metadata !== null && 'resourceVersion' in metadata;
  return known ? String(metadata.resourceVersion) : '';
}

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
