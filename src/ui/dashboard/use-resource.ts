// Objects of one resource as the API server tells them, for as long as somebody looks.
import { useEffect, useState } from 'react';
import { useSession } from '../state/session-store.ts';
import { watchObjects } from '../state/watch-objects.ts';

/** `path`: the collection, e.g. `/apis/apps/v1/deployments`. */
export function useResource<T>(path: string): readonly T[] {
  const kube = useSession(({ session }) => session?.kube);
  const [objects, setObjects] = useState<readonly T[]>([]);
  useEffect(() => {
    if (!kube) return undefined;
    return watchObjects<T>(kube, path, { objects: (all) => setObjects([...all.values()]) });
  }, [kube, path]);
  return objects;
}
