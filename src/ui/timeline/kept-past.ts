// Keeps what the timeline has recorded with the saved world, and brings it back.
import { nap } from '../../host.ts';
import { keepPast, keptPast } from '../state/kept-with-world.ts';
import { useSession } from '../state/session-store.ts';
import { nothing, type PastPiece, PastPieces } from './past-pieces.ts';

/** Real milliseconds between two writes. */
const writeMs = 1500;

/** What an earlier visit recorded of the world that goes on; nothing that came after it was saved. */
export async function loadPast(): Promise<readonly PastPiece[]> {
  const { worldKey, restored, startedAt } = useSession.getState();
  if (worldKey === undefined || !restored) return [];
  const pieces = await keptPast(worldKey);
  return pieces.map(({ number, versions, ticks }) => ({
    number,
    versions: versions.filter(({ at }) => at <= startedAt),
    ticks: ticks.filter(({ at }) => at <= startedAt),
  }));
}

/** Writes what is noted from time to time, and when the page may be gone soon. */
export function recordPast(before: readonly PastPiece[]): PastPieces {
  const past = new PastPieces(before);
  const { worldKey } = useSession.getState();
  if (worldKey === undefined) return past;
  const write = async (): Promise<void> => {
    const changes = past.take();
    if (changes) await keepPast(worldKey, changes);
  };
  const run = async (): Promise<never> => {
    if (before.length === 0) await keepPast(worldKey, nothing); // what is there is another world's
    for (;;) {
      await nap(writeMs).done;
      await write();
    }
  };
  void run();
  addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void write();
  });
  return past;
}
