// Objects in the form that the client asked for: whole, as a Table, or metadata alone.
import { isList, isObject, type JsonObject } from '../../base/json.ts';
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
  const answer = withManagedFields(plain);
  const { type, target, nowMs, withoutColumns = false, texts } = options;
  const { form } = type;
  if (!form) return answer;
  const apiVersion = `meta.k8s.io/${form.version}`;
  if (form.kind === 'Table') {
    const includeObject = target.query.get('includeObject')?.[0] ?? 'Metadata';
    return { ...tableOf(resource, answer, { nowMs, includeObject, withoutColumns, texts }), apiVersion };
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
  if (shown.kind !== listKindOf(resource)) return shown;
  if (resource.custom) {
    const metadata = isObject(shown.metadata) ? shown.metadata : {};
    return keysSorted({ ...shown, metadata: { continue: '', ...metadata } });
  }
  const list = ordered(shown, resource.definition);
  return isList(list.items) ? { ...list, items: list.items.map(withoutKind) } : list;
}

const toldInOrder = new WeakMap<JsonObject, { readonly resource: ServedResource; readonly shown: JsonObject }>();

/** As {@link inServersOrder}, made once for all watchers that are told of the same object. */
export function inOrderForWatchers(resource: ServedResource, object: JsonObject): JsonObject {
  const found = toldInOrder.get(object);
  if (found?.resource === resource) return found.shown;
  const shown = inServersOrder(resource, object);
  toldInOrder.set(object, { resource, shown });
  return shown;
}

function withoutKind(item: unknown): JsonObject {
  const { kind: _kind, apiVersion: _version, ...rest } = isObject(item) ? item : {};
  return rest;
}
