// What the server would say to a manifest, from a kind's rules alone: decode, default, prepare, validate.
import { aggregateText, type FieldError, fieldErrorText } from '../../api/field-error.ts';
import { parseApiVersion } from '../../api/resource.ts';
import { decode } from '../../api/schema/decode.ts';
import { definitionName } from '../../api/schema/schema.ts';
import { parseYaml } from '../../api/yaml.ts';
import { isObject } from '../../base/json.ts';
import type { Kind, StoredObject } from '../kind.ts';
import { kinds } from '../kinds.ts';

/** The errors of creating the object in the YAML, one a line; `fine` when there are none. */
export function refusalOf(yaml: string): string {
  const { kind, object } = prepared(yaml);
  const errors: FieldError[] = [];
  const created = kind.prepareForCreate?.(object, now) ?? object;
  kind.validate?.(created, errors);
  return textOf(errors);
}

/** The errors of changing the first object to the second. */
export function refusalOfChange(from: string, to: string, status?: object): string {
  const { kind, object } = prepared(from);
  const created = kind.prepareForCreate?.(object, now) ?? object;
  const old = status ? { ...created, status } : created;
  const changed = prepared(to).object;
  const wanted = kind.prepareForCreate?.(changed, now) ?? changed;
  const errors: FieldError[] = [];
  kind.validateUpdate?.(kind.prepareForUpdate?.(wanted, old, now) ?? wanted, old, errors);
  return textOf(errors);
}

/** The errors of giving the object in the YAML this status; `before` is the one that it has. */
export function refusalOfStatus(yaml: string, status: object, before: object = {}): string {
  const { kind, object } = prepared(yaml);
  const old = { ...object, status: before };
  const wanted = { ...object, status };
  const errors: FieldError[] = [];
  kind.validateStatusUpdate?.(kind.prepareForStatusUpdate?.(wanted, old, now) ?? wanted, old, errors);
  return textOf(errors);
}

/** What creating the object in the YAML is warned of. */
export function warningsOf(yaml: string): readonly string[] {
  const { kind, object } = prepared(yaml);
  return kind.warnings?.(kind.prepareForCreate?.(object, now) ?? object) ?? [];
}

/** The object in the YAML as it is stored at first. */
export function storedObject(yaml: string): StoredObject {
  const { kind, object } = prepared(yaml);
  return kind.prepareForCreate?.(object, now) ?? object;
}

/** The rules of the kind that the YAML is of, and the object decoded and defaulted. */
function prepared(yaml: string): { readonly kind: Kind; readonly object: StoredObject } {
  const { value } = parseYaml(yaml);
  if (!isObject(value)) throw new Error('the YAML is no object');
  const gvk = { ...parseApiVersion(String(value.apiVersion)), kind: String(value.kind) };
  const { group = '', version = '' } = gvk;
  const kind = kinds.find((one) => one.group === group && one.kind === gvk.kind);
  const definition = definitionName({ group, version, kind: gvk.kind });
  if (!kind || !definition) throw new Error(`no rules for ${gvk.kind}`);
  const decoded = decode(definition, value).value as StoredObject; // edge: decoded by its own schema
  const object = { ...decoded, metadata: { uid: 'u-1', ...decoded.metadata } };
  return { kind, object: kind.defaults?.(object) ?? object };
}

function now(): string {
  return '2026-01-01T00:00:00Z';
}

function textOf(errors: readonly FieldError[]): string {
  if (errors.length === 0) return 'fine';
  return [...new Set(errors.map(fieldErrorText))].map((text) => aggregateText([text])).join('\n');
}
