// What server-side apply makes of an object: the configuration laid over it, and what was given up taken out.
import { isList, isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';
import { type FieldSet, noFields } from './field-set.ts';
import { elementOf, itemsOf, repeatedIn, resolved, type Shape } from './shape.ts';

/** The live value with a configuration's fields set. */
export function mergeApplied(live: JsonValue | undefined, config: JsonValue, given: Shape): JsonValue {
  const shape = resolved(given, config);
  if (live === undefined || live === null || shape.kind === 'leaf') return config;
  if (shape.kind === 'fields') {
    if (!isObject(live) || !isObject(config)) return config;
    const made = new Map(Object.entries(live));
    for (const [name, value] of Object.entries(config)) {
      const old = Object.hasOwn(live, name) ? live[name] : undefined;
      made.set(name, mergeApplied(old, value, shape.of(name)));
    }
    return Object.fromEntries(made);
  }
  if (!isList(live) || !isList(config)) return config;
  return mergeLists(live, config, shape);
}

type ListShape = Shape & { kind: 'set' | 'keyed' };

/** Items keep their order; those of the configuration stand in its order. What was there repeatedly is written anew. */
function mergeLists(live: readonly JsonValue[], config: readonly JsonValue[], shape: Shape): JsonValue {
  const items: Shape = shape.kind === 'keyed' ? shape.items : { kind: 'leaf' };
  const ours = itemsOf(shape, live);
  const theirs = itemsOf(shape, config);
  const repeated = repeatedIn(shape, live, ours);
  const order = live.map((item) => elementOf(shape, item));
  const wanted = [...theirs.keys()];
  const shared = wanted.filter((element) => ours.has(element));
  const result: JsonValue[] = [];
  const placed = new Set<string>();
  const place = (element: string): void => {
    const known = repeated.has(element) ? undefined : ours.get(element);
    result.push(mergeApplied(known, theirs.get(element) ?? null, items));
    placed.add(element);
    if (shared[0] === element) shared.shift();
  };
  let [left, right] = [0, 0];
  while (left < order.length || right < wanted.length) {
    const [here = '', there = ''] = [order[left], wanted[right]];
    if (left < order.length && right < wanted.length) {
      if (here === there) {
        left++;
        right++;
        place(there);
        continue;
      }
      if (theirs.has(here) && shared.length > 0 && shared[0] !== here) {
        left++;
        continue;
      }
    }
    if (left < order.length) {
      if (!theirs.has(here)) {
        result.push(live[left] ?? null);
        left++;
        continue;
      }
      if (placed.has(here)) left++;
    }
    if (right < wanted.length) {
      right++;
      place(there);
    }
  }
  return result;
}

/**
 * The value without the fields that were `owned` before and that nobody in `kept` has any more. A struct of which
 * nobody has anything goes whole; of maps and lists goes what was owned, unless others have that very entry as well.
 */
export function removeGivenUp(value: JsonValue, owned: FieldSet, kept: FieldSet, given: Shape): JsonValue {
  const shape = resolved(given, value);
  if (shape.kind === 'fields' && isObject(value)) return removeFromObject(value, owned, kept, shape);
  if ((shape.kind === 'set' || shape.kind === 'keyed') && isList(value)) {
    const rest: JsonValue[] = [];
    for (const item of value) {
      const element = elementOf(shape, item);
      const of = owned.children.get(element);
      const others = kept.children.get(element);
      if (of?.member && !others?.member) continue;
      rest.push(of ? removeGivenUp(item, of, others ?? noFields, itemsShape(shape)) : item);
    }
    return rest;
  }
  return value;
}

function removeFromObject(
  value: JsonObject,
  owned: FieldSet,
  kept: FieldSet,
  shape: Shape & { kind: 'fields' },
): JsonObject {
  const rest = new Map<string, JsonValue>();
  for (const [name, field] of Object.entries(value)) {
    const of = owned.children.get(`f:${name}`);
    const others = kept.children.get(`f:${name}`);
    if (of && (shape.isFixed(name) ? !others : of.member && !others?.member)) continue;
    rest.set(name, of ? removeGivenUp(field, of, others ?? noFields, shape.of(name)) : field);
  }
  return Object.fromEntries(rest);
}

function itemsShape(shape: ListShape): Shape {
  return shape.kind === 'keyed' ? shape.items : { kind: 'leaf' };
}
