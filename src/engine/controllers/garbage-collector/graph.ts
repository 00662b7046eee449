// Who owns whom, by uid:
//
//   Deployment web ◀── ReplicaSet web-1 ◀── Pod web-1-a, Pod web-1-b
//
// An owner that was named but never seen is virtual: it may not exist at all.
import type { OwnerReference } from '../../../api/generated/types.ts';
import { isBeingDeleted, type KubeObject } from '../../../api/meta.ts';
import type { Resource } from '../../../api/resource.ts';
import { equal } from '../../../base/json.ts';

export const foregroundFinalizer = 'foregroundDeletion';
export const orphanFinalizer = 'orphan';

export interface GraphNode {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string | undefined;
  /** Undefined for a virtual node of a kind that nobody serves. */
  readonly resource: Resource<KubeObject> | undefined;
  /** As last seen; undefined while virtual. */
  object: KubeObject | undefined;
  readonly dependents: Set<GraphNode>;
}

const none: readonly OwnerReference[] = [];

export function ownersOf(node: GraphNode): readonly OwnerReference[] {
  return node.object?.metadata?.ownerReferences ?? none;
}

export function waitsForDependents(object: KubeObject | undefined): boolean {
  return (
    object !== undefined &&
    isBeingDeleted(object) &&
    (object.metadata?.finalizers?.includes(foregroundFinalizer) ?? false)
  );
}

export function waitsForOrphaning(object: KubeObject | undefined): boolean {
  return (
    object !== undefined && isBeingDeleted(object) && (object.metadata?.finalizers?.includes(orphanFinalizer) ?? false)
  );
}

/** Dependents whose reference to this owner says that its deletion must wait for theirs. */
export function blockingDependents(owner: GraphNode): GraphNode[] {
  return [...owner.dependents].filter((dependent) =>
    ownersOf(dependent).some(({ uid, blockOwnerDeletion }) => uid === owner.uid && blockOwnerDeletion === true),
  );
}

export interface GraphListener {
  /** The node, or whether it may exist at all, needs a look. */
  check(node: GraphNode): void;
  /** Its dependents are to be let go. */
  orphan(node: GraphNode): void;
}

export class OwnerGraph {
  private readonly nodes = new Map<string, GraphNode>();

  constructor(
    private readonly listener: GraphListener,
    private readonly resourceOf: (reference: OwnerReference) => Resource<KubeObject> | undefined,
  ) {}

  get(uid: string): GraphNode | undefined {
    return this.nodes.get(uid);
  }

  /** An object was added or has changed. Cheap where owners, deletion and finalizers are as before. */
  put(resource: Resource<KubeObject>, object: KubeObject): void {
    const { uid = '', name = '', namespace } = object.metadata ?? {};
    const known = this.nodes.get(uid);
    const old = known?.object;
    const node: GraphNode = known?.object
      ? known
      : { uid, name, namespace, resource, object: undefined, dependents: known?.dependents ?? new Set() };
    if (node !== known) this.nodes.set(uid, node);
    node.object = object;
    this.relink(node, old);
    if (!isBeingDeleted(object)) return;
    if (waitsForDependents(object) && !waitsForDependents(old)) {
      for (const dependent of node.dependents) this.listener.check(dependent);
      this.listener.check(node);
    }
    if (waitsForOrphaning(object) && !waitsForOrphaning(old)) this.listener.orphan(node);
  }

  /** The object is gone, or never was. */
  remove(uid: string): void {
    const node = this.nodes.get(uid);
    if (!node) return;
    this.nodes.delete(uid);
    for (const reference of ownersOf(node)) {
      const owner = this.nodes.get(reference.uid);
      if (!owner) continue;
      owner.dependents.delete(node);
      if (!owner.object && owner.dependents.size === 0) this.nodes.delete(owner.uid);
      else if (waitsForDependents(owner.object)) this.listener.check(owner);
    }
    for (const dependent of node.dependents) this.listener.check(dependent);
  }

  private relink(node: GraphNode, old: KubeObject | undefined): void {
    const before = old?.metadata?.ownerReferences ?? none;
    const after = ownersOf(node);
    if (before === after || (old && equal(before, after))) return;
    const kept = new Set(after.map(({ uid }) => uid));
    for (const reference of before) {
      const owner = this.nodes.get(reference.uid);
      if (!owner) continue;
      if (!kept.has(reference.uid)) owner.dependents.delete(node);
      if (waitsForDependents(owner.object)) this.listener.check(owner);
    }
    for (const reference of after) this.link(node, reference);
    // What was attached to an owner in the midst of its deletion must learn of it.
    if (old) this.listener.check(node);
  }

  private link(node: GraphNode, reference: OwnerReference): void {
    const known = this.nodes.get(reference.uid);
    if (known) {
      known.dependents.add(node);
      if (waitsForDependents(known.object)) this.listener.check(node);
      return;
    }
    const resource = this.resourceOf(reference);
    const owner: GraphNode = {
      uid: reference.uid,
      name: reference.name,
      namespace: resource?.namespaced === false ? undefined : node.namespace,
      resource,
      object: undefined,
      dependents: new Set([node]),
    };
    this.nodes.set(owner.uid, owner);
    this.listener.check(owner);
  }
}
