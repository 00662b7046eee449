// Where untyped JSON becomes an object of the API and back. The same value, seen through another type.
import type { JsonObject } from '../../base/json.ts';
import type { StoredObject } from '../../kinds/kind.ts';

export function asJson(object: object): JsonObject {
  return object as JsonObject; // edge: API objects hold nothing but JSON
}

export function asStored(object: JsonObject): StoredObject {
  return object as StoredObject; // edge: the structure was checked, or the sender is a component of ours
}
