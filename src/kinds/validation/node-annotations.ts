// Annotations of nodes that once were fields: taints, and pods that had better go elsewhere. Fields of the wrong JSON
// type are taken as missing.
import { type FieldError, invalid, required } from '../../api/field-error.ts';
import type { Taint } from '../../api/generated/types.ts';
import { jsonProblem } from '../../api/json-problem.ts';
import { isList, isObject, type JsonValue, own } from '../../base/json.ts';
import { validateTaints } from './taints.ts';

const field = 'metadata.annotations';
const taintsKey = 'scheduler.alpha.kubernetes.io/taints';
const avoidKey = 'scheduler.alpha.kubernetes.io/preferAvoidPods';

type Annotations = Readonly<Record<string, string>> | undefined;

/** Adds what is wrong with them. */
export function validateNodeAnnotations(annotations: Annotations, errors: FieldError[]): void {
  if (!annotations) return;
  const taints = parsed(annotations, taintsKey, (problem) => {
    errors.push(
      invalid(field, taintsKey, problem ?? 'json: cannot unmarshal object into Go value of type []core.Taint'),
    );
  });
  if (isList(taints)) validateTaints(errors, `${field}.${taintsKey}`, taints.map(asTaint));
  const avoid = parsed(annotations, avoidKey, (problem) => {
    const detail = problem ?? 'json: cannot unmarshal array into Go value of type v1.AvoidPods';
    errors.push(invalid(`${field}.AvoidPods`, avoidKey, detail));
  });
  const pods = isObject(avoid) ? own(avoid, 'preferAvoidPods') : undefined;
  if (!isList(pods)) return;
  for (const [i, entry] of pods.entries()) {
    const at = `${field}.${avoidKey}[${i}].PodSignature`;
    const signature = isObject(entry) ? own(entry, 'podSignature') : undefined;
    const controller = isObject(signature) ? own(signature, 'podController') : undefined;
    if (!isObject(controller)) errors.push(required(at));
    else if (own(controller, 'controller') !== true)
      errors.push(invalid(`${at}.PodController.Controller`, false, 'must point to a controller'));
  }
}

/** A list where taints are, an object where pods are; `refuse` is told what is wrong with the JSON, if it is that. */
function parsed(
  annotations: NonNullable<Annotations>,
  key: string,
  refuse: (problem?: string) => void,
): JsonValue | undefined {
  const text = Object.hasOwn(annotations, key) ? annotations[key] : undefined;
  if (!text) return undefined;
  const problem = jsonProblem(text);
  if (problem) refuse(problem.message === 'unexpected EOF' ? 'unexpected end of JSON input' : problem.message);
  if (problem) return undefined;
  const value: JsonValue = JSON.parse(text);
  if (value !== null && isList(value) !== (key === taintsKey)) refuse();
  return value;
}

/** Go takes field names whatever their case. */
function asTaint(value: JsonValue): Taint {
  const taint = { key: '', value: '', effect: '' };
  for (const [name, given] of isObject(value) ? Object.entries(value) : []) {
    const known = name.toLowerCase();
    if (typeof given === 'string' && (known === 'key' || known === 'value' || known === 'effect')) taint[known] = given;
  }
  return taint;
}
