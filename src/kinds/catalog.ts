// Every resource that the v1.36 API serves: names, scope, verbs, subresources. Discovery is made of it.
import type { GroupVersionKind } from '../api/resource.ts';

/** One resource in one version. */
export interface CatalogResource extends GroupVersionKind {
  /** Plural, lower case. */
  readonly resource: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly CatalogSubresource[];
}

/** `scale` of deployments, `exec` of pods: its kind may belong to another group. */
export interface CatalogSubresource extends GroupVersionKind {
  readonly name: string;
  readonly verbs: readonly string[];
}

/** One version of a group. */
export interface CatalogVersion {
  readonly version: string;
  readonly resources: readonly CatalogResource[];
  /** Who answers for it could not be asked the last time. */
  readonly stale?: boolean;
}

/** A group with its versions (preferred first) and their resources. */
export interface CatalogGroup {
  readonly group: string;
  readonly versions: readonly CatalogVersion[];
}

type GroupRow = readonly [group: string, versions: string, resources: readonly string[]];

/** In the server's order: the core group, then by priority. RESOURCE|KIND|SCOPE|SHORT|CATEGORIES|SUBRESOURCES|VERBS */
const table: readonly GroupRow[] = [
  [
    '',
    'v1',
    [
      'bindings|Binding|N||||create',
      'componentstatuses|ComponentStatus|C|cs|||get,list',
      'configmaps|ConfigMap|N|cm',
      'endpoints|Endpoints|N|ep',
      'events|Event|N|ev',
      'limitranges|LimitRange|N|limits',
      'namespaces|Namespace|C|ns||finalize,status|create,delete,get,list,patch,update,watch',
      'nodes|Node|C|no||proxy,status',
      'persistentvolumeclaims|PersistentVolumeClaim|N|pvc||status',
      'persistentvolumes|PersistentVolume|C|pv||status',
      'pods|Pod|N|po|all|attach,binding,ephemeralcontainers,eviction,exec,log,portforward,proxy,resize,status',
      'podtemplates|PodTemplate|N',
      'replicationcontrollers|ReplicationController|N|rc|all|scale,status',
      'resourcequotas|ResourceQuota|N|quota||status',
      'secrets|Secret|N',
      'serviceaccounts|ServiceAccount|N|sa||token',
      'services|Service|N|svc|all|proxy,status',
    ],
  ],
  ['apiregistration.k8s.io', 'v1', ['apiservices|APIService|C||api-extensions|status']],
  [
    'apps',
    'v1',
    [
      'controllerrevisions|ControllerRevision|N',
      'daemonsets|DaemonSet|N|ds|all|status',
      'deployments|Deployment|N|deploy|all|scale,status',
      'replicasets|ReplicaSet|N|rs|all|scale,status',
      'statefulsets|StatefulSet|N|sts|all|scale,status',
    ],
  ],
  ['events.k8s.io', 'v1', ['events|Event|N|ev']],
  [
    'authentication.k8s.io',
    'v1',
    ['selfsubjectreviews|SelfSubjectReview|C||||create', 'tokenreviews|TokenReview|C||||create'],
  ],
  [
    'authorization.k8s.io',
    'v1',
    [
      'localsubjectaccessreviews|LocalSubjectAccessReview|N||||create',
      'selfsubjectaccessreviews|SelfSubjectAccessReview|C||||create',
      'selfsubjectrulesreviews|SelfSubjectRulesReview|C||||create',
      'subjectaccessreviews|SubjectAccessReview|C||||create',
    ],
  ],
  ['autoscaling', 'v2 v1', ['horizontalpodautoscalers|HorizontalPodAutoscaler|N|hpa|all|status']],
  ['batch', 'v1', ['cronjobs|CronJob|N|cj|all|status', 'jobs|Job|N||all|status']],
  ['certificates.k8s.io', 'v1', ['certificatesigningrequests|CertificateSigningRequest|C|csr||approval,status']],
  [
    'networking.k8s.io',
    'v1',
    [
      'ingressclasses|IngressClass|C',
      'ingresses|Ingress|N|ing||status',
      'ipaddresses|IPAddress|C|ip',
      'networkpolicies|NetworkPolicy|N|netpol',
      'servicecidrs|ServiceCIDR|C|||status',
    ],
  ],
  ['policy', 'v1', ['poddisruptionbudgets|PodDisruptionBudget|N|pdb||status']],
  [
    'rbac.authorization.k8s.io',
    'v1',
    [
      'clusterrolebindings|ClusterRoleBinding|C',
      'clusterroles|ClusterRole|C',
      'rolebindings|RoleBinding|N',
      'roles|Role|N',
    ],
  ],
  [
    'storage.k8s.io',
    'v1',
    [
      'csidrivers|CSIDriver|C',
      'csinodes|CSINode|C',
      'csistoragecapacities|CSIStorageCapacity|N',
      'storageclasses|StorageClass|C|sc',
      'volumeattachments|VolumeAttachment|C|||status',
      'volumeattributesclasses|VolumeAttributesClass|C|vac',
    ],
  ],
  [
    'admissionregistration.k8s.io',
    'v1',
    [
      'mutatingadmissionpolicies|MutatingAdmissionPolicy|C||api-extensions',
      'mutatingadmissionpolicybindings|MutatingAdmissionPolicyBinding|C||api-extensions',
      'mutatingwebhookconfigurations|MutatingWebhookConfiguration|C||api-extensions',
      'validatingadmissionpolicies|ValidatingAdmissionPolicy|C||api-extensions|status',
      'validatingadmissionpolicybindings|ValidatingAdmissionPolicyBinding|C||api-extensions',
      'validatingwebhookconfigurations|ValidatingWebhookConfiguration|C||api-extensions',
    ],
  ],
  [
    'apiextensions.k8s.io',
    'v1',
    ['customresourcedefinitions|CustomResourceDefinition|C|crd,crds|api-extensions|status'],
  ],
  ['scheduling.k8s.io', 'v1', ['priorityclasses|PriorityClass|C|pc']],
  ['coordination.k8s.io', 'v1', ['leases|Lease|N']],
  ['node.k8s.io', 'v1', ['runtimeclasses|RuntimeClass|C']],
  ['discovery.k8s.io', 'v1', ['endpointslices|EndpointSlice|N']],
  [
    'resource.k8s.io',
    'v1',
    [
      'deviceclasses|DeviceClass|C',
      'resourceclaims|ResourceClaim|N|||status',
      'resourceclaimtemplates|ResourceClaimTemplate|N',
      'resourceslices|ResourceSlice|C',
    ],
  ],
  [
    'flowcontrol.apiserver.k8s.io',
    'v1',
    ['flowschemas|FlowSchema|C|||status', 'prioritylevelconfigurations|PriorityLevelConfiguration|C|||status'],
  ],
];

const allVerbs = 'create,delete,deletecollection,get,list,patch,update,watch';

/** Subresources that are not simply read and written as the object itself: KIND|VERBS|GROUP|VERSION */
const subresourceRows: Readonly<Record<string, string>> = {
  attach: 'PodAttachOptions|create,get',
  binding: 'Binding|create',
  eviction: 'Eviction|create|policy|v1',
  exec: 'PodExecOptions|create,get',
  finalize: '|update',
  log: '|get',
  portforward: 'PodPortForwardOptions|create,get',
  proxy: 'ProxyOptions|create,delete,get,patch,update',
  scale: 'Scale|get,patch,update|autoscaling|v1',
  token: 'TokenRequest|create|authentication.k8s.io|v1',
};

let groups: readonly CatalogGroup[] | undefined;

/** The built-in groups, core first, in the order of discovery. */
export function builtInGroups(): readonly CatalogGroup[] {
  groups ??= table.map(([group, versions, rows]) => ({
    group,
    versions: versions
      .split(' ')
      .map((version) => ({ version, resources: rows.map((row) => read(group, version, row)) })),
  }));
  return groups;
}

/** The built-in resources of all groups and versions. */
export function builtInResources(): readonly CatalogResource[] {
  resources ??= builtInGroups().flatMap(({ versions }) => versions.flatMap((one) => one.resources));
  return resources;
}
let resources: readonly CatalogResource[] | undefined;

/** The built-in resource of that plural name, or undefined. */
export function builtInResource(group: string, version: string, resource: string): CatalogResource | undefined {
  return builtInResources().find((one) => one.resource === resource && one.group === group && one.version === version);
}

function read(group: string, version: string, row: string): CatalogResource {
  const [resource = '', kind = '', scope = '', shortNames, categories, subresources, verbs] = row.split('|');
  return {
    group,
    version,
    kind,
    resource,
    singular: kind.toLowerCase(),
    namespaced: scope === 'N',
    shortNames: words(shortNames),
    categories: words(categories),
    verbs: words(verbs || allVerbs),
    subresources: words(subresources).map((name) => readSubresource({ group, version, kind }, name)),
  };
}

function readSubresource(of: GroupVersionKind, name: string): CatalogSubresource {
  const row = subresourceRows[name] ?? '|get,patch,update';
  const [kind, verbs, group = of.group, version = of.version] = row.split('|');
  return { name, group, version, kind: subresourceKind(of.kind, kind ?? ''), verbs: words(verbs) };
}

/** The proxy's options are named after the kind: NodeProxyOptions. */
function subresourceKind(parent: string, kind: string): string {
  if (kind === '') return parent;
  return kind === 'ProxyOptions' ? `${parent}${kind}` : kind;
}

function words(text: string | undefined): readonly string[] {
  return text ? text.split(',') : [];
}
