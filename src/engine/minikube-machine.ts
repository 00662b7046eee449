// A machine of minikube: its labels, a control plane that takes ordinary pods, and what lies on its disk at first.
import type { LocalNode } from '../api/clusters.ts';
import type { ClusterMachine } from './cluster-machines.ts';
import { controlPlaneFlags, controlPlaneManifests, etcdImage } from './outside/control-plane-manifests.ts';

const apiPort = 8443;

export function minikubeMachine({ name, ip, controlPlane }: LocalNode, version: string): ClusterMachine {
  const profile = name.replace(/-m\d\d$/, '');
  const labels: Readonly<Record<string, string>> = {
    'minikube.k8s.io/name': profile,
    'minikube.k8s.io/primary': String(name === profile),
    'minikube.k8s.io/version': 'v1.39.0',
    ...(controlPlane
      ? { 'node-role.kubernetes.io/control-plane': '', 'node.kubernetes.io/exclude-from-external-load-balancers': '' }
      : {}),
  };
  return {
    name,
    ip,
    controlPlane,
    settings: {
      labels,
      providerId: `minikube://${name}`,
      ...(controlPlane && { flags: controlPlaneFlags({ ip, machine: name, version, apiPort }) }),
      disk: controlPlane ? controlPlaneManifests({ ip, machine: name, version, apiPort }) : {},
      preloaded: [
        ...['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'].map(
          (part) => `registry.k8s.io/${part}:${version}`,
        ),
        etcdImage,
        'registry.k8s.io/coredns/coredns:v1.14.0',
        'registry.k8s.io/pause:3.10.1',
        'gcr.io/k8s-minikube/storage-provisioner:v5',
        'docker.io/kindest/kindnetd:v20251212-v0.29.0-alpha-105-g20ccfc88',
      ],
    },
  };
}
