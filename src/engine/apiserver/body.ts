// The object in a request's body: is it of the right kind, in the right namespace, under the right name?
import { invalid as invalidField } from '../../api/field-error.ts';
import { apiVersionText, parseApiVersion } from '../../api/resource.ts';
import { definitionName } from '../../api/schema/schema.ts';
import { badRequest, invalid } from '../../api/status.ts';
import { quote } from '../../base/go/quote.ts';
import { isList, isObject, type JsonValue } from '../../base/json.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import { asStored } from './json-edge.ts';
import type { Operation } from './operation.ts';
import type { ServedResource } from './served-resource.ts';

/** The body as an object of the resource's kind, defaulted, in its stored form. Throws ApiError. */
export function objectOf(operation: Operation, body: JsonValue | undefined): StoredObject {
  const { resource, request } = operation;
  if (!isObject(body)) throw badRequest(`the object provided is unrecognized (must be of type ${resource.kind})`);
  for (const field of ['kind', 'apiVersion'] as const) {
    const value = body[field];
    if (value === undefined || value === null || typeof value === 'string') continue;
    const type = isList(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    const problem = `json: cannot unmarshal ${type} into Go struct field .${field} of type string`;
    const what = `the object provided is unrecognized (must be of type ${resource.kind})`;
    throw badRequest(`${what}: couldn't get version/kind; json parse error: ${problem}`);
  }
  const given = asStored(body);
  const { kind, apiVersion } = {
    kind: given.kind ?? resource.kind,
    apiVersion: given.apiVersion ?? resource.apiVersion,
  };
  if (resource.custom && kind !== resource.kind && apiVersion === resource.apiVersion && !request.subresource)
    throw wrongKind(resource, given);
  const ignored = resource.custom && request.subresource && apiVersion === resource.apiVersion;
  if (!ignored && (kind !== resource.kind || apiVersion !== resource.apiVersion))
    throw wrongType(operation, kind, apiVersion);
  let object = given;
  if (given.kind !== resource.kind || given.apiVersion !== apiVersion)
    object = { ...given, apiVersion, kind: resource.kind };
  object = withNamespace(operation, object);
  if (request.verb === 'update' || request.verb === 'patch') checkName(object, request.name ?? '');
  return toStored(operation, object);
}

function checkName({ metadata }: StoredObject, wanted: string): void {
  const { name = '' } = metadata ?? {};
  if (name === wanted) return;
  throw badRequest(
    name === ''
      ? `the name of the object (${wanted} based on URL) was undeterminable: name must be provided`
      : `the name of the object (${name}) does not match the name on the URL (${wanted})`,
  );
}

/** Defaults, then the stored version. */
export function toStored({ resource }: Pick<Operation, 'resource'>, object: StoredObject): StoredObject {
  const stored = resource.conversion ? resource.conversion.toStored(object) : object;
  return resource.rules.defaults?.(stored) ?? stored;
}

function withNamespace({ resource, request }: Operation, object: StoredObject): StoredObject {
  const namespace = object.metadata?.namespace ?? '';
  const wanted = resource.namespaced ? (request.namespace ?? '') : '';
  if (namespace === wanted) return object.metadata ? object : { ...object, metadata: {} };
  if (!resource.namespaced) {
    const { namespace: _, ...metadata } = object.metadata ?? {};
    return { ...object, metadata };
  }
  if (namespace === '') return { ...object, metadata: { ...object.metadata, namespace: wanted } };
  throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

/** What a custom resource is, validation looks at. */
function wrongKind({ group, kind: wanted }: ServedResource, { kind = '', metadata }: StoredObject): Error {
  return invalid({ group, kind }, metadata?.name ?? '', [invalidField('kind', kind, `must be ${wanted}`)]);
}

function wrongType({ resource }: Operation, kind: string, apiVersion: string): Error {
  const version = parseApiVersion(apiVersion);
  const cannot = `${kind} in version ${quote(version?.version ?? apiVersion)} cannot be handled as a ${resource.kind}`;
  if (resource.definition !== undefined && (!version || definitionName({ ...version, kind }) === undefined))
    return badRequest(`${cannot}: ${unknownKind(apiVersion, kind)}`);
  if (kind === resource.kind && version) {
    const text = `the API version in the data (${apiVersionText(version)}) does not match the expected API version (${resource.apiVersion})`;
    return badRequest(text);
  }
  return badRequest(`${cannot}: ${unknownConversion(resource, apiVersion, kind)}`);
}

const scheme = 'scheme "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30"';

/** `no kind "Nope" is registered for version "v1" in scheme …` */
export function unknownKind(apiVersion: string, kind: string): string {
  return `no kind ${quote(kind)} is registered for version ${quote(apiVersion)} in ${scheme}`;
}

/** `converting (v1.Pod) to (core.ConfigMap): unknown conversion` */
export function unknownConversion(resource: ServedResource, apiVersion: string, kind: string): string {
  const found = `${(apiVersion || 'v1').replace(/^.*\//, '')}.${kind}`;
  const group = (resource.group.split('.')[0] ?? '') || 'core';
  return `converting (${found}) to (${group}.${resource.kind}): unknown conversion`;
}
