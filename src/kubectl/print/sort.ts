// --sort-by: objects or a Table's rows in the order of one field.
import { parseQuantity, quantityProblem } from '../../api/quantity.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { CommandError } from '../errors.ts';
import { JsonPath } from './jsonpath.ts';
import { relaxedPath } from './relaxed-path.ts';
import { isTable } from './table.ts';

/** Sorts the objects of a list. Throws when no object has the field. */
export function sortObjects<T>(items: readonly T[], objectOf: (item: T) => unknown, field: string): readonly T[] {
  if (items.length === 0) return items;
  const expression = relaxedPath(field);
  const path = new JsonPath(expression, { allowMissingKeys: true });
  const keyed = items.map((item) => ({ item, key: path.find(objectOf(item))[0]?.[0] }));
  if (keyed.every(({ key }) => key === undefined)) throw fieldNotFound(expression);
  return keyed.sort((a, b) => compareFields(a.key, b.key)).map(({ item }) => item);
}

function fieldNotFound(expression: string): CommandError {
  return new CommandError(`couldn't find any field with path ${JSON.stringify(expression)} in the list of objects`);
}

/** The same Table with its rows sorted by a field of their objects. */
export function sortTable(table: JsonObject, field: string): JsonObject {
  const rows = isList(table.rows) ? table.rows.filter(isObject) : [];
  return { ...table, rows: sortObjects<JsonObject>(rows, (row) => row.object, field) };
}

/** Upstream prints no rows of a table none of whose objects has the field, and says nothing about it. */
function sortTableOrEmpty(table: JsonObject, field: string): JsonObject {
  try {
    return sortTable(table, field);
  } catch (error) {
    if (error instanceof CommandError) return { ...table, rows: [] };
    throw error;
  }
}

/** Tables are sorted each in itself; other objects among each other. */
export function sortInfos<T extends { readonly object: JsonObject }>(infos: readonly T[], field: string): readonly T[] {
  const [first] = infos;
  if (!first || (infos.length === 1 && !isTable(first.object))) return infos;
  const tables = infos.filter((info) => isTable(info.object)).length;
  if (tables > 0 && tables < infos.length)
    throw new CommandError('sorting is not supported on mixed Table and non-Table object lists');
  // Upstream looks for the field in the Tables themselves as soon as there are several.
  if (tables > 1) throw fieldNotFound(relaxedPath(field));
  if (tables > 0) return infos.map((info) => ({ ...info, object: sortTableOrEmpty(info.object, field) }));
  return sortObjects(infos, (info) => info.object, field);
}

/** An absent field comes first; texts that are quantities are compared as such. */
export function compareFields(a: unknown, b: unknown): number {
  if (a === undefined || a === null || b === undefined || b === null)
    return Number(b === undefined || b === null) - Number(a === undefined || a === null)
      ? a === undefined || a === null
        ? -1
        : 1
      : 0;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') {
    const quantities = quantityProblem(a) === undefined && quantityProblem(b) === undefined;
    if (quantities) return parseQuantity(a).compare(parseQuantity(b));
    return a < b ? -1 : a > b ? 1 : 0;
  }
  throw new CommandError(`unsortable type: ${typeName(a)}`);
}

function typeName(value: unknown): JsonValue {
  if (isList(value)) return '[]interface {}';
  if (isObject(value)) return 'map[string]interface {}';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
