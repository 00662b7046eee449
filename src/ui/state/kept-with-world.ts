// What the page keeps beside a saved world, under the world's name, in the browser's database: screens of terminals and
// what is open in the editor.
import { type DBSchema, openDB } from 'idb';
import type { EditedDocument } from './editor-store.ts';

interface Database extends DBSchema {
  screens: { key: string; value: readonly string[] };
  documents: { key: string; value: readonly KeptDocument[] };
}

export type KeptDocument = Pick<EditedDocument, 'id' | 'title' | 'origin' | 'text' | 'saved'>;

type Store = 'screens' | 'documents';

const database = openDB<Database>('tabernetes-page', 1, {
  upgrade: (fresh) => {
    fresh.createObjectStore('screens');
    fresh.createObjectStore('documents');
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
