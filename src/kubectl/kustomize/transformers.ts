// The transformers that a kustomization's fields stand for, each from its settings to a change of all objects.
import { textAt } from '../../base/fields.ts';
import { GoRegexpError, goRegexp } from '../../base/go-regexp.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { contentHash } from '../commands/create/content-hash.ts';
import { formatJson } from '../print/json.ts';
import { editField, editFields, type FieldSpec } from './field-spec.ts';
import { KustomizeError } from './kustomize-error.ts';
import { annotationsOf, type Resource, scalarText, withMetadata } from './resource.ts';
import { gvkText, idOf, isClusterScoped, isSameId, isSelected } from './resource-id.ts';
import type { ResourceMap } from './resource-map.ts';

export type Transform = (resources: ResourceMap) => void;

/** Labels or annotations: entries of maps at the fields. */
export function entriesTransformer(entries: JsonObject, specs: readonly FieldSpec[]): Transform {
  const sorted = Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1));
  return (resources) =>
    resources.edit((object) =>
      sorted.reduce(
        (held, [key, value]) =>
          editFields(held, specs, {
            initial: {},
            set: (map) => {
              if (map === null) return { [key]: value };
              if (!isObject(map))
                throw new KustomizeError(
                  `wrong node kind: expected MappingNode but got ${isList(map) ? 'SequenceNode' : 'ScalarNode'}: node contents:\n${textOf(map)}\n`,
                );
              return { ...map, [key]: value };
            },
          }),
        object,
      ),
    );
}

export interface NamespaceSettings {
  readonly ns: string;
  readonly specs: readonly FieldSpec[];
  readonly unsetOnly?: boolean;
  /** Which subjects of role bindings follow. */
  readonly subjects?: 'defaultOnly' | 'allServiceAccounts' | 'none';
}

export function namespaceTransformer(settings: NamespaceSettings): Transform {
  return (resources) => {
    if (settings.ns === '') return;
    for (const resource of resources.resources) {
      resource.rememberId();
      resource.object = inNamespace(resource.object, settings);
      const { id } = resource;
      const same = resources.resources.filter((one) => isSameId(one.id, id));
      if (same.length !== 1)
        throw new KustomizeError(
          `namespace transformation produces ID conflict: [${same.map((one) => formatJson(one.withNotes(), { indent: '', sorted: true })).join(' ')}]`,
        );
    }
  };
}

/** The object itself, what it holds of a namespace's name, and the subjects of role bindings. */
export function inNamespace(object: JsonObject, { ns, specs, unsetOnly, subjects }: NamespaceSettings): JsonObject {
  const set = (held: JsonValue) => (unsetOnly && scalarText(held) !== '' ? held : ns);
  const { kind } = idOf(object);
  const metadata = isObject(object.metadata) ? object.metadata : {};
  let result: JsonObject = isClusterScoped(idOf(object))
    ? object
    : { ...object, metadata: { ...metadata, namespace: set(metadata.namespace ?? '') } };
  const isBinding = kind === 'RoleBinding' || kind === 'ClusterRoleBinding';
  if (isBinding && subjects !== 'none' && isList(result.subjects)) {
    const follows = (subject: JsonObject) =>
      subjects === 'allServiceAccounts' ? subject.kind === 'ServiceAccount' : subject.name === 'default';
    const moved = result.subjects.map((subject) =>
      isObject(subject) && follows(subject) ? { ...subject, namespace: set(subject.namespace ?? '') } : subject,
    );
    result = { ...result, subjects: moved };
  }
  const own = specs.filter(
    ({ path, kind: of }) =>
      path !== 'metadata/namespace' &&
      !(path === 'metadata/name' && object.apiVersion !== 'v1') &&
      !(path === 'subjects/namespace' && ['RoleBinding', 'ClusterRoleBinding'].includes(of)),
  );
  return editFields(result, own, { initial: '', set });
}

const unnamed = [
  { group: '', version: '', kind: 'CustomResourceDefinition' },
  { group: 'apiregistration.k8s.io', version: '', kind: 'APIService' },
  { group: '', version: '', kind: 'Namespace' },
];

/** A prefix or a suffix of names. */
export function affixTransformer(where: 'prefix' | 'suffix', affix: string, specs: readonly FieldSpec[]): Transform {
  const set = (held: JsonValue) => (where === 'prefix' ? affix + scalarText(held) : scalarText(held) + affix);
  const change = (resource: Resource) => {
    const id = resource.originalId;
    if (unnamed.some((kind) => isSelected(id, kind))) return;
    for (const spec of specs) {
      if (!isSelected(id, spec)) continue;
      if (spec.path === 'metadata/name' && affix !== '') {
        if (where === 'prefix') resource.prefixes = [...resource.prefixes, affix];
        else resource.suffixes = [...resource.suffixes, affix];
        resource.rememberId();
      }
      resource.object = editField(resource.object, spec, { initial: '', set });
    }
  };
  return (resources) => resources.resources.forEach(change);
}

export function replicasTransformer(replica: JsonObject, specs: readonly FieldSpec[]): Transform {
  const name = textAt(replica, 'name');
  const count = typeof replica.count === 'number' ? replica.count : 0;
  return (resources) => {
    let found = false;
    for (const spec of specs)
      for (const resource of resources.withAnyId((id) => id.name === name && isSelected(id, spec))) {
        found = true;
        resource.object = editField(resource.object, spec, { initial: 0, set: () => count });
      }
    if (!found)
      throw new KustomizeError(
        `resource with name ${name} does not match a config with the following GVK [${specs.map(gvkText).join(' ')}]`,
      );
  };
}

export function imageTransformer(image: JsonObject, specs: readonly FieldSpec[]): Transform {
  const set = (held: JsonValue): JsonValue => {
    if (isObject(held) || isList(held))
      throw new KustomizeError(
        `wrong node kind: expected ScalarNode but got ${isList(held) ? 'SequenceNode' : 'MappingNode'}: node contents:\n${textOf(held)}\n`,
      );
    return withImage(scalarText(held), image) ?? held;
  };
  return (resources) => {
    const change = (edit: (object: JsonObject) => JsonObject) =>
      resources.edit((object) => (object.kind === 'CustomResourceDefinition' ? object : edit(object)));
    change((object) => inContainers(object, set));
    change((object) => editFields(object, specs, { set }));
  };
}

/** Images in all lists of containers, wherever they stand. */
function inContainers<Value extends JsonValue>(value: Value, set: (image: JsonValue) => JsonValue): Value;
function inContainers(value: JsonValue, set: (image: JsonValue) => JsonValue): JsonValue {
  if (isList(value)) return value.map((item) => inContainers(item, set));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, held]) => {
    const inner = inContainers(held, set);
    const isContainers = (key === 'containers' || key === 'initContainers') && isList(inner);
    return [key, isContainers ? inner.map((item) => withOwnImage(item, set)) : inner] as const;
  });
  return Object.fromEntries(entries);
}

function withOwnImage(container: JsonValue, set: (image: JsonValue) => JsonValue): JsonValue {
  if (!isObject(container) || !Object.hasOwn(container, 'image')) return container;
  return { ...container, image: set(container.image ?? '') };
}

/** The new reference of an image that is meant; undefined for another. */
function withImage(held: string, image: JsonObject): string | undefined {
  const field = (name: string) => textAt(image, name);
  if (!isImage(held, field('name'))) return undefined;
  let { name, tag, digest } = splitImage(held);
  if (field('newName') !== '') name = field('newName');
  if (field('newTag') !== '') {
    tag = field('newTag');
    digest = field('digest');
  } else if (field('digest') !== '') {
    tag = '';
    digest = field('digest');
  } else if (field('tagSuffix') !== '') {
    tag += field('tagSuffix');
    digest = '';
  }
  return `${name}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`;
}

/** The name of an image setting is a regular expression. */
function isImage(held: string, name: string): boolean {
  const tag = '(:[a-zA-Z0-9_.{}-]*)?(@[a-zA-Z0-9]+([.+_-][a-zA-Z0-9]+)*:[a-zA-Z0-9_.{}-]*)?';
  try {
    return goRegexp(`^${name}${tag}$`).test(held);
  } catch (error) {
    if (error instanceof GoRegexpError) return false;
    throw error;
  }
}

function splitImage(image: string) {
  const slash = Math.max(0, image.indexOf('/'));
  const at = image.indexOf('@', slash);
  const colon = image.indexOf(':', slash);
  if (at >= 0 && (colon < 0 || at < colon)) return { name: image.slice(0, at), tag: '', digest: image.slice(at + 1) };
  if (colon < 0) return { name: image, tag: '', digest: '' };
  const tag = image.slice(colon + 1, at < 0 ? undefined : at);
  return { name: image.slice(0, colon), tag, digest: at < 0 ? '' : image.slice(at + 1) };
}

/** Names of generated objects end in a hash of what they hold. */
export function hashTransformer(resources: ResourceMap): void {
  for (const resource of resources.resources) {
    if (!resource.hashed) continue;
    const { object } = resource;
    const { name, kind } = resource.id;
    const optional = (field: string) => (isObject(object[field]) ? { [field]: object[field] } : {});
    const content =
      kind === 'Secret'
        ? { kind, type: object.type ?? '', name: '', data: object.data ?? '', ...optional('stringData') }
        : { kind, name: '', data: object.data ?? '', ...optional('binaryData') };
    resource.rememberId();
    resource.setName(`${name}-${contentHash(content)}`);
  }
}

/** Whether objects that only configure the build are in the way of what is given out. */
export function isLocal(object: JsonObject): boolean {
  const mark = annotationsOf(object)['config.kubernetes.io/local-config'];
  return mark !== undefined && mark !== 'false';
}

/** Annotations as kustomize leaves them: texts, and none at all rather than an empty map. */
export function withPlainAnnotations(object: JsonObject): JsonObject {
  return isObject(object.metadata) && object.metadata.annotations !== undefined
    ? withMetadata(object, { annotations: annotationsOf(object) })
    : object;
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
