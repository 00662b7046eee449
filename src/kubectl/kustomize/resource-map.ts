// The objects of a build in order, no two of them with one id.
import { parseSelector, SelectorError } from '../../api/selectors.ts';
import { objectAt, textAt } from '../../base/fields.ts';
import { goRegexp } from '../../base/go-regexp.ts';
import type { JsonObject } from '../../base/json.ts';
import { KustomizeError } from './kustomize-error.ts';
import { annotationsOf, type Resource, withMetadata } from './resource.ts';
import {
  effectiveNamespace,
  type Gvk,
  gvkFrom,
  gvkOf,
  idGoText,
  idText,
  isSameId,
  type ResourceId,
} from './resource-id.ts';

export class ResourceMap {
  private list: readonly Resource[] = [];

  get resources(): readonly Resource[] {
    return this.list;
  }

  append(...resources: readonly Resource[]): void {
    for (const resource of resources) {
      const { id } = resource;
      if (this.list.some((held) => isSameId(held.id, id)))
        throw new KustomizeError(`may not add resource with an already registered id: ${idText(id)}`);
      this.list = [...this.list, resource];
    }
  }

  /** Takes what generators made: new objects, and those that replace others or merge into them. */
  absorb(resources: readonly Resource[]): void {
    for (const resource of resources) this.absorbOne(resource);
  }

  withAnyId(matches: (id: ResourceId) => boolean): readonly Resource[] {
    return this.list.filter((resource) => resource.ids.some(matches));
  }

  /** The only object that has or had an id. */
  byId(id: ResourceId): Resource {
    const found = this.withAnyId((held) => isSameId(held, id));
    const [only] = found;
    if (only && found.length === 1) return only;
    const which = found.length > 1 ? 'multiple' : 'no';
    throw new KustomizeError(
      `${which} matches for Id ${idText(id)}; failed to find unique target for patch ${idText(id)}`,
    );
  }

  select(selector: JsonObject): readonly Resource[] {
    const fits = matcher(selector);
    return this.list.filter((resource) => {
      const ids = [resource.originalId, resource.id];
      return (
        ids.some((id) => fits.ns(effectiveNamespace(id))) &&
        ids.some((id) => fits.name(id.name)) &&
        fits.gvk(gvkOf(resource.object)) &&
        fits.marks(resource.object)
      );
    });
  }

  keep(fits: (resource: Resource) => boolean): void {
    this.list = this.list.filter(fits);
  }

  replaceAll(resources: readonly Resource[]): void {
    this.list = [];
    this.append(...resources);
  }

  /** Changes every object. */
  edit(change: (object: JsonObject) => JsonObject): void {
    for (const resource of this.list) resource.object = change(resource.object);
  }

  private absorbOne(resource: Resource): void {
    const { id } = resource;
    const [old, ...more] = this.withAnyId((held) => isSameId(held, id));
    if (more.length > 0) throw new KustomizeError(`found multiple objects that could accept merge of ${idText(id)}`);
    const joins = resource.behavior === 'merge' || resource.behavior === 'replace';
    if (!old) {
      if (joins) throw new KustomizeError(`id ${idGoText(id)} does not exist; cannot merge or replace`);
      this.append(resource);
      return;
    }
    if (!joins)
      throw new KustomizeError(
        `id ${idGoText(id)} exists; can not use behavior: '${resource.behavior}', behavior must be merge or replace`,
      );
    const { behavior } = resource;
    takeMetadata(resource, old);
    if (behavior === 'merge') {
      for (const field of ['data', 'binaryData']) {
        const merged = { ...objectAt(old.object, field), ...objectAt(resource.object, field) };
        const { [field]: _, ...rest } = resource.object;
        resource.object = Object.keys(merged).length > 0 ? { ...rest, [field]: merged } : rest;
      }
      resource.origin = old.origin;
    }
    this.list = this.list.map((held) => (held === old ? resource : held));
  }
}

/** Labels and annotations of both, name and namespace and all that is remembered of the other. */
function takeMetadata(resource: Resource, from: Resource): void {
  const { name, namespace = '' } = objectAt(from.object, 'metadata') ?? {};
  resource.object = withMetadata(resource.object, {
    labels: { ...from.labels, ...resource.labels },
    annotations: { ...from.annotations, ...resource.annotations },
    name: name ?? '',
    namespace,
  });
  resource.previous = from.previous;
  resource.prefixes = from.prefixes;
  resource.suffixes = from.suffixes;
  resource.variables = from.variables;
  resource.transformations = from.transformations;
  resource.hashed = resource.hashed && from.hashed;
  resource.behavior = from.behavior;
}

/** What a selector's fields ask: regular expressions for whole texts, labels and annotations. */
export function matcher(selector: JsonObject) {
  const wanted = gvkFrom(selector);
  const whole = (pattern: string) => {
    const regexp = pattern === '' ? undefined : goRegexp(`^(?:${pattern})$`);
    return (text: string) => regexp?.test(text) ?? true;
  };
  const [group, version, kind] = [whole(wanted.group), whole(wanted.version), whole(wanted.kind)];
  const labels = selectorOf(textAt(selector, 'labelSelector'));
  const annotations = selectorOf(textAt(selector, 'annotationSelector'));
  return {
    gvk: (gvk: Gvk) => group(gvk.group) && version(gvk.version) && kind(gvk.kind),
    name: whole(textAt(selector, 'name')),
    ns: whole(textAt(selector, 'namespace')),
    marks: (object: JsonObject) =>
      labels.matches(textsOf(objectAt(object, 'metadata.labels'))) && annotations.matches(annotationsOf(object)),
  };
}

function selectorOf(text: string) {
  try {
    return parseSelector(text);
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error;
    throw new KustomizeError(error.message);
  }
}

function textsOf(labels: JsonObject = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, `${value}`]));
}
