// Keeps the objects of one resource by uid as the cluster has them, and tells of them once a frame at most.
import type { KubePort } from '../../api/ports.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { watchResource } from './watch-resource.ts';

export interface ObjectsListener<T> {
  /** All of them, after a change. */
  objects(all: ReadonlyMap<string, T>): void;
  /** Each version of each, at once; undefined: it is gone. */
  version?(uid: string, object: JsonObject | undefined): void;
  /** All that there is has been told of. */
  listed?(): void;
}

/** `path`: the collection, e.g. `/api/v1/pods`. Returns how to stop. */
export function watchObjects<T>(kube: KubePort, path: string, listener: ObjectsListener<T>): () => void {
  const objects = new Map<string, T>();
  let frame = 0;
  const soon = (): void => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      listener.objects(new Map(objects));
    });
  };
  const put = (object: JsonObject): void => {
    const uid = uidOf(object);
    objects.set(uid, object as T); // edge: the API server has validated it
    listener.version?.(uid, object);
  };
  const stop = watchResource(kube, path, {
    replaced: (all) => {
      for (const uid of objects.keys()) listener.version?.(uid, undefined);
      objects.clear();
      for (const object of all) put(object);
      listener.listed?.();
      soon();
    },
    changed: (object) => {
      put(object);
      soon();
    },
    removed: (object) => {
      objects.delete(uidOf(object));
      listener.version?.(uidOf(object), undefined);
      soon();
    },
  });
  return () => {
    stop();
    cancelAnimationFrame(frame);
  };
}

function uidOf({ metadata }: JsonObject): string {
  return isObject(metadata) && typeof metadata.uid === 'string' ? metadata.uid : '';
}
