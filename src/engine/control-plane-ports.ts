// The ports of a control plane's machine: the API server's, etcd's, each as long as its process runs; and what etcd
// keeps on the machine's disk.
import type { NetworkHost } from '../api/network.ts';
import type { CertificateAuthority } from '../base/certificate-authority.ts';
import type { FileTree } from '../base/files.ts';
import { networkEdge } from './apiserver/network-edge.ts';
import { openComponentPort } from './components/port-code.ts';
import type { ControlPlanes } from './control-planes.ts';
import type { Gateway } from './etcd/gateway-port.ts';
import { EtcdMeters } from './etcd/meters.ts';
import { etcdListener, openMetricsPorts } from './etcd-edge.ts';

export interface ControlPlanePorts {
  readonly controlPlanes: ControlPlanes;
  readonly machine: string;
  readonly host: NetworkHost;
  readonly files: FileTree;
  readonly authority: CertificateAuthority;
  readonly gateway: Omit<Gateway, 'member' | 'meters'>;
  readonly inPods: boolean;
  /** The directory of etcd's data; default: where it is at first. */
  readonly data: string | undefined;
  /** Whether etcd has had its data on this disk before. */
  readonly restored: boolean;
}

export function openControlPlanePorts(ports: ControlPlanePorts): void {
  const { controlPlanes, machine, host, files, authority, inPods, restored } = ports;
  const { port } = controlPlanes;
  const controlPlane = controlPlanes.machine(machine);
  const edge = apiServerListener(ports);
  if (!controlPlane) {
    host.listen(port, edge);
    return;
  }
  controlPlane.whileRunning('kube-apiserver', () => host.listen(port, edge) ?? (() => {}));
  for (const name of ['kube-controller-manager', 'kube-scheduler'] as const)
    controlPlane.whileRunning(name, () => {
      const meter = controlPlane.meter(name);
      const link = controlPlanes.link(0);
      return meter ? openComponentPort({ name, meter, network: host, flags: usualFlags[name], link }) : () => {};
    });
  const { member } = controlPlane;
  const { directories } = ports.gateway;
  const data = ports.data ?? (inPods ? '/var/lib/minikube/etcd' : '/var/lib/etcd');
  if (restored || !inPods) directories.adopt(member, files, data);
  if (!inPods) controlPlane.beforeEtcd = () => directories.open(member, files, { directory: data });
  const directory = inPods ? '/var/lib/minikube/certs/etcd' : '/etc/kubernetes/pki/etcd';
  const meters = new EtcdMeters(ports.gateway.cluster, member);
  const gateway = { ...ports.gateway, member, meters };
  const open = etcdListener({ gateway, authority, host, files, directory, port: () => controlPlane.etcdPort });
  controlPlane.whileRunning('etcd', () => {
    const shut = open();
    const end = meters.begin();
    const shutMetrics = openMetricsPorts(gateway, host, controlPlane.etcdMetricsPorts);
    return () => {
      shut();
      end();
      shutMetrics();
    };
  });
}

/** What the processes of a machine are started with. */
const local = { 'bind-address': '127.0.0.1', 'leader-elect': 'true' };
const usualFlags = {
  'kube-controller-manager': new Map(
    Object.entries({
      ...local,
      'allocate-node-cidrs': 'true',
      'cluster-cidr': '10.244.0.0/16',
      controllers: '*,bootstrapsigner,tokencleaner',
      kubeconfig: '/etc/kubernetes/controller-manager.conf',
      'root-ca-file': '/etc/kubernetes/pki/ca.crt',
      'service-account-private-key-file': '/etc/kubernetes/pki/sa.key',
      'service-cluster-ip-range': '10.96.0.0/12',
      'use-service-account-credentials': 'true',
    }),
  ),
  'kube-scheduler': new Map(Object.entries({ ...local, kubeconfig: '/etc/kubernetes/scheduler.conf' })),
};

/** Programs in the cluster reach the API server over the network. */
function apiServerListener({ controlPlanes, machine, host, authority }: ControlPlanePorts) {
  let certificate: string | undefined;
  return networkEdge({
    edge: () => (controlPlanes.machine(machine) ?? controlPlanes.machines[0])?.apiServer,
    certificate: () => {
      certificate ??= authority.issueWithKey({
        subject: { commonName: 'kube-apiserver', organizations: [] },
        usages: ['server'],
        names: [...apiServerNames, ...host.ips],
        at: authority.origin.since,
      }).certificate;
      return certificate;
    },
  });
}

/** Names that the API server's certificate is for, besides its machine's addresses. */
export const apiServerNames = [
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
  '10.96.0.1',
];
