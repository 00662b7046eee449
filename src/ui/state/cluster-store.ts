// What the page knows of the cluster: objects by uid, as watches tell; one update a frame at most.
import { create } from 'zustand';
import type {
  Deployment,
  EndpointSlice,
  Namespace,
  Node,
  PersistentVolumeClaim,
  Pod,
  ReplicaSet,
  Service,
} from '../../api/generated/types.ts';
import type { KubePort } from '../../api/ports.ts';
import type { JsonObject } from '../../base/json.ts';
import { watchResource } from './watch-resource.ts';

export interface Cluster {
  readonly pods: ReadonlyMap<string, Pod>;
  readonly nodes: ReadonlyMap<string, Node>;
  readonly services: ReadonlyMap<string, Service>;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly deployments: ReadonlyMap<string, Deployment>;
  readonly replicaSets: ReadonlyMap<string, ReplicaSet>;
  readonly endpointSlices: ReadonlyMap<string, EndpointSlice>;
  readonly claims: ReadonlyMap<string, PersistentVolumeClaim>;
}

export const useCluster = create<Cluster>(() => ({
  pods: new Map(),
  nodes: new Map(),
  services: new Map(),
  namespaces: new Map(),
  deployments: new Map(),
  replicaSets: new Map(),
  endpointSlices: new Map(),
  claims: new Map(),
}));

/** Follows a cluster. Returns how to stop. */
export function followCluster(kube: KubePort): () => void {
  const stops = [
    follow<Pod>(kube, '/api/v1/pods', (pods) => useCluster.setState({ pods })),
    follow<Node>(kube, '/api/v1/nodes', (nodes) => useCluster.setState({ nodes })),
    follow<Service>(kube, '/api/v1/services', (services) => useCluster.setState({ services })),
    follow<Deployment>(kube, '/apis/apps/v1/deployments', (deployments) => useCluster.setState({ deployments })),
    follow<ReplicaSet>(kube, '/apis/apps/v1/replicasets', (replicaSets) => useCluster.setState({ replicaSets })),
    follow<EndpointSlice>(kube, '/apis/discovery.k8s.io/v1/endpointslices', (endpointSlices) =>
      useCluster.setState({ endpointSlices }),
    ),
    follow<PersistentVolumeClaim>(kube, '/api/v1/persistentvolumeclaims', (claims) => useCluster.setState({ claims })),
    follow<Namespace>(kube, '/api/v1/namespaces', (namespaces) => useCluster.setState({ namespaces })),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function follow<T>(kube: KubePort, path: string, show: (objects: ReadonlyMap<string, T>) => void): () => void {
  const objects = new Map<string, T>();
  let frame = 0;
  const soon = (): void => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      show(new Map(objects));
    });
  };
  const put = (object: JsonObject): void => {
    objects.set(uidOf(object), object as T); // edge: the API server has validated it
  };
  const stop = watchResource(kube, path, {
    replaced: (all) => {
      objects.clear();
      for (const object of all) put(object);
      soon();
    },
    changed: (object) => {
      put(object);
      soon();
    },
    removed: (object) => {
      objects.delete(uidOf(object));
      soon();
    },
  });
  return () => {
    stop();
    cancelAnimationFrame(frame);
  };
}

function uidOf({ metadata }: JsonObject): string {
  const uid = typeof metadata === 'object' && metadata !== null && 'uid' in metadata ? metadata.uid : undefined;
  return typeof uid === 'string' ? uid : '';
}
