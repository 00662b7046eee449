// Which part of an object makes its generation count up.
import type { StoredObject } from './kind.ts';

/** Most kinds: the spec. */
export const specGeneration = {
  generationPart(object: StoredObject): unknown {
    return object.spec;
  },
};
