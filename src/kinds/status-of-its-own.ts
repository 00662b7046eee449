// A status that users do not write through the object itself.
import type { StoredObject } from './kind.ts';

/** Creation begins with an empty status, updates leave it as it is. */
export const statusOfItsOwn = {
  prepareForCreate<T extends StoredObject>(object: T): T {
    return { ...object, status: {} };
  },
  prepareForUpdate<T extends StoredObject>(object: T, old: T): T {
    const { status: _, ...rest } = object;
    return (old.status === undefined ? rest : { ...rest, status: old.status }) as T; // edge: T but for its status
  },
};
