// Where an object came from and what changed it, as annotations (`buildMetadata`).
import { normalizePath } from '../../base/files.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Origin, Resource } from './resource.ts';
import { annotationsOf, withMetadata } from './resource.ts';

const originKey = 'config.kubernetes.io/origin';
const transformationsKey = 'alpha.config.kubernetes.io/transformations';

/** A place below another one. */
export function originBelow(origin: Origin, path: string): Origin {
  return { ...origin, path: joinPaths(origin.path ?? '', path) };
}

/** What a built-in generator or transformer of a kustomization leaves behind. */
export function builtInOrigin(origin: Origin, fileName: string, kind: string): Origin {
  return { configuredIn: joinPaths(origin.path ?? '', fileName), configuredBy: { apiVersion: 'builtin', kind } };
}

/** What a plugin leaves behind that is configured by an object. */
export function pluginOrigin({ origin, object, id }: Resource): Origin | undefined {
  if (!origin) return undefined;
  const { apiVersion = '', kind = '' } = object;
  return {
    ...(origin.path === undefined ? {} : { configuredIn: origin.path }),
    configuredBy: { apiVersion, kind, name: id.name, ...(id.ns === '' ? {} : { namespace: id.ns }) },
  };
}

/** Writes down what is wanted of it. */
export function withOrigins(resource: Resource, wanted: readonly string[]): JsonObject {
  const annotations: Record<string, string> = { ...annotationsOf(resource.object) };
  delete annotations[originKey];
  delete annotations[transformationsKey];
  if (wanted.includes('originAnnotations') && resource.origin)
    annotations[originKey] = originText(resource.origin, '', '');
  if (wanted.includes('transformerAnnotations') && resource.transformations.length > 0)
    annotations[transformationsKey] = resource.transformations.map((one) => originText(one, '- ', '  ')).join('');
  const { annotations: held } = (resource.object.metadata ?? {}) as JsonObject; // edge: metadata is an object here
  return held === undefined && Object.keys(annotations).length === 0
    ? resource.object
    : withMetadata(resource.object, { annotations });
}

/** YAML with its fields in the order of upstream's struct. */
function originText({ path, configuredIn, configuredBy }: Origin, first: string, margin: string): string {
  const order = ['apiVersion', 'kind', 'name', 'namespace'];
  const lines = [
    ...(path ? [`path: ${path}`] : []),
    ...(configuredIn ? [`configuredIn: ${configuredIn}`] : []),
    ...(configuredBy
      ? ['configuredBy:', ...order.flatMap((key) => (configuredBy[key] ? [`  ${key}: ${configuredBy[key]}`] : []))]
      : []),
  ];
  return lines.map((line, i) => `${i === 0 ? first : margin}${line}\n`).join('');
}

function joinPaths(folder: string, path: string): string {
  const ups = `/${'up/'.repeat(upsMax)}`;
  const joined = normalizePath(`${folder}/${path}`.replace(/^\/+/, ''), ups);
  const base = normalizePath(ups);
  if (joined.startsWith(`${base}/`)) return joined.slice(base.length + 1);
  const shared = joined.split('/').findIndex((part, i) => i > 0 && part !== 'up');
  const kept = shared < 0 ? joined.split('/').length : shared;
  return [...Array.from({ length: upsMax + 1 - kept }, () => '..'), ...joined.split('/').slice(kept)].join('/');
}

const upsMax = 30;
