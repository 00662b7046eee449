// Between the version of a resource that is stored and another one that is served.
import type { StoredObject } from '../../kinds/kind.ts';

export interface Conversion {
  fromStored(object: StoredObject): StoredObject;
  toStored(object: StoredObject): StoredObject;
}

/** Converts by asking somebody, and remembers. */
export interface Converter {
  /** The objects in a version. Throws AnswersNeeded where somebody has yet to be asked, ApiError where that fails. */
  convert(objects: readonly StoredObject[], apiVersion: string): readonly StoredObject[];
  /** Notes what an object is in another version. */
  learn(object: StoredObject, converted: StoredObject): void;
}
