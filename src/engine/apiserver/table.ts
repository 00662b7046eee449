// Tables: what `kubectl get` shows, made by the server from a kind's columns.
import { humanDuration } from '../../base/human-duration.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { parseTime } from '../../base/time.ts';
import type { Column, StoredObject } from '../../kinds/kind.ts';
import type { ColumnTexts } from './column-texts.ts';
import { ordered } from './field-order.ts';
import { asJson, asStored } from './json-edge.ts';
import type { ServedResource } from './served-resource.ts';

export interface TableOptions {
  readonly nowMs: number;
  /** `None`, `Metadata` (default) or `Object`. */
  readonly includeObject: string;
  /** Leaves the columns out: the second and later events of a watch. */
  readonly withoutColumns?: boolean;
  readonly texts?: ColumnTexts | undefined;
}

/** An object, or a list of them, as a Table. */
export function tableOf(resource: ServedResource, answer: JsonObject, options: TableOptions): JsonObject {
  const columns = resource.rules.columns ?? plainColumns;
  const items = Array.isArray(answer.items) ? answer.items.filter(isObject) : [answer];
  const metadata = isObject(answer.metadata) ? answer.metadata : {};
  const { resourceVersion, continue: token, remainingItemCount } = metadata;
  const kept: Record<string, JsonValue> = {};
  if (resourceVersion !== undefined) kept.resourceVersion = resourceVersion;
  if (token !== undefined) kept.continue = token;
  if (remainingItemCount !== undefined) kept.remainingItemCount = remainingItemCount;
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: kept,
    columnDefinitions: options.withoutColumns
      ? null
      : columns
          .filter(({ untold }) => !untold)
          .map((column) => {
            const text = column.described ? undefined : options.texts?.of(resource.kind, column.name);
            return columnDefinition(column, text);
          }),
    rows: items.map((item) => row(shownBy(resource, asStored(item)), columns, options)),
  };
}

/** A kind's columns are those of the version that is stored; custom resources have columns for each version. */
function shownBy({ group, custom, conversion, storedAs }: ServedResource, object: StoredObject): StoredObject {
  const ofKind = !custom && conversion && storedAs?.startsWith(`${group}/`);
  return ofKind ? conversion.toStored(object) : object;
}

/** How long ago a time was, as tables show it. */
export function age(time: string | undefined | null, nowMs: number): string {
  const at = time ? parseTime(time) : undefined;
  return at === undefined ? '<unknown>' : humanDuration(nowMs - at);
}

/** Metadata alone, as `as=PartialObjectMetadata` asks for it. */
export function partialOf(object: JsonObject): JsonObject {
  const metadata = ordered(isObject(object.metadata) ? object.metadata : {}, 'meta.v1.ObjectMeta');
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}

export const nameColumn: Column<StoredObject> = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name of the object, unique among its kind in its namespace.',
  cell: (object) => object.metadata?.name ?? '',
};

const ageColumn: Column<StoredObject> = {
  name: 'Age',
  type: 'string',
  description: 'How long ago the object was created.',
  cell: (object, nowMs) => age(object.metadata?.creationTimestamp, nowMs),
};

/** For kinds without columns of their own: name and time of creation. */
const plainColumns: readonly Column<StoredObject>[] = [nameColumn, ageColumn];

function columnDefinition(
  { name, type, format = '', description, priority = 0 }: Column<StoredObject>,
  text = description,
): JsonObject {
  return { name, type, format, description: text, priority };
}

function row(object: StoredObject, columns: readonly Column<StoredObject>[], options: TableOptions): JsonObject {
  const cells = columns.map((column) => column.cell(object, options.nowMs));
  if (options.includeObject === 'None') return { cells, object: null };
  const whole = asJson(object);
  return { cells, object: options.includeObject === 'Object' ? whole : partialOf(whole) };
}
