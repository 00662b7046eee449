// Server-side apply: a client states the fields that it cares about; the server merges and keeps account of owners.
import { required } from '../../api/field-error.ts';
import { parseApiVersion } from '../../api/resource.ts';
import { applyConflict, badRequest, invalid } from '../../api/status.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
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
import { type Shape, shapeOf } from './managed-fields/shape.ts';
import { compareFields, fieldsOf } from './managed-fields/value-fields.ts';
import { keyIn, type Operation, type Outcome, presented } from './operation.ts';
import { replace } from './update.ts';

export function apply(operation: Operation): Outcome {
  const { request, resource, storage } = operation;
  const config = configOf(operation);
  const shape = shapeOf(resource.definition);
  const name = request.name ?? '';
  const old = storage.get(keyIn(resource, request.namespace, name));
  const applied = ownable(fieldsOf(config, shape), request.subresource ?? '');
  const entry: ManagedEntry = {
    manager: request.options?.fieldManager ?? '',
    operation: 'Apply',
    apiVersion: resource.apiVersion,
    subresource: request.subresource ?? '',
    timeMs: operation.server.scope.now,
    fields: applied,
  };
  if (!old) {
    const wanted = objectOf(operation, operation.decode(resource, config));
    return { code: 201, object: presented(operation, createObject(operation, wanted, [entry])) };
  }
  const { wanted, entries } = applyTo(operation, old, config, { entry, shape });
  return { code: 200, object: presented(operation, replace(operation, old, wanted, entries)) };
}

/** The object that the configuration makes of the live one, and who owns what then. Throws on conflicts. */
function applyTo(
  operation: Operation,
  old: StoredObject,
  config: JsonObject,
  { entry, shape }: { readonly entry: ManagedEntry; readonly shape: Shape },
): { readonly wanted: StoredObject; readonly entries: readonly ManagedEntry[] } {
  const { resource, request } = operation;
  const before = entriesOf(old);
  const own = before.find((each) => isSame(each, entry));
  const others = before.filter((each) => each !== own);
  const { managedFields: _, ...metadata } = old.metadata ?? {};
  const live = asJson({ ...presented(operation, old), metadata });
  const kept = others.reduce((all, { fields }) => union(all, fields), entry.fields);
  const merged = removeGivenUp(mergeApplied(live, config, shape), own?.fields ?? noFields, kept, shape);
  const { written, removed } = compareFields(live, merged, shape);
  const taken = ownable(written, request.subresource ?? '');
  const byKubectl = entry.manager === kubectlManager;
  const settled = byKubectl ? fieldsAsLastApplied(live, shape) : noFields;
  const conflicts = others
    .map((other) => ({ other, fields: difference(intersection(other.fields, taken), settled) }))
    .filter(({ fields }) => !isEmpty(fields));
  if (conflicts.length > 0 && !request.options?.force) throw conflictError(conflicts);
  const rest = others
    .map((other) => ({ ...other, fields: difference(difference(other.fields, taken), removed) }))
    .filter(({ fields }) => !isEmpty(fields));
  const same = own && JSON.stringify(fieldsToJson(own.fields)) === JSON.stringify(fieldsToJson(entry.fields));
  const current = same && isEmpty(written) && isEmpty(removed) ? own : entry;
  const mine = isEmpty(entry.fields) ? [] : [current];
  const noted = byKubectl && isObject(merged) ? withConfiguration(merged, config) : merged;
  const wanted = objectOf(operation, operation.decode(resource, noted));
  return { wanted, entries: current === own && rest.length === others.length ? before : [...rest, ...mine] };
}

function configOf({ request, resource }: Operation): JsonObject {
  const { body } = request;
  if (!isObject(body)) throw badRequest(`error decoding YAML: cannot unmarshal into an object`);
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
  const name = typeof about.name === 'string' ? about.name : request.name;
  if (name !== request.name)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${request.name})`);
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
