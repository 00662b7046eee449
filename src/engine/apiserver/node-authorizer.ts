// The Node mode of authorization: a kubelet may do its own node's work, and read what its own pods refer to.
//
//   secret ◀─ pod ─▶ node        volume ─▶ claim ◀─ pod ─▶ node        service account ◀─ pod ─▶ node
import type { PersistentVolume, Pod, VolumeAttachment } from '../../api/generated/types.ts';
import type { UserInfo } from '../../api/request.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import { type Attributes, type NodeDecision, nodeUserPrefix } from './authorizer.ts';
import { podReferences } from './pod-references.ts';
import type { ResourceStorage } from './resource-storage.ts';
import { everything } from './selection.ts';

type ResourceAttributes = Attributes & { readonly kind: 'resource' };

export interface NodeFacts {
  readonly pods: ResourceStorage;
  get(resource: string, namespace: string | undefined, name: string): StoredObject | undefined;
  /** Whether the role of all nodes has a rule for it. */
  rolesAllow(attributes: Attributes): boolean;
}

export class NodeAuthorizer {
  /** By node and uid. */
  private readonly podsOf = new Map<string, Map<string, Pod>>();

  constructor(private readonly facts: NodeFacts) {
    const { pods } = facts;
    for (const pod of pods.list(undefined)) this.note(pod as Pod, false); // edge: an object of the pods resource
    pods.hub.add({
      selection: everything,
      send: ({ type, object }) => this.note(object as Pod, type === 'DELETED'), // edge: an object of the pods resource
      close() {},
    });
  }

  decide(user: UserInfo, attributes: Attributes): NodeDecision {
    const node = user.name.slice(nodeUserPrefix.length);
    if (node === '') return `unknown node for user ${JSON.stringify(user.name)}`;
    const own = attributes.kind === 'resource' ? ownRules[`${attributes.group}/${attributes.resource}`] : undefined;
    if (own && attributes.kind === 'resource') return own(attributes, node, this);
    return this.facts.rolesAllow(attributes) || undefined;
  }

  /** Whether a pod of the node refers to an object. */
  refers(node: string, { namespace, name, resource }: ResourceAttributes): boolean {
    const key = `${resource}/${name}`;
    for (const pod of this.podsOf.get(node)?.values() ?? [])
      if (pod.metadata?.namespace === namespace && podReferences(pod).has(key)) return true;
    return false;
  }

  hasPod(node: string, { namespace, name }: ResourceAttributes): boolean {
    for (const { metadata } of this.podsOf.get(node)?.values() ?? [])
      if (metadata?.name === name && metadata.namespace === namespace) return true;
    return false;
  }

  hasVolume(node: string, attributes: ResourceAttributes): boolean {
    const volume = this.facts.get('persistentvolumes', undefined, attributes.name) as PersistentVolume | undefined; // edge: an object of that resource
    const { namespace = '', name = '' } = volume?.spec?.claimRef ?? {};
    return name !== '' && this.refers(node, { ...attributes, resource: 'persistentvolumeclaims', namespace, name });
  }

  hasAttachment(node: string, { name }: ResourceAttributes): boolean {
    const found = this.facts.get('volumeattachments.storage.k8s.io', undefined, name);
    return (found as VolumeAttachment | undefined)?.spec?.nodeName === node; // edge: an object of that resource
  }

  private note(pod: Pod, gone: boolean): void {
    const node = pod.spec?.nodeName;
    if (!node || pod.metadata?.annotations?.['kubernetes.io/config.mirror'] !== undefined) return;
    const uid = pod.metadata?.uid ?? '';
    let known = this.podsOf.get(node);
    if (!known) {
      known = new Map();
      this.podsOf.set(node, known);
    }
    if (gone) known.delete(uid);
    else known.set(uid, pod);
  }
}

type OwnRule = (attributes: ResourceAttributes, node: string, graph: NodeAuthorizer) => NodeDecision;

const related = (holds: boolean, node: string): NodeDecision =>
  holds || `no relationship found between node '${node}' and this object`;

const readReferred: OwnRule = (attributes, node, graph) => {
  if (!['get', 'list', 'watch'].includes(attributes.verb)) return 'can only read resources of this type';
  if (attributes.subresource) return 'cannot read subresource';
  if (attributes.namespace === '') return 'can only read namespaced object of this type';
  if (attributes.name === '') return 'No Object name found';
  return related(graph.refers(node, attributes), node);
};

function getIf(holds: (graph: NodeAuthorizer, node: string, attributes: ResourceAttributes) => boolean): OwnRule {
  return (attributes, node, graph) => {
    if (attributes.verb !== 'get') return 'can only get individual resources of this type';
    if (attributes.subresource) return 'cannot get subresource';
    return related(holds(graph, node, attributes), node);
  };
}

const getReferred = getIf((graph, node, attributes) => graph.refers(node, attributes));
const getPod = getIf((graph, node, attributes) => graph.hasPod(node, attributes));

const claims: OwnRule = (attributes, node, graph) => {
  if (attributes.subresource !== 'status') return getReferred(attributes, node, graph);
  if (!['update', 'patch'].includes(attributes.verb)) return 'can only get/update/patch this type';
  return related(graph.refers(node, attributes), node);
};

const accounts: OwnRule = (attributes, node, graph) => {
  const { verb, subresource, name } = attributes;
  if (verb === 'get' && !subresource) return readReferred(attributes, node, graph);
  if (verb !== 'create' || name === '') return 'can only create tokens for individual service accounts';
  if (subresource !== 'token') return 'can only create token subresource of serviceaccount';
  return related(graph.refers(node, attributes), node);
};

const changing = ['get', 'create', 'update', 'patch', 'delete'];

const leases: OwnRule = ({ verb, namespace, name }, node) => {
  if (!changing.includes(verb)) return 'can only get, create, update, patch, or delete a node lease';
  if (namespace !== 'kube-node-lease') return 'can only access leases in the "kube-node-lease" system namespace';
  if (verb !== 'create' && name !== node) return 'can only access node lease with the same name as the requesting node';
  return true;
};

const driversOfNodes: OwnRule = ({ verb, subresource, name }, node) => {
  if (!changing.includes(verb)) return 'can only get, create, update, patch, or delete a CSINode';
  if (subresource) return 'cannot authorize CSINode subresources';
  if (verb !== 'create' && name !== node) return 'can only access CSINode with the same name as the requesting node';
  return true;
};

const nodes: OwnRule = ({ verb, subresource, name }, node) => {
  if (subresource) return (subresource === 'status' && ['update', 'patch'].includes(verb)) || undefined;
  if (['create', 'update', 'patch'].includes(verb)) return true;
  if (!['get', 'list', 'watch'].includes(verb)) return undefined;
  if (name === node) return true;
  return name === ''
    ? `node '${node}' cannot read all nodes, only its own Node object`
    : `node '${node}' cannot read '${name}', only its own Node object`;
};

const pods: OwnRule = (attributes, node, graph) => {
  const { verb, subresource, fieldSelector = '', name } = attributes;
  if (subresource === 'status') return ['update', 'patch'].includes(verb) || undefined;
  if (subresource === 'eviction') return verb === 'create' || undefined;
  if (subresource) return undefined;
  if (verb === 'create' || verb === 'delete') return true;
  if (verb === 'get') return getPod(attributes, node, graph);
  if (verb !== 'list' && verb !== 'watch') return undefined;
  if (fieldSelector.split(',').some((part) => part.replace('==', '=') === `spec.nodeName=${node}`)) return true;
  if (name !== '') return related(graph.hasPod(node, attributes), node);
  return 'can only list/watch pods with spec.nodeName field selector';
};

const slices: OwnRule = ({ verb, subresource, fieldSelector = '' }, node) => {
  if (subresource) return 'cannot authorize ResourceSlice subresources';
  if (!['list', 'watch', 'deletecollection'].includes(verb)) return true; // NodeRestriction looks at the object
  if (fieldSelector.includes(`spec.nodeName=${node}`)) return true;
  return 'can only list/watch/deletecollection resourceslices with nodeName field selector';
};

/** By GROUP/RESOURCE; everything else follows the role of all nodes. */
const ownRules: Readonly<Record<string, OwnRule | undefined>> = {
  '/secrets': readReferred,
  '/configmaps': readReferred,
  '/persistentvolumeclaims': claims,
  '/persistentvolumes': getIf((graph, node, attributes) => graph.hasVolume(node, attributes)),
  'resource.k8s.io/resourceclaims': getReferred,
  'storage.k8s.io/volumeattachments': getIf((graph, node, attributes) => graph.hasAttachment(node, attributes)),
  '/serviceaccounts': accounts,
  'coordination.k8s.io/leases': leases,
  'storage.k8s.io/csinodes': driversOfNodes,
  'resource.k8s.io/resourceslices': slices,
  '/nodes': nodes,
  '/pods': pods,
};
