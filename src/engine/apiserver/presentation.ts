// Objects in the form that the client asked for: whole, as a Table, or metadata alone.
import { parseApiVersion } from '../../api/resource.ts';
import { definitionName } from '../../api/schema/schema.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import type { ColumnTexts } from './column-texts.ts';
import { keysSorted, ordered } from './field-order.ts';
import { withManagedFields } from './managed-fields/show.ts';
import type { AnswerType } from './media-types.ts';
import type { Target } from './router.ts';
import { listKindOf, type ServedResource } from './served-resource.ts';
import { partialOf, tableOf } from './table.ts';

export interface PresentationOptions {
  readonly type: AnswerType;
  readonly target: Target;
  readonly nowMs: number;
  /** Leaves a Table's columns out: the second and later events of a watch. */
  readonly withoutColumns?: boolean;
  /** Default: each column's own. */
  readonly texts?: ColumnTexts | undefined;
}

/** The answer to a watch's event or to a request. */
export function presented(resource: ServedResource, plain: JsonObject, options: PresentationOptions): JsonObject {
  const { type, target, nowMs, withoutColumns = false, texts } = options;
  const { form } = type;
  if (!form) return whole(resource, plain);
  const answer = withManagedFields(plain);
  const apiVersion = `meta.k8s.io/${form.version}`;
  if (form.kind === 'Table') {
    const includeObject = target.query.get('includeObject')?.[0] ?? 'Metadata';
    const table = tableOf(resource, answer, { nowMs, includeObject, withoutColumns, texts });
    return { ...(includeObject === 'Object' ? withRowsInOrder(resource, table) : table), apiVersion };
  }
  if (form.kind === 'PartialObjectMetadata') return { ...partialOf(answer), apiVersion };
  const items = isList(answer.items) ? answer.items.filter(isObject).map(partialOf) : [];
  return { kind: 'PartialObjectMetadataList', apiVersion, metadata: answer.metadata ?? {}, items };
}

/**
 * As Go writes them: fields in order, and the items of a list of a built-in kind without the kind that they all have.
 * Custom resources are maps to it, whose keys are sorted.
 */
export function inServersOrder(resource: ServedResource, shown: JsonObject): JsonObject {
  if (shown.kind === resource.kind) return resource.custom ? keysSorted(shown) : ordered(shown, resource.definition);
  if (shown.kind !== listKindOf(resource)) return ofOtherKind(shown);
  if (resource.custom) {
    const metadata = isObject(shown.metadata) ? shown.metadata : {};
    return keysSorted({ ...shown, metadata: { continue: '', ...metadata } });
  }
  const list = ordered(shown, resource.definition);
  return isList(list.items) ? { ...list, items: list.items.map(withoutKind) } : list;
}

/** What a subresource answers with. */
function ofOtherKind(shown: JsonObject): JsonObject {
  const { apiVersion, kind } = shown;
  const version = kind === 'Status' ? undefined : parseApiVersion(String(apiVersion));
  const name = version && definitionName({ ...version, kind: String(kind) });
  return name === undefined ? shown : ordered(shown, name);
}

function withRowsInOrder(resource: ServedResource, table: JsonObject): JsonObject {
  const inOrder = (row: JsonValue): JsonValue =>
    isObject(row) && isObject(row.object) ? { ...row, object: inServersOrder(resource, row.object) } : row;
  return isList(table.rows) ? { ...table, rows: table.rows.map(inOrder) } : table;
}

/** Whole objects, with who manages what. */
function whole(resource: ServedResource, plain: JsonObject): JsonObject {
  if (plain.kind === resource.kind) return shownOf(resource, plain).whole;
  if (resource.custom || plain.kind !== listKindOf(resource) || !isList(plain.items))
    return inServersOrder(resource, withManagedFields(plain));
  const { kind, apiVersion = '', metadata = {}, items } = plain;
  return { kind, apiVersion, metadata, items: items.map((item) => itemOf(resource, item)) };
}

/** A stored object as clients see it; `item`: in a list. */
interface Shown {
  readonly resource: ServedResource;
  readonly whole: JsonObject;
  item?: JsonObject;
}

const knownMax = 20_000;
let known = new WeakMap<JsonObject, Shown>();
let knownSize = 0;

/** Made once for all who read an object or watch it, unless too many others have been read since. */
function shownOf(resource: ServedResource, object: JsonObject): Shown {
  const found = known.get(object);
  if (found?.resource === resource) return found;
  if (++knownSize > knownMax) {
    known = new WeakMap();
    knownSize = 1;
  }
  const shown = withManagedFields(object);
  const made: Shown = { resource, whole: resource.custom ? keysSorted(shown) : ordered(shown, resource.definition) };
  known.set(object, made);
  return made;
}

function itemOf(resource: ServedResource, item: JsonValue): JsonObject {
  const shown = shownOf(resource, isObject(item) ? item : {});
  shown.item ??= withoutKind(shown.whole);
  return shown.item;
}

function withoutKind(item: JsonValue): JsonObject {
  const { kind: _kind, apiVersion: _version, ...rest } = isObject(item) ? item : {};
  return rest;
}
