// The environment of a container as describe shows it: where it comes from, and each variable.
import { flagAt, objectAt, objectsAt, textAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import type { DescriptionWriter } from './description-writer.ts';
import { resourceFieldValue } from './resource-field.ts';

/** `pod` is whose fields field references are read from; without it they show no value. */
export function writeEnvironment(w: DescriptionWriter, container: JsonObject, pod: JsonObject | undefined): void {
  const sources = objectsAt(container, 'envFrom');
  if (sources.length > 0) w.line(2, 'Environment Variables from:');
  for (const source of sources) writeSource(w, source);

  const variables = objectsAt(container, 'env');
  w.line(2, `Environment:${variables.length === 0 ? '\t<none>' : ''}`);
  for (const variable of variables) {
    const from = objectAt(variable, 'valueFrom');
    if (from) writeReference(w, { name: textAt(variable, 'name'), from, container, pod });
    else writeValue(w, variable);
  }
}

function writeSource(w: DescriptionWriter, source: JsonObject): void {
  const config = objectAt(source, 'configMapRef');
  const reference = config ?? objectAt(source, 'secretRef');
  const kind = config ? 'ConfigMap' : reference ? 'Secret' : '';
  const prefix = textAt(source, 'prefix');
  const what = prefix === '' ? kind : `${kind} with prefix '${prefix}'`;
  w.line(3, `${textAt(reference, 'name')}\t${what}\tOptional: ${flagAt(reference, 'optional')}`);
}

function writeValue(w: DescriptionWriter, variable: JsonObject): void {
  const [first = '', ...rest] = textAt(variable, 'value').split('\n');
  w.field(3, textAt(variable, 'name'), first);
  for (const line of rest) w.line(3, `\t${line}`);
}

interface Reference {
  readonly name: string;
  readonly from: JsonObject;
  readonly container: JsonObject;
  readonly pod: JsonObject | undefined;
}

function writeReference(w: DescriptionWriter, { name, from, container, pod }: Reference): void {
  const field = objectAt(from, 'fieldRef');
  const resource = objectAt(from, 'resourceFieldRef');
  const secret = objectAt(from, 'secretKeyRef');
  const config = objectAt(from, 'configMapKeyRef');
  if (field) {
    const path = textAt(field, 'fieldPath');
    w.field(3, name, `${pod ? fieldValue(pod, path) : ''} (${textAt(field, 'apiVersion')}:${path})`);
  } else if (resource) {
    const what = textAt(resource, 'resource');
    const value = resourceFieldValue(resource, container);
    const unlimited = value === '0' && (what === 'limits.cpu' || what === 'limits.memory');
    w.field(3, name, `${unlimited ? 'node allocatable' : value} (${what})`);
  } else if (secret) {
    const key = `<set to the key '${textAt(secret, 'key')}' in secret '${textAt(secret, 'name')}'>`;
    w.field(3, name, `${key}\tOptional: ${flagAt(secret, 'optional')}`);
  } else if (config) {
    const key = `<set to the key '${textAt(config, 'key')}' of config map '${textAt(config, 'name')}'>`;
    w.field(3, name, `${key}\tOptional: ${flagAt(config, 'optional')}`);
  }
}

/** The value of a pod field that kubectl can know: it converts the label of few. */
function fieldValue(pod: JsonObject, path: string): string {
  return path === 'metadata.name' || path === 'metadata.namespace' ? textAt(pod, path) : '';
}
