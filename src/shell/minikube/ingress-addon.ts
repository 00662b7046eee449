// The ingress addon's objects: the NGINX ingress controller on the machine's own ports 80 and 443, its rights, and the
// jobs that set up its webhook.
import type { JsonObject } from '../../base/json.ts';

export const controllerImage = 'registry.k8s.io/ingress-nginx/controller:v1.14.1';
export const certgenImage = 'registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.6.5';

const namespace = 'ingress-nginx';
const rbac = 'rbac.authorization.k8s.io/v1';
const shared = { 'app.kubernetes.io/name': namespace, 'app.kubernetes.io/instance': namespace };
const labels = { ...shared, 'app.kubernetes.io/component': 'controller' };
const webhookLabels = { ...shared, 'app.kubernetes.io/component': 'admission-webhook' };
const watch = ['list', 'watch'];
const read = ['get', ...watch];

/** In the order they are applied. */
export function ingressObjects(): readonly JsonObject[] {
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: shared } },
    account('ingress-nginx', labels),
    ...['ingress-nginx-controller', 'tcp-services', 'udp-services'].map((name) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace, labels },
      ...(name === 'ingress-nginx-controller' ? { data: { hsts: 'false', 'allow-snippet-annotations': 'true' } } : {}),
    })),
    ...rights('ingress-nginx', labels, { cluster: clusterRules, own: ownRules }),
    service('ingress-nginx-controller-admission', {
      type: 'ClusterIP',
      ports: [{ name: 'https-webhook', port: 443, targetPort: 'webhook', appProtocol: 'https' }],
    }),
    service('ingress-nginx-controller', {
      type: 'NodePort',
      ports: ['http', 'https'].map((name) => ({ name, port: portOf(name), targetPort: name, appProtocol: name })),
    }),
    deployment(),
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'nginx', labels, annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } },
      spec: { controller: 'k8s.io/ingress-nginx' },
    },
    webhook(),
    account('ingress-nginx-admission', webhookLabels),
    ...rights('ingress-nginx-admission', webhookLabels, {
      cluster: [rule('admissionregistration.k8s.io', ['validatingwebhookconfigurations'], ['get', 'update'])],
      own: [rule('', ['secrets'], ['get', 'create'])],
    }),
    job('create', [
      '--host=ingress-nginx-controller-admission,ingress-nginx-controller-admission.$(POD_NAMESPACE).svc',
    ]),
    job('patch', ['--webhook-name=ingress-nginx-admission', '--patch-mutating=false', '--patch-failure-policy=Fail']),
  ];
}

const networking = 'networking.k8s.io';
const servingRules = [
  rule('', ['services'], read),
  rule(networking, ['ingresses', 'ingressclasses'], read),
  rule(networking, ['ingresses/status'], ['update']),
  rule('', ['events'], ['create', 'patch']),
  rule('discovery.k8s.io', ['endpointslices'], read),
];
const clusterRules = [
  rule('', ['configmaps', 'endpoints', 'nodes', 'pods', 'secrets', 'namespaces'], watch),
  rule('coordination.k8s.io', ['leases'], watch),
  rule('', ['nodes'], ['get']),
  ...servingRules,
];
const ownRules = [
  rule('', ['namespaces'], ['get']),
  rule('', ['configmaps', 'pods', 'secrets', 'endpoints'], read),
  ...servingRules,
  { ...rule('coordination.k8s.io', ['leases'], ['get', 'update']), resourceNames: ['ingress-controller-leader'] },
  rule('coordination.k8s.io', ['leases'], ['create']),
];

function rule(group: string, resources: readonly string[], verbs: readonly string[]): JsonObject {
  return { apiGroups: [group], resources: [...resources], verbs: [...verbs] };
}

function account(name: string, own: JsonObject): JsonObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, labels: own } };
}

/** What an account may do everywhere, and in its own namespace. */
function rights(
  name: string,
  own: JsonObject,
  rules: { readonly cluster: readonly JsonObject[]; readonly own: readonly JsonObject[] },
): readonly JsonObject[] {
  const subjects = [{ kind: 'ServiceAccount', name, namespace }];
  const everywhere = { name, labels: own };
  const here = { ...everywhere, namespace };
  const roleRef = (kind: string): JsonObject => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name });
  return [
    { apiVersion: rbac, kind: 'ClusterRole', metadata: everywhere, rules: [...rules.cluster] },
    { apiVersion: rbac, kind: 'ClusterRoleBinding', metadata: everywhere, roleRef: roleRef('ClusterRole'), subjects },
    { apiVersion: rbac, kind: 'Role', metadata: here, rules: [...rules.own] },
    { apiVersion: rbac, kind: 'RoleBinding', metadata: here, roleRef: roleRef('Role'), subjects },
  ];
}

function service(name: string, spec: JsonObject): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels },
    spec: { ...spec, selector: labels },
  };
}

function portOf(name: string): number {
  return name === 'http' ? 80 : 443;
}

const fromField = (name: string, fieldPath: string): JsonObject => ({ name, valueFrom: { fieldRef: { fieldPath } } });
const podNamespace = fromField('POD_NAMESPACE', 'metadata.namespace');

function deployment(): JsonObject {
  const healthy = { httpGet: { path: '/healthz', port: 10254, scheme: 'HTTP' }, initialDelaySeconds: 10 };
  const port = (name: string, containerPort: number): JsonObject => ({ name, containerPort, protocol: 'TCP' });
  const container = {
    name: 'controller',
    image: controllerImage,
    imagePullPolicy: 'IfNotPresent',
    lifecycle: { preStop: { exec: { command: ['/wait-shutdown'] } } },
    args: [
      '/nginx-ingress-controller',
      '--election-id=ingress-controller-leader',
      '--controller-class=k8s.io/ingress-nginx',
      '--configmap=$(POD_NAMESPACE)/ingress-nginx-controller',
      '--report-node-internal-ip-address',
      '--tcp-services-configmap=$(POD_NAMESPACE)/tcp-services',
      '--udp-services-configmap=$(POD_NAMESPACE)/udp-services',
      '--validating-webhook=:8443',
      '--validating-webhook-certificate=/usr/local/certificates/cert',
      '--validating-webhook-key=/usr/local/certificates/key',
    ],
    securityContext: {
      capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
      runAsUser: 101,
      allowPrivilegeEscalation: true,
    },
    env: [fromField('POD_NAME', 'metadata.name'), podNamespace],
    livenessProbe: { ...healthy, failureThreshold: 5 },
    readinessProbe: healthy,
    ports: [
      ...['http', 'https'].map((name) => ({ ...port(name, portOf(name)), hostPort: portOf(name) })),
      port('webhook', 8443),
    ],
    volumeMounts: [{ name: 'webhook-cert', mountPath: '/usr/local/certificates/', readOnly: true }],
    resources: { requests: { cpu: '100m', memory: '90Mi' } },
  };
  const spec = {
    serviceAccountName: 'ingress-nginx',
    nodeSelector: { 'kubernetes.io/os': 'linux', 'minikube.k8s.io/primary': 'true' },
    tolerations: [{ key: 'node-role.kubernetes.io/master', operator: 'Equal', effect: 'NoSchedule' }],
    containers: [container],
    volumes: [{ name: 'webhook-cert', secret: { secretName: 'ingress-nginx-admission' } }],
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'ingress-nginx-controller', namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      template: { metadata: { labels: { ...labels, 'gcp-auth-skip-secret': 'true' } }, spec },
    },
  };
}

function webhook(): JsonObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'ingress-nginx-admission', labels: webhookLabels },
    webhooks: [
      {
        name: 'validate.nginx.ingress.kubernetes.io',
        matchPolicy: 'Equivalent',
        rules: [
          {
            apiGroups: [networking],
            apiVersions: ['v1'],
            operations: ['CREATE', 'UPDATE'],
            resources: ['ingresses'],
          },
        ],
        failurePolicy: 'Fail',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        clientConfig: {
          service: { namespace, name: 'ingress-nginx-controller-admission', path: '/networking/v1/ingresses' },
        },
      },
    ],
  };
}

/** One of the two steps that give the webhook its certificate. */
function job(verb: 'create' | 'patch', args: readonly string[]): JsonObject {
  const name = `ingress-nginx-admission-${verb}`;
  const container = {
    name: verb,
    image: certgenImage,
    imagePullPolicy: 'IfNotPresent',
    args: [verb, ...args, '--namespace=$(POD_NAMESPACE)', '--secret-name=ingress-nginx-admission'],
    env: [podNamespace],
    securityContext: { allowPrivilegeEscalation: false },
  };
  const spec = {
    restartPolicy: 'OnFailure',
    serviceAccountName: 'ingress-nginx-admission',
    nodeSelector: { 'kubernetes.io/os': 'linux', 'minikube.k8s.io/primary': 'true' },
    securityContext: { runAsNonRoot: true, runAsUser: 2000 },
    containers: [container],
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace, labels: webhookLabels },
    spec: { template: { metadata: { name, labels: webhookLabels }, spec } },
  };
}
