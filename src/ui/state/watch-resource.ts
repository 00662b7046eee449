// Keeps a list of objects as the cluster has it: list, then watch; again from the start when the watch is lost.
import type { KubePort, KubeRequest } from '../../api/ports.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { nap } from '../../host.ts';

export interface WatchListener {
  /** The whole list, at first and after a lost watch. */
  replaced(objects: readonly JsonObject[]): void;
  changed(object: JsonObject): void;
  removed(object: JsonObject): void;
}

/** Real milliseconds before another try. */
const retryMs = 1000;

/** `path`: the collection, e.g. `/api/v1/pods`. Returns how to stop. */
export function watchResource(kube: KubePort, path: string, listener: WatchListener): () => void {
  let stopped = false;
  let close = (): void => {};
  const run = async (): Promise<void> => {
    while (!stopped) {
      try {
        const list = await listOnce(kube, path);
        listener.replaced(list.items);
        const stream = await kube.stream(get(`${path}?watch=true&resourceVersion=${list.rv}`));
        close = () => stream.close();
        while (!stopped) {
          const piece = await stream.read();
          if (piece === undefined || !(piece.kind === 'json' && tell(piece.value, listener))) break;
        }
        stream.close();
      } catch {
        // the API server does not answer: what is shown stays, and goes stale as any client's cache does
      }
      if (!stopped) await nap(retryMs).done;
    }
  };
  void run();
  return () => {
    stopped = true;
    close();
  };
}

async function listOnce(
  kube: KubePort,
  path: string,
): Promise<{ readonly items: readonly JsonObject[]; readonly rv: string }> {
  const { body } = await kube.request(get(path));
  const list = body.kind === 'json' && isObject(body.value) ? body.value : {};
  const { metadata, items } = list;
  const rv = isObject(metadata) && typeof metadata.resourceVersion === 'string' ? metadata.resourceVersion : undefined;
  if (rv === undefined || !isList(items)) throw new Error(`${path} is no list`);
  return { items: items.filter(isObject).map((item) => withKind(item, list)), rv };
}

/** The items of a list of a built-in kind leave out the kind that they all have. */
function withKind(item: JsonObject, { kind, apiVersion }: JsonObject): JsonObject {
  if (item.kind !== undefined || typeof kind !== 'string' || apiVersion === undefined) return item;
  return { kind: kind.replace(/List$/, ''), apiVersion, ...item };
}

/** False when the watch cannot go on. */
function tell(event: JsonValue, listener: WatchListener): boolean {
  const { type, object } = isObject(event) ? event : {};
  if (!isObject(object)) return false;
  if (type === 'ADDED' || type === 'MODIFIED') listener.changed(object);
  else if (type === 'DELETED') listener.removed(object);
  else return false;
  return true;
}

function get(path: string): KubeRequest {
  return { method: 'GET', path, headers: { 'user-agent': 'page', accept: 'application/json' } };
}
