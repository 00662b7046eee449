// The garbage collector: deletes what has lost its owners, holds back owners until their dependents are gone
// (foreground), or cuts dependents loose (orphan).
import { coreEvents, customResourceDefinitions } from '../../../api/generated/resources.ts';
import type { CustomResourceDefinition, OwnerReference } from '../../../api/generated/types.ts';
import { isBeingDeleted, type KubeObject } from '../../../api/meta.ts';
import { parseApiVersion, type Resource } from '../../../api/resource.ts';
import { isNotFound } from '../../../api/status.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import type { Work } from '../../sim/work.ts';
import { customResource, storedResources } from '../shared/all-resources.ts';
import { runAllOrThrow } from '../shared/parallel.ts';
import { asJson } from '../shared/present.ts';
import {
  blockingDependents,
  foregroundFinalizer,
  type GraphNode,
  OwnerGraph,
  orphanFinalizer,
  ownersOf,
  waitsForDependents,
  waitsForOrphaning,
} from './graph.ts';

export const garbageCollector = defineController({
  name: 'generic-garbage-collector',
  eventSource: 'garbage-collector-controller',
  rate: { qps: 40, burst: 30 },
  workers: 20,
  setup: (context) => new GarbageCollector(context),
});

const orphanPrefix = 'orphan/';
const absentMax = 500;

class GarbageCollector implements Controller {
  private readonly resources = new Map<string, Resource<KubeObject>>();
  private readonly graph: OwnerGraph;
  /** Owners that were asked for and do not exist: one question for a thousand dependents. */
  private readonly absent = new Set<string>();

  constructor(private readonly context: ControllerContext) {
    const { queue, informers } = context;
    this.graph = new OwnerGraph(
      { check: ({ uid }) => queue.add(uid), orphan: ({ uid }) => queue.add(orphanPrefix + uid) },
      (reference) => this.resourceOf(reference),
    );
    const builtIn = storedResources.filter((resource) => resource !== coreEvents);
    for (const resource of builtIn) this.resources.set(`${resource.group}/${resource.kind}`, resource);
    for (const resource of builtIn) this.follow(resource);
    const define = (definition: CustomResourceDefinition): void => {
      const resource = customResource(definition);
      const key = resource && `${resource.group}/${resource.kind}`;
      if (!resource || !key || this.resources.has(key)) return;
      this.resources.set(key, resource);
      this.follow(resource);
    };
    informers.informer(customResourceDefinitions).on({ added: define, updated: define });
  }

  *reconcile(key: string): Work<void> {
    const orphaning = key.startsWith(orphanPrefix);
    const node = this.graph.get(orphaning ? key.slice(orphanPrefix.length) : key);
    if (!node) return;
    if (orphaning) yield* this.orphanDependents(node);
    else yield* this.check(node);
  }

  private follow(resource: Resource<KubeObject>): void {
    this.context.informers.informer(resource).on({
      added: (object) => this.graph.put(resource, object),
      updated: (object, old) => {
        if (object.metadata?.uid !== old.metadata?.uid) this.graph.remove(old.metadata?.uid ?? '');
        this.graph.put(resource, object);
      },
      deleted: (object) => this.graph.remove(object.metadata?.uid ?? ''),
    });
  }

  private *check(node: GraphNode): Work<void> {
    const { object } = node;
    if (!object) {
      yield* this.checkVirtual(node);
      return;
    }
    if (waitsForDependents(object)) {
      yield* this.checkForeground(node);
      return;
    }
    const references = ownersOf(node);
    if (isBeingDeleted(object) || references.length === 0) return;
    const { solid, dangling, waiting } = yield* this.classify(node, references);
    const gone = [...dangling, ...waiting];
    if (solid.length > 0) {
      if (gone.length > 0)
        yield* this.setOwners(
          node,
          references.filter((reference) => !gone.includes(reference)),
        );
      return;
    }
    if (waiting.length > 0 && node.dependents.size > 0) {
      // A circle of foreground deletions would wait for itself.
      if ([...node.dependents].some((dependent) => waitsForDependents(dependent.object)))
        yield* this.setOwners(
          node,
          references.map((reference) => ({ ...reference, blockOwnerDeletion: false })),
        );
      yield* this.delete(node, 'Foreground');
      return;
    }
    const finalizers = object.metadata?.finalizers ?? [];
    const orphan = finalizers.includes(orphanFinalizer);
    const foreground = finalizers.includes(foregroundFinalizer);
    yield* this.delete(node, orphan ? 'Orphan' : foreground ? 'Foreground' : 'Background');
  }

  /** An owner that was only named: if it does not exist, its dependents are to go. */
  private *checkVirtual(node: GraphNode): Work<void> {
    const { resource, namespace, name, uid } = node;
    if (!resource) return;
    const found = yield* this.find(resource, { namespace, name });
    if (found?.metadata?.uid === uid) return; // its informer will bring it
    this.rememberAbsent(uid);
    this.graph.remove(uid);
  }

  /** Its last blocking dependent is gone: so may it. */
  private *checkForeground(node: GraphNode): Work<void> {
    const blocking = blockingDependents(node);
    if (blocking.length === 0) {
      yield* this.dropFinalizer(node, foregroundFinalizer);
      return;
    }
    for (const dependent of blocking) if (!waitsForDependents(dependent.object)) this.context.queue.add(dependent.uid);
  }

  private *classify(
    node: GraphNode,
    references: readonly OwnerReference[],
  ): Work<Record<'solid' | 'dangling' | 'waiting', OwnerReference[]>> {
    const found: Record<'solid' | 'dangling' | 'waiting', OwnerReference[]> = { solid: [], dangling: [], waiting: [] };
    for (const reference of references) {
      const owner = this.absent.has(reference.uid) ? undefined : yield* this.findOwner(node, reference);
      if (owner === undefined) {
        this.rememberAbsent(reference.uid);
        found.dangling.push(reference);
      } else if (owner !== 'unknown' && waitsForDependents(owner)) found.waiting.push(reference);
      else found.solid.push(reference);
    }
    return found;
  }

  /** `unknown` where the kind is not served: then nothing may be concluded. */
  private *findOwner(node: GraphNode, reference: OwnerReference): Work<KubeObject | 'unknown' | undefined> {
    const resource = this.resourceOf(reference);
    if (!resource) return 'unknown';
    if (resource.namespaced && node.namespace === undefined) {
      this.tellWrongNamespace(node, reference);
      return 'unknown';
    }
    const namespace = resource.namespaced ? node.namespace : undefined;
    const owner = yield* this.find(resource, { namespace, name: reference.name });
    if (owner?.metadata?.uid === reference.uid) return owner;
    if (this.graph.get(reference.uid)?.object) this.tellWrongNamespace(node, reference);
    return undefined;
  }

  private *find(
    resource: Resource<KubeObject>,
    target: { readonly namespace: string | undefined; readonly name: string },
  ): Work<KubeObject | undefined> {
    try {
      return yield* this.context.client.get(resource, target);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  private tellWrongNamespace({ object, resource, namespace }: GraphNode, reference: OwnerReference): void {
    if (!object || !resource) return;
    const { apiVersion, kind, name, uid } = reference;
    const text = `[${apiVersion}/${kind}, namespace: ${namespace ?? ''}, name: ${name}, uid: ${uid}]`;
    const message = `ownerRef ${text} does not exist in namespace "${namespace ?? ''}"`;
    const as = { kind: resource.kind, apiVersion: object.apiVersion ?? '' };
    this.context.events.record(object, { type: 'Warning', reason: 'OwnerRefInvalidNamespace', message }, as);
  }

  private *delete(node: GraphNode, propagationPolicy: 'Orphan' | 'Foreground' | 'Background'): Work<void> {
    const { resource, namespace, name, uid } = node;
    if (!resource) return;
    this.context.scope.record('collect', `${resource.resource} ${namespace ?? ''}/${name}`, propagationPolicy);
    try {
      yield* this.context.client.delete(resource, { namespace, name, propagationPolicy, preconditions: { uid } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  private *orphanDependents(node: GraphNode): Work<void> {
    if (!waitsForOrphaning(node.object)) return;
    const works = [...node.dependents].map((dependent) =>
      this.setOwners(
        dependent,
        ownersOf(dependent).filter(({ uid }) => uid !== node.uid),
      ),
    );
    yield* runAllOrThrow(this.context.scope, works);
    yield* this.dropFinalizer(node, orphanFinalizer);
  }

  private *setOwners(node: GraphNode, ownerReferences: readonly OwnerReference[]): Work<void> {
    yield* this.patchMetadata(node, { ownerReferences: ownerReferences.length > 0 ? ownerReferences : null });
  }

  private *dropFinalizer(node: GraphNode, finalizer: string): Work<void> {
    const finalizers = (node.object?.metadata?.finalizers ?? []).filter((each) => each !== finalizer);
    yield* this.patchMetadata(node, { finalizers: finalizers.length > 0 ? finalizers : null });
  }

  /** Refused as a conflict where the object has moved on since it was seen; then it is tried again. */
  private *patchMetadata(node: GraphNode, fields: object): Work<void> {
    const { resource, namespace, name, uid, object } = node;
    if (!resource || !object) return;
    const metadata = { uid, resourceVersion: object.metadata?.resourceVersion ?? '', ...asJson(fields) };
    const patchType = 'application/merge-patch+json';
    try {
      yield* this.context.client.patch(resource, { namespace, name, patchType }, { metadata });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  private rememberAbsent(uid: string): void {
    if (this.absent.size >= absentMax) this.absent.clear();
    this.absent.add(uid);
  }

  private resourceOf({ apiVersion, kind }: OwnerReference): Resource<KubeObject> | undefined {
    return this.resources.get(`${parseApiVersion(apiVersion)?.group ?? ''}/${kind}`);
  }
}
