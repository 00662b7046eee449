// Namespace, names, labels, annotations, images, replicas and content hashes of a kustomization, and the references
// that follow new names.
import { objectAt, objectsAt, textAt } from '../../base/fields.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { contentHash } from '../commands/create/content-hash.ts';
import { namesOf } from '../resource/info.ts';
import { hashedMark } from './generators.ts';

const clusterScoped = new Set(
  `Namespace ClusterRole ClusterRoleBinding CustomResourceDefinition PersistentVolume StorageClass PriorityClass Node
  IngressClass CSIDriver RuntimeClass ValidatingWebhookConfiguration MutatingWebhookConfiguration`.split(/\s+/),
);

export function transformed(objects: readonly JsonObject[], settings: JsonObject): readonly JsonObject[] {
  const renames = new Map<string, string>();
  const changed = objects.map((object) => {
    const { kind, name } = namesOf(object);
    const labelled = withLabels(withReplicas(withImages(object, settings), settings), settings);
    const renamed = withNames(labelled, settings);
    renames.set(`${kind}/${name}`, namesOf(renamed).name);
    return renamed;
  });
  return changed.map((object) => withReferences(object, renames));
}

function withNames(object: JsonObject, settings: JsonObject): JsonObject {
  const { kind, name } = namesOf(object);
  const { [hashedMark]: mark, ...annotations } = objectAt(object, 'metadata.annotations') ?? {};
  const affixed =
    kind === 'Namespace' || kind === 'CustomResourceDefinition'
      ? name
      : `${textAt(settings, 'namePrefix')}${name}${textAt(settings, 'nameSuffix')}`;
  const ns = clusterScoped.has(kind) ? '' : textAt(settings, 'namespace');
  const { annotations: _, ...metadata } = objectAt(object, 'metadata') ?? {};
  const { data = {}, type } = object;
  // Upstream hashes with an empty name, so that prefixes do not matter.
  const content = kind === 'Secret' ? { kind, type: type ?? '', name: '', data } : { kind, name: '', data };
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      name: mark === undefined ? affixed : `${affixed}-${contentHash(content)}`,
      ...(ns === '' ? {} : { namespace: ns }),
    },
  };
}

/** Labels of the object, and where asked of selectors and templates; annotations of object and templates. */
function withLabels(object: JsonObject, settings: JsonObject): JsonObject {
  const common = objectAt(settings, 'commonLabels') ?? {};
  const notes = objectAt(settings, 'commonAnnotations') ?? {};
  let result = merge(merge(object, ['metadata', 'labels'], common), ['metadata', 'annotations'], notes);
  const template = objectAt(object, 'spec.template') !== undefined;
  const inTemplate = ['spec', 'template', 'metadata'];
  if (template) result = merge(result, [...inTemplate, 'annotations'], notes);
  const sets = objectsAt(settings, 'labels').map((entry) => ({
    pairs: objectAt(entry, 'pairs') ?? {},
    selectors: entry.includeSelectors === true,
    templates: entry.includeSelectors === true || entry.includeTemplates === true,
  }));
  for (const { pairs, selectors, templates } of [{ pairs: common, selectors: true, templates: true }, ...sets]) {
    result = merge(result, ['metadata', 'labels'], pairs);
    if (template && templates) result = merge(result, [...inTemplate, 'labels'], pairs);
    const selector = textAt(object, 'kind') === 'Service' ? ['spec', 'selector'] : ['spec', 'selector', 'matchLabels'];
    if (selectors && objectAt(object, 'spec.selector')) result = merge(result, selector, pairs);
  }
  return result;
}

function merge(object: JsonObject, [key = '', ...rest]: readonly string[], pairs: JsonObject): JsonObject {
  if (Object.keys(pairs).length === 0) return object;
  const held = isObject(object[key]) ? object[key] : {};
  return { ...object, [key]: rest.length === 0 ? { ...held, ...pairs } : merge(held, rest, pairs) };
}

function withReplicas(object: JsonObject, settings: JsonObject): JsonObject {
  const { kind, name } = namesOf(object);
  const entry = objectsAt(settings, 'replicas').find((one) => textAt(one, 'name') === name);
  if (!entry || !['Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController'].includes(kind)) return object;
  return merge(object, ['spec'], { replicas: entry.count ?? 0 });
}

function withImages(object: JsonObject, settings: JsonObject): JsonObject {
  const images = objectsAt(settings, 'images');
  if (images.length === 0) return object;
  return walk(object, (held) => {
    const { image } = held;
    if (typeof image !== 'string') return held;
    const [, name = image] = /^(.*?)(?::[^/:@]*)?(?:@.*)?$/.exec(image) ?? [];
    const entry = images.find((one) => textAt(one, 'name') === name);
    if (!entry) return held;
    const base = textAt(entry, 'newName') || name;
    const [tag, digest] = [textAt(entry, 'newTag'), textAt(entry, 'digest')];
    const end = digest !== '' ? `@${digest}` : tag !== '' ? `:${tag}` : image.slice(name.length);
    return { ...held, image: base + end };
  });
}

/** Fields that name another object: the field that holds them, the field of the name, the kind. */
const references: readonly (readonly [string, string, string])[] = [
  ['configMapRef', 'name', 'ConfigMap'],
  ['configMapKeyRef', 'name', 'ConfigMap'],
  ['configMap', 'name', 'ConfigMap'],
  ['secretRef', 'name', 'Secret'],
  ['secretKeyRef', 'name', 'Secret'],
  ['secret', 'secretName', 'Secret'],
  ['secret', 'name', 'Secret'],
  ['persistentVolumeClaim', 'claimName', 'PersistentVolumeClaim'],
  ['service', 'name', 'Service'],
];

function withReferences(object: JsonObject, renames: ReadonlyMap<string, string>): JsonObject {
  const follow = (held: JsonObject, field: string, kind: string): JsonObject => {
    const to = renames.get(`${kind}/${textAt(held, field)}`);
    return to === undefined ? held : { ...held, [field]: to };
  };
  const { metadata = {}, ...rest } = object;
  const followed = walk(rest, (held) => {
    let result: JsonObject = follow(follow(held, 'serviceAccountName', 'ServiceAccount'), 'serviceName', 'Service');
    for (const [field, name, kind] of references) {
      const inner = result[field];
      if (isObject(inner)) result = { ...result, [field]: follow(inner, name, kind) };
    }
    for (const field of ['scaleTargetRef', 'roleRef']) {
      const inner = result[field];
      if (isObject(inner)) result = { ...result, [field]: follow(inner, 'name', textAt(inner, 'kind')) };
    }
    if (isList(result.subjects)) {
      const subjects = result.subjects.map((one) => (isObject(one) ? follow(one, 'name', textAt(one, 'kind')) : one));
      result = { ...result, subjects };
    }
    return result;
  });
  return { ...followed, metadata };
}

/** Changes every object inside, from the outside in. */
function walk(object: JsonObject, change: (object: JsonObject) => JsonObject): JsonObject {
  const inner = (value: JsonValue): JsonValue =>
    isList(value) ? value.map(inner) : isObject(value) ? walk(value, change) : value;
  return Object.fromEntries(Object.entries(change(object)).map(([key, value]) => [key, inner(value)]));
}
