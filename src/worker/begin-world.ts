// Begins the page's world: a saved one, a shared one, or a new one; and packs it for sharing.
import { type LoggedInput, type Session, startSession } from '../driver/session.ts';
import { isProfile, type ProfileName } from '../engine/profiles.ts';
import * as host from '../host.ts';
import type { WorldChoice } from './messages.ts';

/** How a world began, and what came before this visit. */
export interface Beginning {
  readonly profile: string;
  readonly seed: number;
  readonly startsAt: number;
  readonly log: readonly LoggedInput[];
}

export interface BegunWorld {
  readonly running: Session;
  readonly beginning: Beginning;
  readonly restored: boolean;
  /** Undefined where nothing is saved. */
  readonly saving: { saveNow(): void } | undefined;
}

export async function beginWorld(choice: WorldChoice, onFault: (error: unknown) => void): Promise<BegunWorld> {
  if (choice.share !== undefined) return shared(choice.share, onFault);
  const place = choice.key === undefined ? undefined : await (await saves()).worldPlace(choice.key);
  const saved = choice.fresh ? undefined : await place?.load();
  const profile = checked(choice.profile);
  if (saved && place) {
    const beginning = { profile, seed: saved.seed, startsAt: saved.startsAt, log: saved.log };
    try {
      const running = await startSession({ ...beginning, ...common(onFault), profile, snapshot: saved.snapshot });
      return { running, beginning, restored: true, saving: place.keep(running, beginning) };
    } catch {
      // a snapshot of an older kind of world: this one begins anew
    }
  }
  const beginning = { profile, seed: choice.seed, startsAt: host.wallClock(), log: [] };
  const running = await startSession({ ...beginning, ...common(onFault), profile, early: true });
  for (const text of choice.setup ?? []) await running.driver.runUntil(running.input({ kind: 'line', text }));
  return { running, beginning, restored: false, saving: place?.keep(running, beginning) };
}

/** What a share link carries of a world as it is now. */
export async function share(session: Session, beginning: Beginning): Promise<string> {
  const { encodeShare } = await links();
  const until = session.driver.simulation.now;
  return encodeShare({ ...beginning, log: [...beginning.log, ...session.log], until });
}

async function shared(text: string, onFault: (error: unknown) => void): Promise<BegunWorld> {
  const { decodeShare } = await links();
  const { log, until, ...beginning } = decodeShare(text);
  const running = await startSession({ ...beginning, ...common(onFault), profile: checked(beginning.profile) });
  for (const { at, input } of log) {
    await running.driver.runTo(at);
    running.input(input).catch(() => {}); // what failed there fails here, and shows as it did
  }
  await running.driver.runTo(until);
  return { running, beginning: { ...beginning, log: [] }, restored: true, saving: undefined };
}

function common(onFault: (error: unknown) => void) {
  return { host, onFault, terminals: true, journal: true };
}

function checked(profile: string): ProfileName {
  if (!isProfile(profile)) throw new Error(`there is no profile ${JSON.stringify(profile)}`);
  return profile;
}

const saves = () => import('./saved-worlds.ts');
const links = () => import('./share-link.ts');
