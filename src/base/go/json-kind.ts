// What Go's JSON decoder calls a value that it cannot use: `cannot unmarshal bool into …`.
import { isList, type JsonValue } from '../json.ts';

export function jsonKind(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'boolean') return 'bool';
  return isList(value) ? 'array' : typeof value;
}
