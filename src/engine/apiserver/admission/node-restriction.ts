// NodeRestriction: a kubelet changes its own node and what is about it, and the pods bound to it, nobody else's.
//
// Left out: audiences of tokens. Labels that kubeadm and minikube put on nodes come with our kubelets, and may.

import { alike } from '../../../api/alike.ts';
import type { Node, Pod, PodResourceClaimStatus, ResourceSlice } from '../../../api/generated/types.ts';
import { notFound } from '../../../api/status.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import { refusal } from './admission-request.ts';
import { mirrorPodProblem } from './mirror-pod.ts';
import type { AdmissionPlugin, Attributes } from './plugin.ts';
import { asPod } from './pod-spec.ts';

const prefix = 'system:node:';

export const nodeRestriction: AdmissionPlugin = {
  name: 'NodeRestriction',
  takesParts: true,
  admit(object, attributes) {
    if (attributes.operation !== 'delete') restrict(object, attributes);
    return object;
  },
  validate(object, attributes) {
    if (attributes.operation === 'delete') restrict(object, attributes);
  },
};

/** Undefined: it is allowed. */
type Rule = (node: string, request: Case) => string | undefined;

interface Case {
  readonly object: StoredObject | undefined;
  readonly attributes: Attributes;
}

function restrict(object: StoredObject | undefined, attributes: Attributes): void {
  const { request, resource, operation } = attributes;
  if (operation === 'connect' || !request.user.name.startsWith(prefix)) return;
  if (!request.user.groups.includes('system:nodes')) return;
  const rule = rules[resource.group === '' ? resource.resource : `${resource.resource}.${resource.group}`];
  const problem = rule?.(request.user.name.slice(prefix.length), { object, attributes });
  if (problem !== undefined) throw refusal(attributes, object, problem);
}

const pods: Rule = (node, request) => {
  const { subresource, operation, old } = request.attributes;
  const shown = JSON.stringify(node);
  switch (subresource ?? '') {
    case '':
      if (operation === 'create') return podCreateProblem(node, request);
      if (operation !== 'delete')
        return `unexpected operation "${operation.toUpperCase()}", node ${shown} can only create and delete mirror pods`;
      return nodeOf(old) === node ? undefined : `node ${shown} can only delete pods with spec.nodeName set to itself`;
    case 'status':
      return podStatusProblem(node, request);
    case 'eviction': {
      const { lookups, namespace, name } = request.attributes;
      const bound = nodeOf(lookups.get('pods', namespace, name));
      return bound === node ? undefined : `node ${node} can only evict pods with spec.nodeName set to itself`;
    }
    default:
      return `unexpected pod subresource ${JSON.stringify(subresource)}, only 'status' and 'eviction' are allowed`;
  }
};

function podCreateProblem(node: string, { object, attributes }: Case): string | undefined {
  const known = attributes.lookups.get('nodes', undefined, node);
  const problem = object && mirrorPodProblem(asPod(object), node, known?.metadata?.uid);
  if (problem === undefined && !known) throw notFound({ group: '', resource: 'nodes' }, node);
  return problem;
}

function podStatusProblem(node: string, { object, attributes }: Case): string | undefined {
  const { old } = attributes;
  const shown = JSON.stringify(node);
  if (!object || !old) return undefined;
  if (nodeOf(old) !== node) return `node ${shown} can only update pod status for pods with spec.nodeName set to itself`;
  if (!alike(object.metadata?.labels ?? {}, old.metadata?.labels ?? {}))
    return `node ${shown} cannot update labels through pod status`;
  const [now, before] = [asPod(object), asPod(old)];
  if (!alike(claimsOf(now), claimsOf(before))) return `node ${shown} cannot update resource claim statues`;
  if (!alike(now.status?.extendedResourceClaimStatus, before.status?.extendedResourceClaimStatus))
    return `node ${shown} cannot update extended resource claim status`;
  return undefined;
}

function claimsOf({ status }: Pod): readonly PodResourceClaimStatus[] {
  return status?.resourceClaimStatuses ?? [];
}

const nodes: Rule = (node, { object, attributes }) => {
  const { operation, old, name } = attributes;
  const shown = JSON.stringify(node);
  const own = operation === 'create' ? (object?.metadata?.name ?? name) : name;
  if (own !== node) return `node ${shown} is not allowed to modify node ${JSON.stringify(own)}`;
  if (!object || operation === 'delete') return undefined;
  const labels = forbiddenLabels(object, old);
  if (operation === 'create')
    return labels === '' ? undefined : `node ${shown} is not allowed to set the following labels: ${labels}`;
  if (!alike(taintsOf(object), taintsOf(old))) return `node ${shown} is not allowed to modify taints`;
  if (!alike(object.metadata?.ownerReferences ?? [], old?.metadata?.ownerReferences ?? []))
    return `node ${shown} is not allowed to modify ownerReferences`;
  return labels === '' ? undefined : `is not allowed to modify labels: ${labels}`;
};

function taintsOf(object: StoredObject | undefined): NonNullable<NonNullable<Node['spec']>['taints']> {
  const node = object as Node | undefined; // edge: an object of the nodes resource
  return node?.spec?.taints ?? [];
}

const ownLabels = new Set([
  'kubernetes.io/hostname',
  ...['zone', 'region'].flatMap((what) => [
    `topology.kubernetes.io/${what}`,
    `failure-domain.beta.kubernetes.io/${what}`,
  ]),
  ...['beta.kubernetes.io', 'node.kubernetes.io'].map((domain) => `${domain}/instance-type`),
  ...['beta.kubernetes.io', 'kubernetes.io'].flatMap((domain) => [`${domain}/os`, `${domain}/arch`]),
]);
const ownDomains = ['kubelet.kubernetes.io', 'node.kubernetes.io'];
const ourDomains = ['node-role.kubernetes.io', 'minikube.k8s.io'];

/** Changed labels that would let a node steer workloads to itself. */
function forbiddenLabels(object: StoredObject, old: StoredObject | undefined): string {
  const [now, before] = [object.metadata?.labels ?? {}, old?.metadata?.labels ?? {}];
  if (now === before) return '';
  const keys = [...new Set([...Object.keys(now), ...Object.keys(before)])];
  const changed = keys.filter((key) => now[key] !== before[key]);
  return changed.filter(isForbidden).sort().join(', ');
}

function isForbidden(label: string): boolean {
  const domain = label.includes('/') ? (label.split('/')[0] ?? '') : '';
  const within = (parent: string): boolean => domain === parent || domain.endsWith(`.${parent}`);
  if (within('node-restriction.kubernetes.io')) return true;
  if (!within('kubernetes.io') && !within('k8s.io')) return false;
  return !ownLabels.has(label) && ![...ownDomains, ...ourDomains].some(within);
}

const claims: Rule = (node, { object, attributes }) => {
  const { operation, old, subresource } = attributes;
  if (subresource !== 'status') return 'may only update PVC status';
  if (operation !== 'update') return `unexpected operation "${operation.toUpperCase()}"`;
  if (!object || !old || alike(unsettled(object), unsettled(old))) return undefined;
  return `node ${JSON.stringify(node)} is not allowed to update fields other than status.quantity and status.conditions`;
};

/** A claim without what its node may say of it. */
function unsettled({ metadata, status, ...rest }: StoredObject): unknown {
  const { resourceVersion: _, managedFields: __, ...kept } = metadata ?? {};
  const free = ['capacity', 'conditions', 'allocatedResources', 'allocatedResourceStatuses'];
  const others = Object.entries(status ?? {}).filter(([key]) => !free.includes(key));
  return { ...rest, metadata: kept, status: Object.fromEntries(others) };
}

const leases: Rule = (node, { object, attributes }) => {
  const { namespace, operation, name } = attributes;
  if (namespace !== 'kube-node-lease') return 'can only access leases in the "kube-node-lease" system namespace';
  const own = operation === 'create' ? object?.metadata?.name : name;
  return own === node ? undefined : 'can only access node lease with the same name as the requesting node';
};

const csiNodes: Rule = (node, { object, attributes: { operation, name } }) => {
  const own = operation === 'create' ? object?.metadata?.name : name;
  return own === node ? undefined : 'can only access CSINode with the same name as the requesting node';
};

const resourceSlices: Rule = (node, { object, attributes: { operation, old } }) => {
  if (operation !== 'create' && operation !== 'delete') return undefined;
  const slice = (operation === 'create' ? object : old) as ResourceSlice | undefined; // edge: of that resource
  if (slice?.spec?.nodeName === node) return undefined;
  return `can only ${operation} ResourceSlice with the same NodeName as the requesting node`;
};

const rules: Readonly<Record<string, Rule>> = {
  pods,
  nodes,
  persistentvolumeclaims: claims,
  'leases.coordination.k8s.io': leases,
  'csinodes.storage.k8s.io': csiNodes,
  'resourceslices.resource.k8s.io': resourceSlices,
};

function nodeOf(object: StoredObject | undefined): string | undefined {
  return object && (asPod(object).spec?.nodeName ?? '');
}
