// What the terminals showed, kept in the browser's database for the next visit to the same world.
import { type DBSchema, openDB } from 'idb';

interface Database extends DBSchema {
  screens: { key: string; value: readonly string[] };
}

const charactersMax = 400_000;

const database = openDB<Database>('tabernetes-screens', 1, {
  upgrade: (fresh) => void fresh.createObjectStore('screens'),
});
database.catch(() => {}); // a browser that keeps nothing: each use below finds out

/** Each screen is text with escape sequences, as xterm's serializer makes it. */
export async function saveScreens(key: string, screens: readonly string[]): Promise<void> {
  const kept = screens.map((screen) => screen.slice(-charactersMax));
  await (await database).put('screens', kept, key).catch(() => {});
}

export async function savedScreens(key: string): Promise<readonly string[]> {
  try {
    return (await (await database).get('screens', key)) ?? [];
  } catch {
    return [];
  }
}
