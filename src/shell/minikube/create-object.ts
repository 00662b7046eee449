// Creates objects through a cluster's API, as kubeadm and minikube's addon manager do.

import type { KubePort, KubeReply } from '../../api/ports.ts';
import { isObject, type JsonObject } from '../../base/json.ts';

/** Kinds that minikube makes, by the resource that they are. */
const resources: Readonly<Record<string, string>> = {
  ServiceAccount: 'serviceaccounts',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  ConfigMap: 'configmaps',
  Service: 'services',
  Pod: 'pods',
  DaemonSet: 'daemonsets',
  Deployment: 'deployments',
  StorageClass: 'storageclasses',
};

/** The answer's status is 201; 409 where the object is there already. */
export function createObject(kube: KubePort, object: JsonObject): Promise<KubeReply> {
  return kube.request({
    method: 'POST',
    path: collectionOf(object),
    headers: { 'content-type': 'application/json', 'user-agent': 'kubeadm' },
    body: { kind: 'json', value: object },
  });
}

function collectionOf({ apiVersion, kind, metadata }: JsonObject): string {
  const version = String(apiVersion);
  const namespace = isObject(metadata) && typeof metadata.namespace === 'string' ? metadata.namespace : undefined;
  const root = version.includes('/') ? `/apis/${version}` : `/api/${version}`;
  const place = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return `${root}${place}/${resources[String(kind)] ?? ''}`;
}
