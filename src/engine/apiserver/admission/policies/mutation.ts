// One mutation of a MutatingAdmissionPolicy: an apply configuration laid over the object, or a JSON patch.
import type { Mutation } from '../../../../api/generated/types.ts';
import { applyJsonPatch } from '../../../../api/patch/json-patch.ts';
import { PatchError } from '../../../../api/patch/patch-error.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../../../base/json.ts';
import { misplaced, ObjectValue, toJson } from '../../../../kinds/policies/expression-values.ts';
import {
  type Activation,
  type CompiledExpression,
  ExpressionError,
} from '../../../../kinds/policies/policy-compiler.ts';
import { mergeApplied } from '../../managed-fields/merge-applied.ts';
import { shapeOf } from '../../managed-fields/resource-shape.ts';
import type { Shape } from '../../managed-fields/shape.ts';
import type { ServedResource } from '../../served-resource.ts';

export interface CompiledMutation {
  readonly mutation: Mutation;
  readonly expression: CompiledExpression;
  readonly matched: ServedResource;
}

/** The object after the mutation; itself where nothing is to be done. Throws ExpressionError. */
export function mutated(
  { mutation, expression, matched }: CompiledMutation,
  object: JsonObject,
  activation: Activation,
): JsonObject {
  if (expression.problem !== undefined) throw new ExpressionError(expression.problem);
  const value = expression.evaluate(activation);
  if (mutation.patchType === 'JSONPatch') return patched(object, value);
  if (!(value instanceof ObjectValue))
    throw new ExpressionError('unsupported return type from ApplyConfiguration expression');
  checkPlaces(value);
  const config = toJson(value);
  return isObject(config) ? configured(object, config, shapeOf(matched)) : object;
}

function configured(object: JsonObject, config: JsonObject, shape: Shape): JsonObject {
  const atomic = atomics(config, shape, '');
  if (atomic.length > 0) {
    const text = `may not mutate atomic arrays, maps or structs: ${atomic.join(', ')}`;
    throw new ExpressionError(`error applying patch: invalid ApplyConfiguration: ${text}`);
  }
  const merged = mergeApplied(object, config, shape);
  return isObject(merged) ? merged : object;
}

/** Paths of what can only be replaced as a whole: a policy would lose what it does not name. */
function atomics(value: JsonValue, shape: Shape, path: string): readonly string[] {
  if (!isObject(value) && !isList(value)) return [];
  if (shape.kind === 'leaf') return [path];
  if (isList(value)) {
    if (shape.kind !== 'keyed') return [];
    return value.flatMap((item, i) => atomics(item, shape.items, `${path}[${i}]`));
  }
  if (shape.kind !== 'fields') return [];
  return Object.entries(value).flatMap(([name, item]) => atomics(item, shape.of(name), `${path}.${name}`));
}

function patched(object: JsonObject, value: unknown): JsonObject {
  const operations = isIterable(value) ? [...value].map(operationOf) : undefined;
  if (!operations) throw new ExpressionError('type mismatch: JSONPatchType.expression should evaluate to array');
  try {
    const result = applyJsonPatch(object, operations);
    return isObject(result) ? result : object;
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    if (/testing (?:value )?.*failed|test failed/.test(error.message)) return object; // it does not apply here
    throw new ExpressionError(`JSON Patch: ${error.message}`);
  }
}

function operationOf(value: unknown): JsonObject {
  if (!(value instanceof ObjectValue) || value.type !== 'JSONPatch')
    throw new ExpressionError('type mismatch: JSONPatchType.expression should evaluate to array of JSONPatch');
  const inner = value.fields.get('value');
  if (inner instanceof ObjectValue) checkPlaces(inner);
  const made = toJson(value);
  return isObject(made) ? made : {};
}

function checkPlaces(value: ObjectValue): void {
  const problem = misplaced(value);
  if (problem !== undefined) throw new ExpressionError(`type mismatch: ${problem}`);
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return Array.isArray(value);
}
