// The services of a cluster as minikube looks at them, through the cluster's API.
import type { LocalCluster } from '../../api/clusters.ts';
import type { Ingress, Service } from '../../api/generated/types.ts';
import { isList, isObject, type JsonValue } from '../../base/json.ts';
import type { MinikubeCall } from './command.ts';

export async function listServices(call: MinikubeCall, cluster: LocalCluster): Promise<readonly Service[]> {
  return (await list(call, cluster, '/api/v1/services')) as unknown as readonly Service[]; // edge: the server's own services
}

export async function listIngresses(call: MinikubeCall, cluster: LocalCluster): Promise<readonly Ingress[]> {
  return (await list(call, cluster, '/apis/networking.k8s.io/v1/ingresses')) as unknown as readonly Ingress[]; // edge: the server's own
}

async function list(call: MinikubeCall, { server }: LocalCluster, path: string): Promise<readonly JsonValue[]> {
  const { body } = await call.kube(server).request({ method: 'GET', path });
  const items = body.kind === 'json' && isObject(body.value) ? body.value.items : [];
  return isList(items) ? items : [];
}

/** Sets or clears what a load balancer would have given. */
export async function setIngress(
  call: MinikubeCall,
  cluster: LocalCluster,
  { service, ip }: { readonly service: Service; readonly ip: string | undefined },
): Promise<void> {
  const { namespace = '', name = '' } = service.metadata ?? {};
  await call.kube(cluster.server).request({
    method: 'PATCH',
    path: `/api/v1/namespaces/${namespace}/services/${name}/status`,
    headers: { 'content-type': 'application/merge-patch+json', 'user-agent': 'minikube' },
    body: { kind: 'json', value: { status: { loadBalancer: { ingress: ip === undefined ? null : [{ ip }] } } } },
  });
}
