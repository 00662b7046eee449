// What the servers of aggregated APIs tell of them in OpenAPI: read now and then, and shown among the API server's own.
//
// Left out: documents of version 3 made from version 2, for servers that have no other; and two definitions that differ
// under one name: the first counts.
import { isTooDeep } from '../../../api/json-problem.ts';
import { decodeUtf8 } from '../../../base/bytes.ts';
import { objectAt, textAt } from '../../../base/fields.ts';
import type { HttpResponse } from '../../../base/http.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';
import type { Stop } from '../../sim/scope.ts';
import type { RemoteApi } from './remote-api.ts';
import type { RemoteConnection } from './remote-connection.ts';

export interface RemoteOpenApi {
  /** The URL of each document of version 3, by its path below /openapi/v3. */
  readonly documents: ReadonlyMap<string, string>;
  /** Of version 2: the paths of the API and the definitions that they lead to. */
  readonly paths: JsonObject;
  readonly definitions: JsonObject;
}

const reader = { name: 'system:aggregator', groups: [] };

/** Asks for both versions, one after the other; what cannot be had is empty. Returns how to give up. */
export function readOpenApi(connection: RemoteConnection, api: RemoteApi, done: (read: RemoteOpenApi) => void): Stop {
  let stop: Stop = () => {};
  const ask = (path: string, then: (document: JsonObject) => void): void => {
    const headers = { Accept: 'application/json' };
    stop = connection.ask(
      api,
      { method: 'GET', path, user: reader, headers, quiet: true },
      {
        failed: () => then({}),
        response: (response) => then(documentIn(response)),
      },
    );
  };
  ask('/openapi/v3', (index) => {
    const entries = Object.entries(objectAt(index, 'paths') ?? {});
    const documents = entries.map(([path, entry]): [string, string] => [path, textAt(entry, 'serverRelativeURL')]);
    ask('/openapi/v2', (document) => done({ documents: new Map(documents), ...partOf(api, document) }));
  });
  return () => stop();
}

function documentIn({ status, body }: HttpResponse): JsonObject {
  if (status !== 200) return {};
  try {
    const text = decodeUtf8(body);
    const value: JsonValue = isTooDeep(text) ? {} : JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {}; // an answer of something else
  }
}

const reference = '#/definitions/';

function partOf({ group, version }: RemoteApi, document: JsonObject): Pick<RemoteOpenApi, 'paths' | 'definitions'> {
  const root = `/apis/${group}/${version}/`;
  const own = Object.entries(objectAt(document, 'paths') ?? {}).filter(([path]) => path.startsWith(root));
  const all = new Map(Object.entries(objectAt(document, 'definitions') ?? {}));
  const used = new Map<string, JsonValue>();
  const follow = (value: JsonValue): void => {
    if (isList(value)) for (const item of value) follow(item);
    if (!isObject(value)) return;
    for (const [key, item] of Object.entries(value)) {
      const name = key === '$ref' && typeof item === 'string' ? item.replace(reference, '') : undefined;
      const definition = name === undefined ? undefined : all.get(name);
      if (name === undefined) follow(item ?? null);
      else if (definition !== undefined && !used.has(name)) {
        used.set(name, definition);
        follow(definition);
      }
    }
  };
  for (const [, path] of own) follow(path ?? null);
  return { paths: Object.fromEntries(own), definitions: Object.fromEntries(used) };
}
