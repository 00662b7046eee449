// Server-side apply: a client states the fields that it cares about; the server merges and keeps account of owners.
import { required } from '../../api/field-error.ts';
import { parseApiVersion } from '../../api/resource.ts';
import { restoreProblem } from '../../api/schema/restore-problem.ts';
import { apiError, applyConflict, badRequest, conflict, invalid } from '../../api/status.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import { objectOf } from './body.ts';
import { createObject } from './create.ts';
import { asJson } from './json-edge.ts';
import {
  difference,
  type FieldSet,
  fieldsToJson,
  intersection,
  isEmpty,
  noFields,
  pathsOf,
  union,
} from './managed-fields/field-set.ts';
import { fieldsAsLastApplied, kubectlManager, withConfiguration } from './managed-fields/last-applied.ts';
import { entriesOf, type ManagedEntry, ownable } from './managed-fields/ledger.ts';
import { mergeApplied, removeGivenUp } from './managed-fields/merge-applied.ts';
import { shapeOf, typedOf } from './managed-fields/resource-shape.ts';
import type { Shape } from './managed-fields/shape.ts';
import { typedProblem } from './managed-fields/typed-problem.ts';
import { compareFields, fieldsOf } from './managed-fields/value-fields.ts';
import { keyIn, type Operation, type Outcome, presented, wayOf } from './operation.ts';
import { replace } from './update.ts';

export function apply(operation: Operation): Outcome {
  const { request, resource, storage } = operation;
  const config = configOf(operation);
  const shape = shapeOf(resource);
  const name = request.name ?? '';
  const old = storage.get(keyIn(resource, request.namespace, name));
  const named = fieldsOf(config, shape);
  const applied = ownable(named, wayOf(operation.resource, operation.request.subresource));
  const entry: ManagedEntry = {
    manager: request.options?.fieldManager ?? '',
    operation: 'Apply',
    apiVersion: resource.apiVersion,
    subresource: request.subresource ?? '',
    timeMs: operation.server.scope.now,
    fields: applied,
  };
  const problem = typedProblem(config, typedOf(resource));
  if (problem !== undefined) throw failed(`failed to create typed patch object (${nameOf(config)}): ${problem}`);
  if (!old) {
    const wanted = objectOf(operation, restored(operation, config, config));
    const { uid } = wanted.metadata ?? {};
    const mismatch = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
    if (uid) throw conflict(resource, name, mismatch);
    const entries = isEmpty(applied) ? [] : [entry];
    return { code: 201, object: presented(operation, createObject(operation, wanted, entries)) };
  }
  const { wanted, entries } = applyTo(operation, old, config, { entry, named, shape });
  return { code: 200, object: presented(operation, replace(operation, old, wanted, entries)) };
}

interface Applied {
  /** The manager's new entry. */
  readonly entry: ManagedEntry;
  /** All fields that the configuration has, also those that nobody owns. */
  readonly named: FieldSet;
  readonly shape: Shape;
}

/** Who owns what before; of an object that nobody has managed so far, somebody owns all of it. */
function managersOf(operation: Operation, old: StoredObject, shape: Shape): readonly ManagedEntry[] {
  const { resource, server } = operation;
  const known = entriesOf(old);
  if (known.length > 0) return known;
  const through = wayOf(operation.resource, operation.request.subresource);
  const fields = ownable(compareFields({ metadata: {} }, asJson(old), shape).written, through);
  if (isEmpty(fields)) return known;
  const timeMs = server.scope.now;
  const { apiVersion } = resource;
  const { subresource } = through;
  return [{ manager: 'before-first-apply', operation: 'Update', apiVersion, subresource, timeMs, fields }];
}

/** The object that the configuration makes of the live one, and who owns what then. Throws on conflicts. */
function applyTo(
  operation: Operation,
  old: StoredObject,
  config: JsonObject,
  { entry, named, shape }: Applied,
): { readonly wanted: StoredObject; readonly entries: readonly ManagedEntry[] } {
  const { request } = operation;
  const before = managersOf(operation, old, shape);
  const own = before.find((each) => isSame(each, entry));
  const others = before.filter((each) => each !== own);
  const { managedFields: _, ...metadata } = old.metadata ?? {};
  const live = asJson({ ...presented(operation, old), metadata });
  const kept = others.reduce((all, { fields }) => union(all, fields), named);
  const merged = removeGivenUp(mergeApplied(live, config, shape), own?.fields ?? noFields, kept, shape);
  const { written, removed } = compareFields(live, merged, shape);
  const taken = ownable(written, wayOf(operation.resource, operation.request.subresource));
  const byKubectl = entry.manager === kubectlManager;
  const settled = byKubectl ? fieldsAsLastApplied(live, shape) : noFields;
  const conflicts = others
    .map((other) => ({ other, fields: difference(intersection(other.fields, taken), settled) }))
    .filter(({ fields }) => !isEmpty(fields));
  if (conflicts.length > 0 && !request.options?.force) throw conflictError(conflicts);
  const rest = others
    .map((other) => ({ ...other, fields: difference(difference(other.fields, taken), removed) }))
    .filter(({ fields }) => !isEmpty(fields));
  // Where the object stays as it is, so does the time of what was applied last; a first time has none.
  const unchanged = isEmpty(written) && isEmpty(removed);
  const same = own && JSON.stringify(fieldsToJson(own.fields)) === JSON.stringify(fieldsToJson(entry.fields));
  const current = same && unchanged ? own : unchanged ? { ...entry, timeMs: own?.timeMs } : entry;
  const mine = isEmpty(entry.fields) ? [] : [current];
  const noted = byKubectl && isObject(merged) ? withConfiguration(merged, config) : merged;
  const wanted = objectOf(operation, restored(operation, noted, config));
  return { wanted, entries: current === own && rest.length === others.length ? before : [...rest, ...mine] };
}

/** The merged object as one of its type again. */
function restored({ decode, resource }: Operation, merged: JsonValue, config: JsonObject): JsonObject {
  const { definition, custom } = resource;
  // What a custom resource's schema does not know is dropped on the way to storage; nothing is said of it.
  if (custom) return isObject(merged) ? merged : {};
  return decode(resource, merged, {
    unfit(problem) {
      const type = groupVersionKind(config);
      const why = (definition && restoreProblem(definition, merged)) ?? problem;
      return failed(
        `failed to convert new object (${nameOf(config)}) to proper version: unable to convert unstructured object to ${type}: ${why}`,
      );
    },
    strict: ([problem]) => badRequest(`error strict decoding YAML: error converting YAML to JSON: ${problem}`),
  });
}

function failed(message: string): Error {
  return apiError({ code: 500, reason: '', message });
}

/** `default/web; apps/v1, Kind=Deployment` */
function nameOf(config: JsonObject): string {
  const metadata = isObject(config.metadata) ? config.metadata : {};
  const { namespace = '', name = '' } = metadata;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return `${text(namespace)}/${text(name)}; ${groupVersionKind(config)}`;
}

function groupVersionKind({ apiVersion, kind }: JsonObject): string {
  return `${String(apiVersion).includes('/') ? '' : '/'}${apiVersion}, Kind=${kind}`;
}

function configOf({ request, resource }: Operation): JsonObject {
  const body = request.body ?? {};
  if (!isObject(body)) {
    const type = isList(body) ? 'array' : typeof body === 'boolean' ? 'bool' : typeof body;
    throw badRequest(
      `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${type} into Go value of type map[string]interface {}`,
    );
  }
  if (!request.options?.fieldManager)
    throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
      required('fieldManager', 'is required for apply patch'),
    ]);
  const { metadata } = body;
  const apiVersion = typeof body.apiVersion === 'string' ? body.apiVersion : '';
  const kind = typeof body.kind === 'string' ? body.kind : '';
  const version = parseApiVersion(apiVersion);
  if (kind !== resource.kind || apiVersion !== resource.apiVersion) {
    const group = version ? `${version.group}/${version.version}` : '/';
    throw badRequest(`invalid object type: ${apiVersion === '' ? '/' : group}, Kind=${kind}`);
  }
  const about = isObject(metadata) ? metadata : {};
  if (about.managedFields !== undefined && about.managedFields !== null)
    throw badRequest('metadata.managedFields must be nil');
  return body;
}

function isSame(a: ManagedEntry, b: ManagedEntry): boolean {
  return a.operation === 'Apply' && a.manager === b.manager && a.subresource === b.subresource;
}

function conflictError(conflicts: readonly { readonly other: ManagedEntry; readonly fields: FieldSet }[]): Error {
  const single = conflicts.flatMap(({ other, fields }) =>
    pathsOf(fields).map((path) => ({ manager: managerText(other), path })),
  );
  const causes = single.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${manager}`,
    field: path,
  }));
  const [first, second] = single;
  if (first && !second)
    return applyConflict(causes, `Apply failed with 1 conflict: conflict with ${first.manager}: ${first.path}`);
  const lines: string[] = [];
  for (const manager of [...new Set(single.map((each) => each.manager))].sort()) {
    lines.push(`conflicts with ${manager}:`);
    for (const each of single) if (each.manager === manager) lines.push(`- ${each.path}`);
  }
  return applyConflict(causes, `Apply failed with ${single.length} conflicts: ${lines.join('\n')}`);
}

function managerText({ manager, operation, apiVersion, subresource }: ManagedEntry): string {
  const through = subresource ? ` with subresource ${JSON.stringify(subresource)}` : '';
  return `${JSON.stringify(manager)}${through}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}
