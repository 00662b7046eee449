// configMapGenerator and secretGenerator: objects from literals, files and env files, named by their content.
import { encodeBase64, encodeUtf8 } from '../../base/bytes.ts';
import { flagAt, objectAt, objectsAt, textAt, textsAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';

/** Marks an object whose name is to end in a hash of what it holds; taken away again at the end. */
export const hashedMark = 'kustomize.internal/hashed';

export function generated(settings: JsonObject, read: (path: string) => string): readonly JsonObject[] {
  const options = objectAt(settings, 'generatorOptions');
  const make = (kind: 'ConfigMap' | 'Secret') => (entry: JsonObject) => object(kind, { entry, options, read });
  return [
    ...objectsAt(settings, 'configMapGenerator').map(make('ConfigMap')),
    ...objectsAt(settings, 'secretGenerator').map(make('Secret')),
  ];
}

function object(
  kind: 'ConfigMap' | 'Secret',
  given: { entry: JsonObject; options: JsonObject | undefined; read: (path: string) => string },
): JsonObject {
  const { entry, options, read } = given;
  const encode = (text: string) => (kind === 'Secret' ? encodeBase64(encodeUtf8(text)) : text);
  const pairs = [
    ...textsAt(entry, 'literals').map((literal) => split(literal)),
    ...textsAt(entry, 'files').map((file): [string, string] => {
      const [key, path] = file.includes('=') ? split(file) : [file.split('/').at(-1) ?? file, file];
      return [key, read(path)];
    }),
    ...[...textsAt(entry, 'envs'), ...[textAt(entry, 'env')].filter(Boolean)].flatMap((path) =>
      read(path)
        .split('\n')
        .filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
        .map(split),
    ),
  ];
  const own = objectAt(entry, 'options');
  const plain = flagAt(options, 'disableNameSuffixHash') || flagAt(own, 'disableNameSuffixHash');
  const labels = { ...objectAt(options, 'labels'), ...objectAt(own, 'labels') };
  const annotations = { ...objectAt(options, 'annotations'), ...objectAt(own, 'annotations') };
  const ns = textAt(entry, 'namespace');
  return {
    apiVersion: 'v1',
    kind,
    metadata: {
      name: textAt(entry, 'name'),
      ...(ns === '' ? {} : { namespace: ns }),
      ...(Object.keys(labels).length > 0 ? { labels } : {}),
      ...(Object.keys(annotations).length > 0 || !plain
        ? { annotations: { ...annotations, ...(plain ? {} : { [hashedMark]: 'true' }) } }
        : {}),
    },
    ...(kind === 'Secret' ? { type: textAt(entry, 'type') || 'Opaque' } : {}),
    data: Object.fromEntries(pairs.map(([key, value]) => [key, encode(value)])),
  };
}

function split(text: string): [string, string] {
  const equals = text.indexOf('=');
  return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1).replace(/^(['"])(.*)\1$/, '$2')];
}
