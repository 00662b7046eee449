// What the page knows of a cluster at one moment: objects by uid.
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

export const emptyCluster: Cluster = {
  pods: new Map(),
  nodes: new Map(),
  services: new Map(),
  namespaces: new Map(),
  deployments: new Map(),
  replicaSets: new Map(),
  endpointSlices: new Map(),
  claims: new Map(),
};
