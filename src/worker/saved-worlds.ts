// Worlds that outlive their tab: a snapshot each, in the browser's database, taken while nobody has to wait for it.
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { LoggedInput, Session, SessionSnapshot } from '../driver/session.ts';
import { nap, steadyClock } from '../host.ts';

/** Bumped whenever an older snapshot can no longer be read. */
const format = 1;

export interface SavedWorld {
  readonly format: number;
  readonly snapshot: SessionSnapshot;
  /** How the world began and what came since: what a share link tells. */
  readonly seed: number;
  readonly startsAt: number;
  readonly log: readonly LoggedInput[];
}

interface Database extends DBSchema {
  worlds: { key: string; value: SavedWorld };
}

/** A place for one world; only one tab at a time has it. */
export interface WorldPlace {
  /** What was saved there; undefined: nothing that can be read. */
  load(): Promise<SavedWorld | undefined>;
  /** Saves a world from time to time, and whenever it is asked to. */
  keep(session: Session, beginning: Pick<SavedWorld, 'seed' | 'startsAt' | 'log'>): { saveNow(): void };
}

/** A tab that dies loses about this much. The first snapshot waits for the prompt. */
const saveEveryMs = 1000;
/** Snapshots may take this share of the worker's time at most. */
const shareOfTime = 0.05;
const lockWaitMs = 400;

/** Undefined: another tab has the world, or the browser keeps nothing. */
export async function worldPlace(key: string): Promise<WorldPlace | undefined> {
  try {
    if (!(await lock(key))) return undefined;
    const database = await openDB<Database>('tabernetes', 1, {
      upgrade: (fresh) => void fresh.createObjectStore('worlds'),
    });
    return {
      async load() {
        const saved = await database.get('worlds', key);
        return saved?.format === format ? saved : undefined;
      },
      keep: (session, beginning) => keep(database, { key, session, beginning }),
    };
  } catch {
    return undefined; // private windows and full disks: the world lives as long as its tab
  }
}

/** Held until the worker ends. */
function lock(key: string): Promise<boolean> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(lockWaitMs);
    navigator.locks
      .request(`tabernetes/${key}`, { signal }, () => {
        resolve(true);
        return new Promise(() => {});
      })
      .catch(() => resolve(false));
  });
}

interface Kept {
  readonly key: string;
  readonly session: Session;
  readonly beginning: Pick<SavedWorld, 'seed' | 'startsAt' | 'log'>;
}

function keep(database: IDBPDatabase<Database>, { key, session, beginning }: Kept): { saveNow(): void } {
  const { trace } = session.driver.simulation;
  let saved = -1;
  let wake = (): void => {};
  const run = async (): Promise<never> => {
    for (let pauseMs = saveEveryMs; ; ) {
      const sleep = nap(pauseMs);
      wake = sleep.wake;
      await sleep.done;
      if (trace.last === saved) continue;
      const before = steadyClock();
      saved = trace.last;
      const log = [...beginning.log, ...session.log];
      await database.put('worlds', { ...beginning, format, snapshot: session.snapshot(), log }, key);
      pauseMs = Math.max(saveEveryMs, (steadyClock() - before) / shareOfTime);
    }
  };
  run().catch(() => {}); // the disk is full: the world goes on, and is forgotten with its tab
  return { saveNow: () => wake() };
}
