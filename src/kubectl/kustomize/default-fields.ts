// The fields that kustomize's own transformers change: where labels, images, names of other objects … stand.
import type { FieldSpec } from './field-spec.ts';
import type { Gvk } from './resource-id.ts';

/** Fields that hold names of objects of a kind. */
export interface NameReferences extends Gvk {
  readonly fields: readonly FieldSpec[];
}

/** `Kind`, `Kind.group` or `Kind.version`; '' is any kind. */
function specs(kind: string, paths: readonly string[], create = false): readonly FieldSpec[] {
  const [name = '', ...rest] = kind.split('.');
  const where = rest.join('.');
  const isVersion = /^v\d/.test(where);
  const gvk = { group: isVersion ? '' : where, version: isVersion ? where : '', kind: name };
  return paths.map((path) => ({ ...gvk, path, create }));
}

const templates: readonly (readonly [string, string])[] = [
  ['ReplicationController.v1', 'spec/template/metadata'],
  ['Deployment', 'spec/template/metadata'],
  ['ReplicaSet', 'spec/template/metadata'],
  ['DaemonSet', 'spec/template/metadata'],
  ['StatefulSet', 'spec/template/metadata'],
  ['Job.batch', 'spec/template/metadata'],
  ['CronJob.batch', 'spec/jobTemplate/metadata'],
  ['CronJob.batch', 'spec/jobTemplate/spec/template/metadata'],
];

export const annotationFields: readonly FieldSpec[] = [
  ...specs('', ['metadata/annotations'], true),
  ...templates.flatMap(([kind, path]) => specs(kind, [`${path}/annotations`], true)),
];

const metadataLabelFields: readonly FieldSpec[] = [
  ...specs('', ['metadata/labels'], true),
  ...templates.flatMap(([kind, path]) =>
    specs(kind === 'StatefulSet' ? 'StatefulSet.apps' : kind, [`${path}/labels`], true),
  ),
];

/** Labels of templates, of claims too. */
export const templateLabelFields: readonly FieldSpec[] = [
  ...metadataLabelFields,
  ...specs('StatefulSet.apps', ['spec/volumeClaimTemplates[]/metadata/labels'], true),
];

const affinities = ['podAffinity', 'podAntiAffinity'].flatMap((affinity) => [
  `spec/template/spec/affinity/${affinity}/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels`,
  `spec/template/spec/affinity/${affinity}/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels`,
]);
const spread = 'spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels';

/** Labels with all that selects by them. */
export const selectorLabelFields: readonly FieldSpec[] = [
  ...specs('Service.v1', ['spec/selector'], true),
  ...specs('ReplicationController.v1', ['spec/selector'], true),
  ...specs('Deployment', ['spec/selector/matchLabels'], true),
  ...specs('Deployment.apps', [...affinities, spread]),
  ...specs('ReplicaSet', ['spec/selector/matchLabels'], true),
  ...specs('DaemonSet', ['spec/selector/matchLabels'], true),
  ...specs('StatefulSet.apps', ['spec/selector/matchLabels'], true),
  ...specs('StatefulSet.apps', [...affinities, spread]),
  ...specs('Job.batch', ['spec/selector/matchLabels']),
  ...specs('CronJob.batch', ['spec/jobTemplate/spec/selector/matchLabels']),
  ...specs('PodDisruptionBudget.policy', ['spec/selector/matchLabels']),
  ...specs('NetworkPolicy.networking.k8s.io', [
    'spec/podSelector/matchLabels',
    'spec/ingress/from/podSelector/matchLabels',
    'spec/egress/to/podSelector/matchLabels',
  ]),
  ...templateLabelFields,
];

export const nameFields = specs('', ['metadata/name']);

export const namespaceFields: readonly FieldSpec[] = [
  ...specs('Namespace', ['metadata/name'], true),
  ...specs('APIService.apiregistration.k8s.io', ['spec/service/namespace'], true),
  ...specs('CustomResourceDefinition.apiextensions.k8s.io', ['spec/conversion/webhook/clientConfig/service/namespace']),
];

export const replicaFields = ['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'].flatMap((kind) =>
  specs(kind, ['spec/replicas'], true),
);

export const imageFields = specs(
  '',
  ['spec/', 'spec/template/spec/'].flatMap((spec) =>
    ['containers[]/image', 'initContainers[]/image', 'volumes[]/image/reference'].map((field) => spec + field),
  ),
  true,
);

const cronJobSpec = 'spec/jobTemplate/spec/template/spec/';
const workloads = ['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet', 'Job'];
/** Kinds that hold a pod's spec, and where. */
const podSpecs: readonly (readonly [string, string])[] = [
  ['Pod.v1', 'spec/'],
  ['PodTemplate', 'template/spec/'],
  ...workloads.map((kind) => [kind, 'spec/template/spec/'] as const),
  ['CronJob', cronJobSpec],
];
/** Those of them that name accounts, claims and priority classes. */
const ownersOfPods: readonly (readonly [string, string])[] = [
  ['Pod', 'spec/'],
  ...['StatefulSet', 'Deployment', 'ReplicationController', 'Job', 'DaemonSet'].map(
    (kind) => [kind, 'spec/template/spec/'] as const,
  ),
  ['CronJob', cronJobSpec],
];

const inPods = (places: typeof podSpecs, fields: readonly string[]): readonly FieldSpec[] =>
  places.flatMap(([kind, spec]) =>
    specs(
      kind,
      fields.map((field) => spec + field),
    ),
  );

/** Fields of containers that read from a ConfigMap or a Secret. */
const sources = (kind: 'configMap' | 'secret'): readonly string[] =>
  ['containers', 'initContainers'].flatMap((list) => [
    `${list}/env/valueFrom/${kind}KeyRef/name`,
    `${list}/envFrom/${kind}Ref/name`,
  ]);

function references(kind: string, ...fields: readonly (readonly FieldSpec[])[]): NameReferences {
  const [name = '', version = '', ...group] = kind.split(' ');
  return { kind: name, version: version === '-' ? '' : version, group: group.join(' '), fields: fields.flat() };
}

const roleNames = ['Role', 'ClusterRole'].flatMap((kind) => specs(kind, ['rules/resourceNames']));

export const nameReferences: readonly NameReferences[] = [
  ...['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'].map((kind) =>
    references(kind, specs('HorizontalPodAutoscaler', ['spec/scaleTargetRef/name'])),
  ),
  references(
    'ConfigMap v1',
    inPods(podSpecs, ['volumes/configMap/name', ...sources('configMap'), 'volumes/projected/sources/configMap/name']),
    specs('Node', ['spec/configSource/configMap']),
    roleNames,
    specs('Ingress', ['metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap']),
  ),
  references(
    'Secret v1',
    inPods(podSpecs, [
      'volumes/secret/secretName',
      ...sources('secret'),
      'imagePullSecrets/name',
      'volumes/projected/sources/secret/name',
    ]),
    specs('Ingress', [
      'spec/tls/secretName',
      'metadata/annotations/ingress.kubernetes.io\\/auth-secret',
      'metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret',
      'metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret',
    ]),
    specs('ServiceAccount', ['imagePullSecrets/name']),
    specs(
      'StorageClass',
      ['secretName', 'adminSecretName', 'userSecretName', 'secretRef'].map((name) => `parameters/${name}`),
    ),
    roleNames,
    specs('Service.serving.knative.dev', ['spec/template/spec/containers/env/valueFrom/secretKeyRef/name']),
    specs('PersistentVolume', ['spec/azureFile/secretName']),
  ),
  references(
    'Service v1',
    specs('StatefulSet.apps', ['spec/serviceName']),
    specs('Ingress', [
      'spec/rules/http/paths/backend/serviceName',
      'spec/backend/serviceName',
      'spec/rules/http/paths/backend/service/name',
      'spec/defaultBackend/service/name',
    ]),
    specs('APIService.apiregistration.k8s.io', ['spec/service/name']),
    ...['Validating', 'Mutating'].map((which) =>
      specs(`${which}WebhookConfiguration.admissionregistration.k8s.io`, ['webhooks/clientConfig/service']),
    ),
  ),
  references('Role - rbac.authorization.k8s.io', specs('RoleBinding.rbac.authorization.k8s.io', ['roleRef/name'])),
  references(
    'ClusterRole - rbac.authorization.k8s.io',
    specs('RoleBinding.rbac.authorization.k8s.io', ['roleRef/name']),
    specs('ClusterRoleBinding.rbac.authorization.k8s.io', ['roleRef/name']),
  ),
  references(
    'ServiceAccount v1',
    specs('RoleBinding.rbac.authorization.k8s.io', ['subjects']),
    specs('ClusterRoleBinding.rbac.authorization.k8s.io', ['subjects']),
    inPods(ownersOfPods, ['serviceAccountName']),
  ),
  references('PersistentVolumeClaim v1', inPods(ownersOfPods, ['volumes/persistentVolumeClaim/claimName'])),
  references(
    'PersistentVolume v1',
    specs('PersistentVolumeClaim', ['spec/volumeName']),
    specs('ClusterRole', ['rules/resourceNames']),
  ),
  references(
    'StorageClass v1 storage.k8s.io',
    specs('PersistentVolume', ['spec/storageClassName']),
    specs('PersistentVolumeClaim', ['spec/storageClassName']),
    specs('StatefulSet', ['spec/volumeClaimTemplates/spec/storageClassName']),
  ),
  references('PriorityClass v1 scheduling.k8s.io', inPods(ownersOfPods, ['priorityClassName'])),
  // Upstream's group has the version in it, so that it never fits.
  references('IngressClass v1 networking.k8s.io/v1', specs('Ingress', ['spec/ingressClassName'])),
  references(
    'ValidatingAdmissionPolicy - admissionregistration.k8s.io',
    specs('ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io', ['spec/policyName']),
  ),
];

const variablesOfPods = [
  ...['containers', 'initContainers'].flatMap((list) =>
    ['args', 'command', 'env/value', 'volumeMounts/mountPath'].map((field) => `${list}/${field}`),
  ),
  'volumes/nfs/server',
];

/** Fields in which `$(NAME)` is replaced. */
export const variableFields: readonly FieldSpec[] = [
  ...inPods([['Pod', 'spec/'], ...workloads.map((kind) => [kind, 'spec/template/spec/'] as const)], variablesOfPods),
  ...inPods([['CronJob', cronJobSpec]], variablesOfPods.slice(0, -1)),
  ...specs('CronJob', ['spec/jobTemplate/spec/template/volumes/nfs/server']),
  ...specs('Deployment', ['spec/template/metadata/annotations']),
  ...specs('Ingress', ['spec/rules/host', 'spec/tls/hosts', 'spec/tls/secretName']),
  ...specs('Service', ['spec/ports/port', 'spec/ports/targetPort']),
  ...specs('StatefulSet', ['spec/volumeClaimTemplates/spec/nfs/server']),
  ...specs('PersistentVolume', ['spec/nfs/server']),
  ...specs('', ['metadata/labels', 'metadata/annotations']),
];
