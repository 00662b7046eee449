// Objects without the fields that are not set, as Go's omitempty writes them.
import type { JsonObject } from '../../../base/json.ts';

/** An API object as the JSON that it is, e.g. as a part of a patch. */
export function asJson(object: object): JsonObject {
  return object as JsonObject; // edge: API types hold nothing but JSON
}

/** A copy without the keys whose value is undefined. */
export function present<T extends object>(object: T): T {
  const copy = { ...object };
  for (const key in copy) if (copy[key] === undefined) delete copy[key];
  return copy;
}

/** Undefined for 0, as omitempty drops it. */
export function nonZero(count: number | undefined): number | undefined {
  return count || undefined;
}
