// What is left of an object that has been stored: in protobuf an empty list or map is none.
//
//   {metadata: {finalizers: []}, rules: [{verbs: [], nonResourceURLs: ["/"]}]}
//     ─▶ {metadata: {}, rules: [{nonResourceURLs: ["/"]}]}
import { isEmpty } from '../api/schema/decode.ts';
import { definition, type SchemaType } from '../api/schema/schema.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../base/json.ts';
import { changeAll } from './share.ts';

/** The object of that definition without empty lists and maps; itself when it has none. */
export function persisted<T extends object>(definitionName: string, object: T): T {
  return ofStruct(definitionName, object as JsonObject) as T; // edge: the same object seen as JSON, but for its empty lists
}

function ofStruct(name: string, value: JsonObject): JsonObject {
  const fields = definition(name)?.fields;
  let changed: Record<string, JsonValue> | undefined;
  for (const key in value) {
    const given = value[key];
    const type = typeof given === 'object' && given !== null ? fields?.get(key)?.type : undefined;
    if (given === undefined || !type) continue;
    const isCollection = type.kind === 'list' || type.kind === 'map';
    const kept = isCollection && isEmpty(given, type) ? undefined : ofType(type, given);
    if (kept === given) continue;
    changed ??= { ...value };
    if (kept === undefined) Reflect.deleteProperty(changed, key);
    else changed[key] = kept;
  }
  return changed ?? value;
}

function ofType(type: SchemaType, value: JsonValue): JsonValue {
  switch (type.kind) {
    case 'list':
      return isList(value) && type.items.kind === 'object'
        ? changeAll(value, (each) => ofType(type.items, each))
        : value;
    case 'map': {
      if (!isObject(value) || type.values.kind !== 'object') return value;
      const entries = Object.entries(value);
      const kept = entries.map(([key, each]): [string, JsonValue] => [key, ofType(type.values, each)]);
      return kept.every(([key, each]) => each === value[key]) ? value : Object.fromEntries(kept);
    }
    case 'object':
      return isObject(value) ? ofStruct(type.definition, value) : value;
    default:
      return value;
  }
}
