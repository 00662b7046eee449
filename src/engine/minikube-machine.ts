// A machine of minikube: its labels, and a control plane that takes ordinary pods.
import type { LocalNode } from '../api/clusters.ts';
import type { ClusterMachine } from './cluster.ts';

export function minikubeMachine({ name, ip, controlPlane }: LocalNode): ClusterMachine {
  const profile = name.replace(/-m\d\d$/, '');
  const labels: Readonly<Record<string, string>> = {
    'minikube.k8s.io/name': profile,
    'minikube.k8s.io/primary': String(name === profile),
    'minikube.k8s.io/version': 'v1.39.0',
    ...(controlPlane
      ? { 'node-role.kubernetes.io/control-plane': '', 'node.kubernetes.io/exclude-from-external-load-balancers': '' }
      : {}),
  };
  return { name, ip, controlPlane, settings: { labels, providerId: `minikube://${name}` } };
}
