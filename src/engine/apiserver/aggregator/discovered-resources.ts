// What another server's discovery says that it has: an APIResourceList as entries of the catalog.
import { at, flagAt, objectsAt, textAt, textsAt } from '../../../base/fields.ts';
import { isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';
import type { CatalogResource, CatalogSubresource } from '../../../kinds/catalog.ts';

interface Version {
  readonly group: string;
  readonly version: string;
}

/** Undefined: the text is no such list. */
export function discoveredResources(where: Version, text: string): readonly CatalogResource[] | undefined {
  const list = parsed(text);
  if (textAt(list, 'kind') !== 'APIResourceList' || at(list, 'resources') === undefined) return undefined;
  const entries = objectsAt(list, 'resources');
  return entries
    .filter((entry) => !textAt(entry, 'name').includes('/'))
    .map((entry) => resource(where, entry, entries));
}

function resource(where: Version, entry: JsonObject, all: readonly JsonObject[]): CatalogResource {
  const name = textAt(entry, 'name');
  return {
    group: where.group,
    version: where.version,
    resource: name,
    kind: textAt(entry, 'kind'),
    singular: textAt(entry, 'singularName'),
    namespaced: flagAt(entry, 'namespaced'),
    shortNames: textsAt(entry, 'shortNames'),
    categories: textsAt(entry, 'categories'),
    verbs: textsAt(entry, 'verbs'),
    subresources: all
      .filter((other) => textAt(other, 'name').startsWith(`${name}/`))
      .map((other) => part(where, other)),
  };
}

function part(where: Version, entry: JsonObject): CatalogSubresource {
  return {
    name: textAt(entry, 'name').split('/')[1] ?? '',
    group: textAt(entry, 'group') || where.group,
    version: textAt(entry, 'version') || where.version,
    kind: textAt(entry, 'kind'),
    verbs: textsAt(entry, 'verbs'),
  };
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // an answer of something else
  }
}
