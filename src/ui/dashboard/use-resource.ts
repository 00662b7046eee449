// Objects of one resource as the API server tells them, for as long as somebody looks.
import { useEffect, useState } from 'react';
import { isObject, type JsonObject } from '../../base/json.ts';
import { useSession } from '../state/session-store.ts';
import { watchResource } from '../state/watch-resource.ts';

/** `path`: the collection, e.g. `/apis/apps/v1/deployments`. */
export function useResource<T>(path: string): readonly T[] {
  const kube = useSession(({ session }) => session?.kube);
  const [objects, setObjects] = useState<readonly T[]>([]);
  useEffect(() => {
    if (!kube) return undefined;
    const known = new Map<string, JsonObject>();
    let frame = 0;
    const soon = (): void => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        setObjects([...known.values()] as unknown as readonly T[]); // edge: the API server has validated them
      });
    };
    const put = (object: JsonObject): void => {
      known.set(nameOf(object), object);
    };
    const stop = watchResource(kube, path, {
      replaced: (all) => {
        known.clear();
        for (const object of all) put(object);
        soon();
      },
      changed: (object) => {
        put(object);
        soon();
      },
      removed: (object) => {
        known.delete(nameOf(object));
        soon();
      },
    });
    return () => {
      stop();
      cancelAnimationFrame(frame);
    };
  }, [kube, path]);
  return objects;
}

function nameOf({ metadata }: JsonObject): string {
  return isObject(metadata) ? `${String(metadata.namespace)}/${String(metadata.name)}` : '';
}
