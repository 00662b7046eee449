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
import { type Cluster, emptyCluster } from './cluster.ts';
import { watchObjects } from './watch-objects.ts';

/** What the page shows: the cluster as it is, or as it was while somebody looks back. */
export const useCluster = create<Cluster>(() => emptyCluster);

/** The cluster as it is. */
let live = emptyCluster;
let lookingBack = false;

/** Shows an earlier state instead of the cluster as it is; undefined: goes back to that. */
export function showPast(past: Cluster | undefined): void {
  lookingBack = past !== undefined;
  useCluster.setState(past ?? live);
}

function setLive(part: Partial<Cluster>): void {
  live = { ...live, ...part };
  if (!lookingBack) useCluster.setState(part);
}

export interface VersionListener {
  /** One version of an object; undefined: it is gone. */
  version(kind: keyof Cluster, uid: string, object: JsonObject | undefined): void;
  /** All objects of a kind have been told of. */
  listed(kind: keyof Cluster): void;
}

let versions: VersionListener = { version() {}, listed() {} };

/** Hears of every version of every object, in order, from now on. */
export function onVersions(listener: VersionListener): void {
  versions = listener;
}

/** Follows a cluster. Returns how to stop. */
export function followCluster(kube: KubePort): () => void {
  const stops = [
    follow<Pod>(kube, 'pods', '/api/v1/pods'),
    follow<Node>(kube, 'nodes', '/api/v1/nodes'),
    follow<Service>(kube, 'services', '/api/v1/services'),
    follow<Deployment>(kube, 'deployments', '/apis/apps/v1/deployments'),
    follow<ReplicaSet>(kube, 'replicaSets', '/apis/apps/v1/replicasets'),
    follow<EndpointSlice>(kube, 'endpointSlices', '/apis/discovery.k8s.io/v1/endpointslices'),
    follow<PersistentVolumeClaim>(kube, 'claims', '/api/v1/persistentvolumeclaims'),
    follow<Namespace>(kube, 'namespaces', '/api/v1/namespaces'),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function follow<T>(kube: KubePort, kind: keyof Cluster, path: string): () => void {
  return watchObjects<T>(kube, path, {
    objects: (all) => setLive({ [kind]: all }),
    version: (uid, object) => versions.version(kind, uid, object),
    listed: () => versions.listed(kind),
  });
}
