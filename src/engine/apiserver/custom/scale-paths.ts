// The scale subresource of a custom resource: numbers at the paths that its definition names.
import { type FieldError, invalid } from '../../../api/field-error.ts';
import type { CustomResourceSubresourceScale } from '../../../api/generated/types.ts';
import { goJson } from '../../../api/go-format.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';
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
  return parts.flatMap((part) => {
    const path = part === 'spec' ? scale.specReplicasPath : scale.statusReplicasPath;
    const value = valueAt(object, path);
    if (value === undefined) return [];
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      const text = `${path} accessor error: ${goText(value)} is of the type ${goType(value)}, expected int64`;
      return [invalid(path, 0, text)];
    }
    if (value < 0) return [invalid(path, value, 'should be a non-negative integer')];
    return value > 2147483647 ? [invalid(path, value, 'should be less than or equal to 2147483647')] : [];
  });
}

function steps(path: string): readonly string[] {
  return path.replace(/^\./, '').split('.');
}

function valueAt(object: JsonObject, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = object;
  for (const name of steps(path)) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

function withValue(object: JsonObject, [name = '', ...rest]: readonly string[], value: JsonValue): JsonObject {
  const inner = object[name];
  return { ...object, [name]: rest.length === 0 ? value : withValue(isObject(inner) ? inner : {}, rest, value) };
}

function goText(value: JsonValue): string {
  return typeof value === 'string' ? value : goJson(value);
}

function goType(value: JsonValue): string {
  if (isList(value)) return '[]interface {}';
  if (isObject(value)) return 'map[string]interface {}';
  if (typeof value === 'number') return 'float64';
  return typeof value === 'boolean' ? 'bool' : 'string';
}
