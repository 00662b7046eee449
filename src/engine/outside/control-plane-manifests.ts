// The manifests that kubeadm writes to a control plane's disk: etcd, API server, controller manager, scheduler.
import type { Container, Pod, Probe } from '../../api/generated/types.ts';
import { emitYaml } from '../../base/yaml-emit.ts';

export interface ControlPlaneFacts {
  /** The machine's address. */
  readonly ip: string;
  readonly machine: string;
  /** E.g. `v1.36.2`. */
  readonly version: string;
  readonly apiPort: number;
}

export const etcdImage = 'registry.k8s.io/etcd:3.6.8-0';
const certificates = '/var/lib/minikube/certs';
const local = '127.0.0.1';

interface Part {
  readonly name: string;
  readonly image: string;
  readonly cpu: string;
  readonly memory?: string;
  /** A flag without a value is a switch. */
  readonly flags: Readonly<Record<string, string>>;
  /** Directories of the machine that it sees. */
  readonly mounts: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly probed: Probed;
}

/** How the kubelet sees whether a component is well. */
interface Probed {
  readonly host: string;
  readonly port: number;
  readonly scheme: 'HTTP' | 'HTTPS';
  readonly live: string;
  /** Absent: whatever lives is ready. */
  readonly ready?: string;
  /** Default: as for `live`. */
  readonly started?: string;
}

/** Manifests by path. */
export function controlPlaneManifests(facts: ControlPlaneFacts): Readonly<Record<string, string>> {
  return Object.fromEntries(
    partsOf(facts).map((part) => [`/etc/kubernetes/manifests/${part.name}.yaml`, emitYaml(podOf(part))]),
  );
}

/** The flags of those manifests, by component. */
export function controlPlaneFlags(facts: ControlPlaneFacts): Readonly<Record<string, Part['flags']>> {
  return Object.fromEntries(partsOf(facts).map(({ name, flags }) => [name, flags]));
}

function partsOf(facts: ControlPlaneFacts): readonly Part[] {
  const { version } = facts;
  const image = (name: string): string => `registry.k8s.io/${name}:${version}`;
  return [
    {
      name: 'etcd',
      image: etcdImage,
      cpu: '100m',
      memory: '100Mi',
      flags: etcdFlags(facts),
      mounts: { 'etcd-data': '/var/lib/minikube/etcd', 'etcd-certs': `${certificates}/etcd` },
      annotations: { 'kubeadm.kubernetes.io/etcd.advertise-client-urls': `https://${facts.ip}:2379` },
      probed: { host: local, port: 2381, scheme: 'HTTP', live: '/livez', ready: '/readyz', started: '/readyz' },
    },
    {
      name: 'kube-apiserver',
      image: image('kube-apiserver'),
      cpu: '250m',
      flags: apiServerFlags(facts),
      mounts: { 'ca-certs': '/etc/ssl/certs', 'k8s-certs': certificates },
      annotations: {
        'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': `${facts.ip}:${facts.apiPort}`,
      },
      probed: { host: facts.ip, port: facts.apiPort, scheme: 'HTTPS', live: '/livez', ready: '/readyz' },
    },
    {
      name: 'kube-controller-manager',
      image: image('kube-controller-manager'),
      cpu: '200m',
      flags: {
        'allocate-node-cidrs': 'true',
        'bind-address': '127.0.0.1',
        'cluster-cidr': '10.244.0.0/16',
        'cluster-name': 'mk',
        controllers: '*,bootstrapsigner,tokencleaner',
        kubeconfig: '/etc/kubernetes/controller-manager.conf',
        'leader-elect': 'false',
        'root-ca-file': `${certificates}/ca.crt`,
        'service-cluster-ip-range': '10.96.0.0/12',
        'use-service-account-credentials': 'true',
      },
      mounts: { 'ca-certs': '/etc/ssl/certs', 'k8s-certs': certificates },
      probed: { host: local, port: 10257, scheme: 'HTTPS', live: '/healthz' },
    },
    {
      name: 'kube-scheduler',
      image: image('kube-scheduler'),
      cpu: '100m',
      flags: {
        'bind-address': '127.0.0.1',
        kubeconfig: '/etc/kubernetes/scheduler.conf',
        'leader-elect': 'false',
      },
      mounts: {},
      probed: { host: local, port: 10259, scheme: 'HTTPS', live: '/livez', ready: '/readyz' },
    },
  ];
}

function etcdFlags({ ip, machine }: ControlPlaneFacts): Readonly<Record<string, string>> {
  return {
    'advertise-client-urls': `https://${ip}:2379`,
    'cert-file': `${certificates}/etcd/server.crt`,
    'client-cert-auth': 'true',
    'data-dir': '/var/lib/minikube/etcd',
    'feature-gates': 'InitialCorruptCheck=true',
    'initial-advertise-peer-urls': `https://${ip}:2380`,
    'initial-cluster': `${machine}=https://${ip}:2380`,
    'key-file': `${certificates}/etcd/server.key`,
    'listen-client-urls': `https://127.0.0.1:2379,https://${ip}:2379`,
    'listen-metrics-urls': 'http://127.0.0.1:2381',
    'listen-peer-urls': `https://${ip}:2380`,
    name: machine,
    'peer-cert-file': `${certificates}/etcd/peer.crt`,
    'peer-client-cert-auth': 'true',
    'peer-key-file': `${certificates}/etcd/peer.key`,
    'peer-trusted-ca-file': `${certificates}/etcd/ca.crt`,
    'snapshot-count': '10000',
    'trusted-ca-file': `${certificates}/etcd/ca.crt`,
    'watch-progress-notify-interval': '5s',
  };
}

function apiServerFlags({ ip, apiPort }: ControlPlaneFacts): Readonly<Record<string, string>> {
  return {
    'advertise-address': ip,
    'allow-privileged': 'true',
    'authorization-mode': 'Node,RBAC',
    'client-ca-file': `${certificates}/ca.crt`,
    'enable-admission-plugins':
      'NamespaceLifecycle,LimitRanger,ServiceAccount,DefaultStorageClass,DefaultTolerationSeconds,NodeRestriction,MutatingAdmissionWebhook,ValidatingAdmissionWebhook,ResourceQuota',
    'etcd-servers': 'https://127.0.0.1:2379',
    'secure-port': String(apiPort),
    'service-cluster-ip-range': '10.96.0.0/12',
    'tls-cert-file': `${certificates}/apiserver.crt`,
  };
}

function podOf({ name, image, cpu, memory, flags, mounts, annotations, probed }: Part): Pod {
  const container: Container = {
    name,
    image,
    imagePullPolicy: 'IfNotPresent',
    command: [name, ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)],
    ports: [{ name: probePort, containerPort: probed.port, protocol: 'TCP' }],
    ...probesOf(probed),
    resources: { requests: { cpu, ...(memory ? { memory } : {}) } },
    volumeMounts: Object.entries(mounts).map(([volume, mountPath]) => ({ name: volume, mountPath })),
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'kube-system',
      labels: { component: name, tier: 'control-plane' },
      ...(annotations ? { annotations } : {}),
    },
    spec: {
      containers: [container],
      hostNetwork: true,
      priority: 2_000_001_000,
      priorityClassName: 'system-node-critical',
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      volumes: Object.entries(mounts).map(([volume, path]) => ({
        name: volume,
        hostPath: { path, type: 'DirectoryOrCreate' },
      })),
    },
  };
}

const probePort = 'probe-port';

/** As patient as kubeadm is: a component may take four minutes to start. */
function probesOf({ host, scheme, live, ready, started = live }: Probed) {
  const probe = (
    path: string,
    initialDelaySeconds: number,
    failureThreshold: number,
    periodSeconds: number,
  ): Probe => ({
    failureThreshold,
    httpGet: { host, path, port: probePort, scheme },
    initialDelaySeconds,
    periodSeconds,
    timeoutSeconds: 15,
  });
  return {
    livenessProbe: probe(live, 10, 8, 10),
    ...(ready !== undefined && { readinessProbe: probe(ready, 0, 3, 1) }),
    startupProbe: probe(started, 10, 24, 10),
  };
}
