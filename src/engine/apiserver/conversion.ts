// Between the version of a resource that is stored and another one that is served.
import type { StoredObject } from '../../kinds/kind.ts';

export interface Conversion {
  fromStored(object: StoredObject): StoredObject;
  toStored(object: StoredObject): StoredObject;
}
