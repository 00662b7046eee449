// The bridge from client-side apply to server-side apply: for the manager `kubectl`, the annotation with what was
// last applied settles conflicts and is kept up to date.
import { goJson } from '../../../api/go-format.ts';
import { isObject, type JsonObject, own } from '../../../base/json.ts';
import { difference, type FieldSet, noFields } from './field-set.ts';
import type { Shape } from './shape.ts';
import { compareFields, fieldsOf } from './value-fields.ts';

/** The field manager of kubectl's server-side apply. */
export const kubectlManager = 'kubectl';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** The fields that still are as client-side apply left them: its user may take them over. */
export function fieldsAsLastApplied(live: JsonObject, shape: Shape): FieldSet {
  const last = parsed(lastAppliedIn(live));
  if (last?.apiVersion !== live.apiVersion || !last) return noFields;
  const { written, removed } = compareFields(last, live, shape);
  return difference(difference(fieldsOf(last, shape), written), removed);
}

/** An object that has the annotation, with the configuration that has just been applied in it. */
export function withConfiguration(object: JsonObject, config: JsonObject): JsonObject {
  if (!lastAppliedIn(object)) return object;
  const metadata = objectIn(object, 'metadata');
  const annotations = { ...objectIn(metadata, 'annotations'), [annotation]: `${goJson(withoutAnnotation(config))}\n` };
  return { ...object, metadata: { ...metadata, annotations } };
}

function withoutAnnotation(config: JsonObject): JsonObject {
  if (lastAppliedIn(config) === undefined) return config;
  const metadata = objectIn(config, 'metadata');
  const { [annotation]: _, ...annotations } = objectIn(metadata, 'annotations');
  return { ...config, metadata: { ...metadata, annotations } };
}

function lastAppliedIn(object: JsonObject): string | undefined {
  const text = own(objectIn(objectIn(object, 'metadata'), 'annotations'), annotation);
  return typeof text === 'string' ? text : undefined;
}

function objectIn(object: JsonObject, key: string): JsonObject {
  const value = own(object, key);
  return isObject(value) ? value : {};
}

/** Anybody may write anything into the annotation. */
function parsed(text: string | undefined): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
