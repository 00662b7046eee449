// The metrics-server addon's objects: the server that asks kubelets what pods use, its rights, and the API that it
// answers for.
import type { JsonObject } from '../../base/json.ts';

export const metricsServerImage = 'registry.k8s.io/metrics-server/metrics-server:v0.8.0';

const name = 'metrics-server';
const namespace = 'kube-system';
const mode = { 'addonmanager.kubernetes.io/mode': 'Reconcile' };
const rightsLabels = { 'k8s-app': name, ...mode };
const minikubeLabels = { 'kubernetes.io/minikube-addons': name, ...mode };
const group = 'metrics.k8s.io';
const rbac = 'rbac.authorization.k8s.io';

/** In the order they are applied. */
export function metricsServerObjects(): readonly JsonObject[] {
  return [
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: `v1beta1.${group}`, labels: minikubeLabels },
      spec: {
        group,
        groupPriorityMinimum: 100,
        insecureSkipTLSVerify: true,
        service: { name, namespace },
        version: 'v1beta1',
        versionPriority: 100,
      },
    },
    deployment,
    ...rights,
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name,
        namespace,
        labels: {
          ...minikubeLabels,
          'kubernetes.io/name': 'Metrics-server',
          'kubernetes.io/minikube-addons-endpoint': name,
        },
      },
      spec: {
        selector: { 'k8s-app': name },
        ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 'https' }],
      },
    },
  ];
}

const probe = (path: string): JsonObject => ({
  failureThreshold: 3,
  httpGet: { path, port: 'https', scheme: 'HTTPS' },
  periodSeconds: 10,
});

const deployment: JsonObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace, labels: { 'k8s-app': name, ...minikubeLabels } },
  spec: {
    selector: { matchLabels: { 'k8s-app': name } },
    strategy: { rollingUpdate: { maxUnavailable: 0 } },
    template: {
      metadata: { name, labels: { 'k8s-app': name } },
      spec: {
        priorityClassName: 'system-cluster-critical',
        serviceAccountName: name,
        volumes: [{ name: 'tmp-dir', emptyDir: {} }],
        containers: [
          {
            name,
            image: metricsServerImage,
            imagePullPolicy: 'IfNotPresent',
            args: [
              '--cert-dir=/tmp',
              '--secure-port=4443',
              '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname',
              '--kubelet-use-node-status-port',
              '--metric-resolution=60s',
              '--kubelet-insecure-tls',
            ],
            resources: { requests: { cpu: '100m', memory: '200Mi' } },
            ports: [{ name: 'https', containerPort: 4443, protocol: 'TCP' }],
            readinessProbe: probe('/readyz'),
            livenessProbe: probe('/livez'),
            securityContext: { readOnlyRootFilesystem: true, runAsNonRoot: true, runAsUser: 1000 },
            volumeMounts: [{ name: 'tmp-dir', mountPath: '/tmp' }],
          },
        ],
      },
    },
  },
};

const account = { kind: 'ServiceAccount', name, namespace };

function binding(boundName: string, role: string): JsonObject {
  return {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: boundName, labels: rightsLabels },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role },
    subjects: [account],
  };
}

const read = ['get', 'list', 'watch'];

const rights: readonly JsonObject[] = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, labels: rightsLabels } },
  {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRole',
    metadata: {
      name: 'system:aggregated-metrics-reader',
      labels: {
        ...rightsLabels,
        'rbac.authorization.k8s.io/aggregate-to-view': 'true',
        'rbac.authorization.k8s.io/aggregate-to-edit': 'true',
        'rbac.authorization.k8s.io/aggregate-to-admin': 'true',
      },
    },
    rules: [{ apiGroups: [group], resources: ['pods', 'nodes'], verbs: read }],
  },
  {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRole',
    metadata: { name: 'system:metrics-server', labels: rightsLabels },
    rules: [
      { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
      { apiGroups: [''], resources: ['pods', 'nodes'], verbs: read },
    ],
  },
  {
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: { name: 'metrics-server-auth-reader', namespace, labels: rightsLabels },
    roleRef: { apiGroup: rbac, kind: 'Role', name: 'extension-apiserver-authentication-reader' },
    subjects: [account],
  },
  binding('metrics-server:system:auth-delegator', 'system:auth-delegator'),
  binding('system:metrics-server', 'system:metrics-server'),
];
