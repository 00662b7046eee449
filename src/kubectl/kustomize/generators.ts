// configMapGenerator and secretGenerator: objects from literals, files and env files.
import { configMapKey, environmentName } from '../../api/names.ts';
import { decodeUtf8, encodeBase64, encodeUtf8 } from '../../base/bytes.ts';
import { flagAt, objectAt, textAt, textsAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { during, KustomizeError } from './kustomize-error.ts';
import { type Behavior, Resource } from './resource.ts';

export type GeneratedKind = 'ConfigMap' | 'Secret';

interface Given {
  /** Of the whole kustomization. */
  readonly options: JsonObject | undefined;
  readonly read: (path: string) => Uint8Array;
}

export function generate(kind: GeneratedKind, entry: JsonObject, { options: common, read }: Given): Resource {
  const name = textAt(entry, 'name');
  if (name === '') throw new KustomizeError('a configmap must have a name');
  const own = objectAt(entry, 'options');
  const labels = { ...objectAt(common, 'labels'), ...objectAt(own, 'labels') };
  const annotations = { ...objectAt(common, 'annotations'), ...objectAt(own, 'annotations') };
  const ns = textAt(entry, 'namespace');
  const resource = new Resource({
    apiVersion: 'v1',
    kind,
    metadata: {
      name,
      ...(ns === '' ? {} : { namespace: ns }),
      ...(Object.keys(labels).length > 0 ? { labels } : {}),
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    },
    ...(kind === 'Secret' ? { type: textAt(entry, 'type') || 'Opaque' } : {}),
    ...content(kind, pairsOf(entry, name, read)),
    ...(flagAt(common, 'immutable') || flagAt(own, 'immutable') ? { immutable: true } : {}),
  });
  resource.hashed = !flagAt(common, 'disableNameSuffixHash') && !flagAt(own, 'disableNameSuffixHash');
  resource.behavior = behaviorOf(textAt(entry, 'behavior'));
  return resource;
}

function behaviorOf(text: string): Behavior {
  return text === 'create' || text === 'merge' || text === 'replace' ? text : 'unspecified';
}

function content(kind: GeneratedKind, pairs: ReadonlyMap<string, Uint8Array>): JsonObject {
  const data: Record<string, string> = {};
  const binary: Record<string, string> = {};
  for (const [key, bytes] of pairs) {
    const text = decodeUtf8(bytes);
    if (kind === 'Secret') data[key] = base64Lines(bytes);
    else if (isSame(encodeUtf8(text), bytes)) data[key] = text;
    else binary[key] = base64Lines(bytes);
  }
  return {
    ...(kind === 'Secret' || Object.keys(data).length > 0 ? { data } : {}),
    ...(Object.keys(binary).length > 0 ? { binaryData: binary } : {}),
  };
}

/** Long values are written in lines. */
function base64Lines(bytes: Uint8Array): string {
  const text = encodeBase64(bytes);
  return text.length < lineLength ? text : text.replace(/.{1,70}/g, '$&\n');
}

const lineLength = 70;

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function pairsOf(entry: JsonObject, name: string, read: Given['read']): ReadonlyMap<string, Uint8Array> {
  const [envs, literals, files] = [textsAt(entry, 'envs'), textsAt(entry, 'literals'), textsAt(entry, 'files')];
  const all = during('loading KV pairs', () => [
    ...during(`env source files: [${envs.join(' ')}]`, () => envs.flatMap((path) => linesOf(decodeUtf8(read(path))))),
    ...during(`literal sources [${literals.join(' ')}]`, () => literals.map(literal)),
    ...during(`file sources: [${files.join(' ')}]`, () =>
      files.map((source) => {
        const { key, path } = fileSource(source);
        return [key, read(path)] as const;
      }),
    ),
  ]);
  const pairs = new Map<string, Uint8Array>();
  for (const [key, value] of all) {
    const [complaint] = configMapKey(key);
    if (complaint !== undefined)
      throw new KustomizeError(`${JSON.stringify(key)} is not a valid key name: ${complaint}`);
    if (pairs.has(key)) throw new KustomizeError(`configmap ${name} illegally repeats the key \`${key}\``);
    pairs.set(key, value);
  }
  return pairs;
}

type Pair = readonly [string, Uint8Array];

function linesOf(text: string): readonly Pair[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  return lines.flatMap((written): readonly Pair[] => {
    const line = written.trimStart();
    if (line === '' || line.startsWith('#')) return [];
    const equals = line.indexOf('=');
    const key = equals < 0 ? line : line.slice(0, equals);
    const [complaint] = environmentName(key);
    if (complaint !== undefined)
      throw new KustomizeError(`${JSON.stringify(key)} is not a valid key name: ${complaint}`);
    return [[key, encodeUtf8(equals < 0 ? '' : line.slice(equals + 1))]];
  });
}

function literal(source: string): Pair {
  const equals = source.indexOf('=');
  if (equals <= 0) throw new KustomizeError(`invalid literal source ${source}, expected key=value`);
  return [source.slice(0, equals), encodeUtf8(source.slice(equals + 1).replace(/^(['"])(.*)\1$/s, '$2'))];
}

function fileSource(source: string): { readonly key: string; readonly path: string } {
  const [key = '', path, ...more] = source.split('=');
  if (path === undefined) return { key: source.split('/').filter(Boolean).at(-1) ?? source, path: source };
  const quoted = JSON.stringify(source);
  if (more.length > 0) throw new KustomizeError(`source ${quoted} key name or file path contains '='`);
  if (key === '')
    throw new KustomizeError(`missing key name for file path ${JSON.stringify(path)} in source ${quoted}`);
  if (path === '')
    throw new KustomizeError(`missing file path for key name ${JSON.stringify(key)} in source ${quoted}`);
  return { key, path };
}
