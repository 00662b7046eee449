// Good objects for hostile requests to begin with: one of many kinds each.
import type { JsonObject } from '../../src/base/json.ts';

const metadata = { name: 'web', namespace: 'default', labels: { app: 'web' }, annotations: { a: 'b' } };
const selector = { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] };
const container = {
  name: 'main',
  image: 'nginx:1.27',
  ports: [{ containerPort: 80, name: 'http', protocol: 'TCP' }],
  env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } } }],
  resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '1' } },
  livenessProbe: { httpGet: { path: '/', port: 'http' }, periodSeconds: 5 },
  volumeMounts: [{ name: 'v', mountPath: '/data' }],
  securityContext: { runAsUser: 1000, capabilities: { add: ['NET_ADMIN'] } },
};
const podSpec = {
  containers: [container],
  volumes: [{ name: 'v', projected: { sources: [{ secret: { name: 's' } }] } }],
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: selector, topologyKey: 'x' }],
    },
  },
  tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 }],
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: selector },
  ],
};
const template = { metadata: { labels: { app: 'web' } }, spec: podSpec };
const rules = [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] }];

const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        size: { type: 'integer', minimum: 0, maximum: 10, default: 1 },
        name: { type: 'string', pattern: '^[a-z]+$', maxLength: 10 },
        tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
      },
      'x-kubernetes-validations': [{ rule: 'self.size > 0', messageExpression: '"size is " + string(self.size)' }],
    },
  },
};

/** The kinds that requests are sent for. */
export const hostileObjects: readonly JsonObject[] = [
  { apiVersion: 'v1', kind: 'Pod', metadata, spec: podSpec },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: 'b' }, binaryData: { c: 'ZA==' } },
  { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: { a: 'Yg==' } },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }], type: 'NodePort' },
  },
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'web' }, spec: { finalizers: ['kubernetes'] } },
  {
    apiVersion: 'v1',
    kind: 'Event',
    metadata,
    involvedObject: { kind: 'Pod', name: 'web', namespace: 'default' },
    type: 'Normal',
    count: 1,
  },
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata,
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  },
  {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'node-1' },
    spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: { replicas: 2, selector, template, strategy: { rollingUpdate: { maxSurge: '25%' } } },
  },
  { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata, spec: { serviceName: 'web', selector, template } },
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata,
    spec: { completions: 2, template: { ...template, spec: { ...podSpec, restartPolicy: 'Never' } } },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata,
    spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template } } },
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'web' },
    rules: [{ apiGroups: ['*'], resources: ['pods'], verbs: ['get'] }],
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata,
    spec: {
      rules: [
        {
          host: 'a.b',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }],
          },
        },
      ],
    },
  },
  {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata,
    spec: {
      maxReplicas: 5,
      scaleTargetRef: { kind: 'Deployment', name: 'web', apiVersion: 'apps/v1' },
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
      ],
    },
  },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec: { minAvailable: '50%', selector } },
  {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata,
    deleteOptions: { gracePeriodSeconds: 0, preconditions: { uid: 'x' } },
  },
  { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata, spec: { replicas: 3 } },
  { apiVersion: 'v1', kind: 'Binding', metadata, target: { kind: 'Node', name: 'node-1' } },
  {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: 'Foreground',
    gracePeriodSeconds: 5,
    preconditions: { resourceVersion: '1' },
  },
  { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: ['a'], expirationSeconds: 600 } },
  {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user: 'ann', groups: ['a'], resourceAttributes: { verb: 'get', resource: 'pods' } },
  },
  {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: schema },
          subresources: { status: {}, scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' } },
          additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
        },
      ],
    },
  },
  { apiVersion: 'example.com/v1', kind: 'Widget', metadata, spec: { size: 3, name: 'abc', tags: ['a'] } },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'p' },
    spec: {
      matchConstraints: { resourceRules: rules },
      variables: [{ name: 'v', expression: 'object.spec.replicas' }],
      validations: [{ expression: 'variables.v < 5', messageExpression: '"no"' }],
    },
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'p' },
    webhooks: [
      {
        name: 'a.b.c',
        clientConfig: { service: { name: 'x', namespace: 'y' } },
        rules,
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        failurePolicy: 'Ignore',
        timeoutSeconds: 1,
      },
    ],
  },
]; // prettier-ignore

const resources: Readonly<Record<string, string>> = {
  Pod: 'pods',
  ConfigMap: 'configmaps',
  Secret: 'secrets',
  Service: 'services',
  Namespace: 'namespaces',
  Event: 'events',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  Node: 'nodes',
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  Job: 'jobs',
  CronJob: 'cronjobs',
  ClusterRole: 'clusterroles',
  Ingress: 'ingresses',
  HorizontalPodAutoscaler: 'horizontalpodautoscalers',
  PodDisruptionBudget: 'poddisruptionbudgets',
  CustomResourceDefinition: 'customresourcedefinitions',
  Widget: 'widgets',
  ValidatingAdmissionPolicy: 'validatingadmissionpolicies',
  MutatingWebhookConfiguration: 'mutatingwebhookconfigurations',
};

/** Where each of them belongs. */
export const hostileTargets = hostileObjects.flatMap((object) => {
  const { apiVersion, kind, metadata: about } = object;
  const resource = resources[String(kind)];
  if (resource === undefined || typeof about !== 'object' || about === null) return [];
  const { namespace, name } = about as { namespace?: string; name?: string }; // edge: written above
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  return [{ object, name, place: `${root}${namespace ? `/namespaces/${namespace}` : ''}/${resource}` }];
});
