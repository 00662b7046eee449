// The session that the page shows: its worker, its time and pace, and who listens to its trace.
import { create } from 'zustand';
import type { WireStep, WorldChoice } from '../../worker/messages.ts';
import { openSession, type RemoteSession } from '../../worker/page-side.ts';
import { noteLine, openWindow } from './desktop.ts';

export interface SessionState {
  /** Set once the cluster is Ready. */
  readonly session: RemoteSession | undefined;
  /** The name that the world is saved under; undefined: it is not. */
  readonly worldKey: string | undefined;
  /** It goes on from where an earlier visit left it. */
  readonly restored: boolean;
  /** It was asked to begin anew, whatever there was before. */
  readonly fresh: boolean;
  /** What kind of world it is, e.g. `3-node`. */
  readonly profile: string;
  /** A link brought it about. */
  readonly shared: boolean;
  /** The machine of each process that several have and one leads. */
  readonly leaders: Readonly<Record<string, string>>;
  readonly startedAt: number;
  readonly now: number;
  /** Virtual seconds a real second; 0 while paused. */
  readonly speed: number;
  readonly fault: string | undefined;
}

export const useSession = create<SessionState>(() => ({
  session: undefined,
  worldKey: undefined,
  restored: false,
  fresh: false,
  profile: '',
  leaders: {},
  shared: false,
  startedAt: 0,
  now: 0,
  speed: 1,
  fault: undefined,
}));

type StepListener = (steps: readonly WireStep[]) => void;
const stepListeners = new Set<StepListener>();

/** Hears the trace from now on. Returns how to stop. */
export function onSteps(listener: StepListener): () => void {
  stepListeners.add(listener);
  return () => stepListeners.delete(listener);
}

/** Starts a world in a worker; call it once. */
export function startWorld(world: WorldChoice): void {
  useSession.setState({ profile: world.profile, shared: world.share !== undefined, fresh: world.fresh === true });
  const session = openSession(world, {
    onReady: ({ now, restored }) =>
      useSession.setState({ session, startedAt: now, now, restored, worldKey: world.key }),
    onLeaders: (leaders) => useSession.setState({ leaders }),
    onClock: ({ now, speed }) => useSession.setState({ now, speed }),
    onSteps: (steps) => {
      for (const listener of stepListeners) listener(steps);
    },
    onOpen: openWindow,
    onRan: noteLine,
    onFault: (fault) => useSession.setState({ fault }),
  });
  addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') session.save();
  });
}
