// What the page keeps beside a saved world, under the world's name, in the browser's database: screens of terminals,
// what is open in the editor, and what the timeline has recorded, in pieces.
import { type DBSchema, openDB } from 'idb';
import type { PastChanges, PastPiece } from '../timeline/past-pieces.ts';
import type { EditedDocument } from './editor-store.ts';

interface Database extends DBSchema {
  screens: { key: string; value: readonly string[] };
  documents: { key: string; value: readonly KeptDocument[] };
  /** By world and number. */
  past: { key: [string, number]; value: PastPiece };
}

export type KeptDocument = Pick<EditedDocument, 'id' | 'title' | 'origin' | 'text' | 'saved'>;

type Store = 'screens' | 'documents';

const database = openDB<Database>('tabernetes-page', 2, {
  upgrade: (fresh, oldVersion) => {
    if (oldVersion < 1) for (const store of ['screens', 'documents'] as const) fresh.createObjectStore(store);
    fresh.createObjectStore('past');
  },
});
database.catch(() => {}); // a browser that keeps nothing: each use below finds out

export async function keep<S extends Store>(store: S, world: string, value: Database[S]['value']): Promise<void> {
  try {
    await (await database).put(store, value, world);
  } catch {
    // the page forgets it with its tab
  }
}

export async function kept<S extends Store>(store: S, world: string): Promise<Database[S]['value'] | undefined> {
  try {
    return await (await database).get(store, world);
  } catch {
    return undefined;
  }
}

/** Writes pieces, and forgets those before the first that stays. */
export async function keepPast(world: string, { pieces, first }: PastChanges): Promise<void> {
  try {
    const { store, done } = (await database).transaction('past', 'readwrite');
    await store.delete(IDBKeyRange.bound([world, 0], [world, first], false, true));
    for (const piece of pieces) await store.put(piece, [world, piece.number]);
    await done;
  } catch {
    // as above
  }
}

export async function keptPast(world: string): Promise<readonly PastPiece[]> {
  try {
    return await (await database).getAll('past', IDBKeyRange.bound([world, 0], [world, Number.MAX_SAFE_INTEGER]));
  } catch {
    return [];
  }
}
