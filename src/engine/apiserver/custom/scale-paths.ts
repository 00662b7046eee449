// The scale subresource of a custom resource: numbers at the paths that its definition names.
import { type FieldError, invalid } from '../../../api/field-error.ts';
import type { CustomResourceSubresourceScale } from '../../../api/generated/types.ts';
import { goText } from '../../../base/go/format.ts';
import { quote } from '../../../base/go/quote.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';
import { isInt64 } from '../../../kinds/custom/check-number.ts';
import type { ScaleMapping, StoredObject } from '../../../kinds/kind.ts';
import { asJson, asStored } from '../json-edge.ts';

/** Where a Scale finds its numbers. */
export function scaleMapping(scale: CustomResourceSubresourceScale): ScaleMapping<StoredObject> {
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  const numberAt = (object: StoredObject, path: string): number => {
    const value = valueAt(asJson(object), path);
    return typeof value === 'number' ? value : 0;
  };
  return {
    problem(object) {
      if (valueAt(asJson(object), specReplicasPath) !== undefined) return undefined;
      return `the spec replicas field ${quote(specReplicasPath)} does not exist`;
    },
    wanted: (object) => numberAt(object, specReplicasPath),
    present: (object) => numberAt(object, statusReplicasPath),
    selector(object) {
      const value = labelSelectorPath ? valueAt(asJson(object), labelSelectorPath) : undefined;
      return typeof value === 'string' ? value : '';
    },
    withReplicas: (object, replicas) => asStored(withValue(asJson(object), steps(specReplicasPath), replicas)),
  };
}

/** What is wrong with the numbers themselves. */
export function scaleErrors(
  object: JsonObject,
  scale: CustomResourceSubresourceScale,
  parts: readonly ('spec' | 'status')[],
): readonly FieldError[] {
  const numbers = parts.flatMap((part) => {
    const path = part === 'spec' ? scale.specReplicasPath : scale.statusReplicasPath;
    const { value, blocked } = reach(object, path);
    if (blocked) {
      const text = `${blocked.path} accessor error: ${goText(blocked.value)} is of the type ${goType(blocked.value)}, expected map[string]interface{}`;
      return [invalid(path, 0, text)];
    }
    if (value === undefined) return [];
    if (typeof value !== 'number' || !isInt64(value)) {
      const text = `${path} accessor error: ${goText(value)} is of the type ${goType(value)}, expected int64`;
      return [invalid(path, 0, text)];
    }
    if (value < 0) return [invalid(path, value, 'should be a non-negative integer')];
    return value > 2147483647 ? [invalid(path, value, 'should be less than or equal to 2147483647')] : [];
  });
  return parts.includes('status') ? [...numbers, ...selectorErrors(object, scale)] : numbers;
}

/** A selector is a text. */
function selectorErrors(object: JsonObject, { labelSelectorPath: path }: CustomResourceSubresourceScale): FieldError[] {
  const { value, blocked } = path ? reach(object, path) : {};
  if (!path || (blocked === undefined && (value === undefined || typeof value === 'string'))) return [];
  const { path: at, value: odd } = blocked ?? { path, value: value ?? null };
  const wanted = blocked ? 'map[string]interface{}' : 'string';
  const text = `${at} accessor error: ${goText(odd)} is of the type ${goType(odd)}, expected ${wanted}`;
  return [invalid(path, '', text)];
}

function steps(path: string): readonly string[] {
  return path.replace(/^\./, '').split('.');
}

function valueAt(object: JsonObject, path: string): JsonValue | undefined {
  return reach(object, path).value;
}

/** What is at a path, or what stands in the way there. */
interface Reached {
  readonly value: JsonValue | undefined;
  readonly blocked?: { readonly path: string; readonly value: JsonValue };
}

function reach(object: JsonObject, path: string): Reached {
  let value: JsonValue | undefined = object;
  let at = '';
  for (const name of steps(path)) {
    at += `.${name}`;
    if (value === undefined || value === null) return { value: undefined };
    if (!isObject(value)) return { value: undefined, blocked: { path: at, value } };
    value = Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return { value };
}

function withValue(object: JsonObject, [name = '', ...rest]: readonly string[], value: JsonValue): JsonObject {
  const inner = object[name];
  return { ...object, [name]: rest.length === 0 ? value : withValue(isObject(inner) ? inner : {}, rest, value) };
}

function goType(value: JsonValue): string {
  if (isList(value)) return '[]interface {}';
  if (isObject(value)) return 'map[string]interface {}';
  if (typeof value === 'number') return isInt64(value) ? 'int64' : 'float64';
  if (value === null) return '<nil>';
  return typeof value === 'boolean' ? 'bool' : 'string';
}
