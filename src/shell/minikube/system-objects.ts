// What kubeadm and minikube put into a new cluster through its API: DNS, kube-proxy, the pod network, and storage.
import type { JsonObject } from '../../base/json.ts';

const rbac = 'rbac.authorization.k8s.io/v1';
const everywhere = [{ operator: 'Exists' }];
const systemSettings = { namespace: 'kube-system' };

/** In the order they are made. `several`: the cluster has more than one control plane to talk to. */
export function systemObjects(version: string): readonly JsonObject[] {
  return [...dns, ...proxy(version), ...podNetwork, ...storage];
}

const corefile = `.:53 {
    log
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    hosts {
       192.168.65.254 host.minikube.internal
       fallthrough
    }
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success cluster.local
       disable denial cluster.local
    }
    loop
    reload
    loadbalance
}
`;

const dnsLabels = { 'k8s-app': 'kube-dns' };

const dns: readonly JsonObject[] = [
  account('coredns'),
  {
    apiVersion: rbac,
    kind: 'ClusterRole',
    metadata: { name: 'system:coredns' },
    rules: [
      {
        apiGroups: [''],
        resources: ['endpoints', 'services', 'pods', 'namespaces'],
        verbs: ['list', 'watch'],
      },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
    ],
  },
  binding('system:coredns', 'system:coredns', 'coredns'),
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'coredns', ...systemSettings },
    data: { Corefile: corefile },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'kube-dns',
      ...systemSettings,
      labels: { ...dnsLabels, 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' },
      annotations: { 'prometheus.io/port': '9153', 'prometheus.io/scrape': 'true' },
    },
    spec: {
      clusterIP: '10.96.0.10',
      selector: dnsLabels,
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
        { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
        { name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 9153 },
      ],
    },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'coredns', ...systemSettings, labels: dnsLabels },
    spec: {
      replicas: 1,
      selector: { matchLabels: dnsLabels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      template: {
        metadata: { labels: dnsLabels },
        spec: {
          priorityClassName: 'system-cluster-critical',
          serviceAccountName: 'coredns',
          dnsPolicy: 'Default',
          tolerations: [
            { key: 'CriticalAddonsOnly', operator: 'Exists' },
            { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' },
          ],
          containers: [
            {
              name: 'coredns',
              image: 'registry.k8s.io/coredns/coredns:v1.14.0',
              imagePullPolicy: 'IfNotPresent',
              args: ['-conf', '/etc/coredns/Corefile'],
              resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
              ports: [
                { name: 'dns', containerPort: 53, protocol: 'UDP' },
                { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
                { name: 'metrics', containerPort: 9153, protocol: 'TCP' },
              ],
              volumeMounts: [{ name: 'config-volume', mountPath: '/etc/coredns', readOnly: true }],
            },
          ],
          volumes: [
            {
              name: 'config-volume',
              configMap: { name: 'coredns', items: [{ key: 'Corefile', path: 'Corefile' }] },
            },
          ],
        },
      },
    },
  },
];

function proxy(version: string): readonly JsonObject[] {
  return [
    account('kube-proxy'),
    binding('kubeadm:node-proxier', 'system:node-proxier', 'kube-proxy'),
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kube-proxy', ...systemSettings, labels: { app: 'kube-proxy' } },
      data: {
        'config.conf':
          'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nclusterCIDR: 10.244.0.0/16\nmode: ""\n',
      },
    },
    daemonSet('kube-proxy', {
      labels: { 'k8s-app': 'kube-proxy' },
      container: {
        name: 'kube-proxy',
        image: `registry.k8s.io/kube-proxy:${version}`,
        imagePullPolicy: 'IfNotPresent',
        command: ['/usr/local/bin/kube-proxy', '--config=/var/lib/kube-proxy/config.conf'],
        volumeMounts: [{ name: 'kube-proxy', mountPath: '/var/lib/kube-proxy' }],
        securityContext: { privileged: true },
      },
      volumes: [{ name: 'kube-proxy', configMap: { name: 'kube-proxy' } }],
      priorityClassName: 'system-node-critical',
    }),
  ];
}

const podNetwork: readonly JsonObject[] = [
  account('kindnet'),
  daemonSet('kindnet', {
    labels: { app: 'kindnet', 'k8s-app': 'kindnet', tier: 'node' },
    container: {
      name: 'kindnet-cni',
      image: 'docker.io/kindest/kindnetd:v20251212-v0.29.0-alpha-105-g20ccfc88',
      imagePullPolicy: 'IfNotPresent',
      resources: { limits: { cpu: '100m', memory: '50Mi' }, requests: { cpu: '100m', memory: '50Mi' } },
      securityContext: { capabilities: { add: ['NET_RAW', 'NET_ADMIN'] } },
      volumeMounts: [{ name: 'cni-cfg', mountPath: '/etc/cni/net.d' }],
    },
    volumes: [{ name: 'cni-cfg', hostPath: { path: '/etc/cni/net.d', type: 'DirectoryOrCreate' } }],
  }),
];

const storage: readonly JsonObject[] = [
  account('storage-provisioner'),
  binding('storage-provisioner', 'system:persistent-volume-provisioner', 'storage-provisioner'),
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'storage-provisioner',
      ...systemSettings,
      labels: { 'addonmanager.kubernetes.io/mode': 'Reconcile', 'integration-test': 'storage-provisioner' },
    },
    spec: {
      serviceAccountName: 'storage-provisioner',
      hostNetwork: true,
      containers: [
        {
          name: 'storage-provisioner',
          image: 'gcr.io/k8s-minikube/storage-provisioner:v5',
          command: ['/storage-provisioner'],
          imagePullPolicy: 'IfNotPresent',
          volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
        },
      ],
      volumes: [{ name: 'tmp', hostPath: { path: '/tmp', type: 'Directory' } }],
    },
  },
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: {
      name: 'standard',
      labels: { 'addonmanager.kubernetes.io/mode': 'EnsureExists' },
      annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
    },
    provisioner: 'k8s.io/minikube-hostpath',
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
  },
];

function account(name: string): JsonObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, ...systemSettings } };
}

function binding(name: string, role: string, to: string): JsonObject {
  return {
    apiVersion: rbac,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', name: to, ...systemSettings }],
  };
}

function daemonSet(
  name: string,
  parts: {
    readonly labels: Readonly<Record<string, string>>;
    readonly container: JsonObject;
    readonly volumes: readonly JsonObject[];
    readonly priorityClassName?: string;
  },
): JsonObject {
  const { labels, container, volumes, priorityClassName } = parts;
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, ...systemSettings, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          serviceAccountName: name,
          tolerations: everywhere,
          ...(priorityClassName ? { priorityClassName } : {}),
          containers: [container],
          volumes: [...volumes],
        },
      },
    },
  };
}
