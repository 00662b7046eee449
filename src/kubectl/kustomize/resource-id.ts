// How kustomize tells resources apart: group, version, kind, name and namespace.
import { textAt } from '../../base/fields.ts';
import { type JsonObject, type JsonValue, own } from '../../base/json.ts';

/** A kind; an empty field of a wanted one stands for anything. */
export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface ResourceId extends Gvk {
  readonly name: string;
  readonly ns: string;
}

export function gvkOf(object: JsonObject): Gvk {
  return { ...groupVersion(textAt(object, 'apiVersion')), kind: textAt(object, 'kind') };
}

export function groupVersion(apiVersion: string): Pick<Gvk, 'group' | 'version'> {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

export function idOf(object: JsonObject): ResourceId {
  return { ...gvkOf(object), name: textAt(object, 'metadata.name'), ns: textAt(object, 'metadata.namespace') };
}

/** `Deployment.v1.apps` */
export function gvkText({ group, version, kind }: Gvk): string {
  return `${kind || '[noKind]'}.${version || '[noVer]'}.${group || '[noGrp]'}`;
}

/** `Deployment.v1.apps/web.team` */
export function idText(id: ResourceId): string {
  return `${gvkText(id)}/${id.name || '[noName]'}.${id.ns || '[noNs]'}`;
}

/** As Go's %#v prints it. */
export function idGoText(id: ResourceId): string {
  const text = JSON.stringify;
  const gvk = `resid.Gvk{Group:${text(id.group)}, Version:${text(id.version)}, Kind:${text(id.kind)}, isClusterScoped:${isClusterScoped(id)}}`;
  return `resid.ResId{Gvk:${gvk}, Name:${text(id.name)}, Namespace:${text(id.ns)}}`;
}

export function isSameGvk(a: Gvk, b: Gvk): boolean {
  return a.group === b.group && a.version === b.version && a.kind === b.kind;
}

export function isSameId(a: ResourceId, b: ResourceId): boolean {
  return isSameGvk(a, b) && a.name === b.name && effectiveNamespace(a) === effectiveNamespace(b);
}

/** Whether a wanted kind means this one. */
export function isSelected(gvk: Gvk, wanted: Gvk): boolean {
  return (
    (wanted.group === '' || wanted.group === gvk.group) &&
    (wanted.version === '' || wanted.version === gvk.version) &&
    (wanted.kind === '' || wanted.kind === gvk.kind)
  );
}

export const noNamespace = '_non_namespaceable_';

export function effectiveNamespace(id: ResourceId): string {
  return isClusterScoped(id) ? noNamespace : id.ns || 'default';
}

/** Kinds that kustomize knows to stand outside of namespaces; it takes all others to stand in one. */
export function isClusterScoped({ group, version, kind }: Gvk): boolean {
  return clusterScoped.get(group === '' ? version : `${group}/${version}`)?.has(kind) ?? false;
}

/** The kind and name that a selector's or a reference's fields name. */
export function gvkFrom(fields: JsonObject): Gvk {
  return { group: textOf(fields, 'group'), version: textOf(fields, 'version'), kind: textOf(fields, 'kind') };
}

function textOf(fields: JsonObject, name: string): string {
  const value: JsonValue | undefined = own(fields, name);
  return typeof value === 'string' ? value : '';
}

const webhooks = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];
const storage = ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment'];

const clusterScoped: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    v1: ['ComponentStatus', 'Namespace', 'Node', 'NodeProxyOptions', 'PersistentVolume'],
    'admissionregistration.k8s.io/v1': webhooks,
    'admissionregistration.k8s.io/v1beta1': webhooks,
    'apiextensions.k8s.io/v1': ['CustomResourceDefinition'],
    'apiextensions.k8s.io/v1beta1': ['CustomResourceDefinition'],
    'apiregistration.k8s.io/v1': ['APIService'],
    'apiregistration.k8s.io/v1beta1': ['APIService'],
    'certificates.k8s.io/v1': ['CertificateSigningRequest'],
    'certificates.k8s.io/v1beta1': ['CertificateSigningRequest'],
    'flowcontrol.apiserver.k8s.io/v1beta1': ['FlowSchema', 'PriorityLevelConfiguration'],
    'networking.k8s.io/v1': ['IngressClass'],
    'networking.k8s.io/v1beta1': ['IngressClass'],
    'node.k8s.io/v1': ['RuntimeClass'],
    'node.k8s.io/v1beta1': ['RuntimeClass'],
    'policy/v1beta1': ['PodSecurityPolicy'],
    'rbac.authorization.k8s.io/v1': ['ClusterRole', 'ClusterRoleBinding'],
    'rbac.authorization.k8s.io/v1beta1': ['ClusterRole', 'ClusterRoleBinding'],
    'scheduling.k8s.io/v1': ['PriorityClass'],
    'scheduling.k8s.io/v1beta1': ['PriorityClass'],
    'storage.k8s.io/v1': storage,
    'storage.k8s.io/v1beta1': storage,
  }).map(([apiVersion, kinds]) => [apiVersion, new Set(kinds)]),
);
