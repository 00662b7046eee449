// Brings CustomResourceDefinitions to life: accepts their names, serves their resources, establishes them, and empties
// them before they go.
//
//   created ─▶ names accepted ─▶ served ─▶ established ─▶ in discovery        deleted ─▶ instances deleted ─▶ gone
import type { CustomResourceDefinition } from '../../../api/generated/types.ts';
import type { UserInfo } from '../../../api/request.ts';
import { ApiError } from '../../../api/status.ts';
import { equal } from '../../../base/json.ts';
import { late } from '../../../base/late.ts';
import { approvalOf, isProtectedGroup } from '../../../kinds/custom/api-approval.ts';
import { cleanupFinalizer } from '../../../kinds/custom-resource-definition.ts';
import type { Scope } from '../../sim/scope.ts';
import type { Work } from '../../sim/work.ts';
import type { ApiCore } from '../api-core.ts';
import { asJson } from '../json-edge.ts';
import type { ResourceStorage } from '../resource-storage.ts';
import { everything } from '../selection.ts';
import type { ResourceRegistry, ServedResource } from '../served-resource.ts';
import { acceptNames } from './accepted-names.ts';
import { type Condition, isTrue, withCondition } from './definition-conditions.ts';
import type { ConversionParts } from './webhook-converter.ts';

export interface DefinitionParts {
  readonly scope: Scope;
  readonly api: Pick<ApiCore, 'perform'>;
  readonly registry: ResourceRegistry;
  readonly definitions: ResourceStorage;
  instances(resource: Pick<ServedResource, 'storage'>): ResourceStorage;
  /** How webhooks that convert are reached. */
  readonly conversion: ConversionParts;
}

/** What a cluster without definitions does without. */
const code = late('custom resources', () => import('./custom-resource.ts'));

const user: UserInfo = { name: 'system:apiserver', groups: ['system:masters'] };
/** An informer's delay. */
const noticeMs = 3;
const pollMs = 5000;
const pollsMax = 12;

/** Follows all definitions as long as the scope lives. */
export class DefinitionController {
  private readonly served = new Map<string, readonly ServedResource[]>();
  private readonly queued = new Set<string>();
  private readonly emptying = new Set<string>();

  constructor(private readonly parts: DefinitionParts) {
    for (const object of parts.definitions.list(undefined)) this.changed(asDefinition(object));
    const leave = parts.definitions.hub.add({
      selection: everything,
      send: ({ type, object }) => {
        const definition = asDefinition(object);
        if (type === 'DELETED') this.gone(definition);
        else this.changed(definition);
      },
      close() {},
    });
    parts.scope.onStop(leave);
  }

  private changed(definition: CustomResourceDefinition): void {
    const name = nameOf(definition);
    this.serve(name, code().servedResources(definition, this.parts.conversion));
    this.enqueue(name);
  }

  private gone(definition: CustomResourceDefinition): void {
    this.serve(nameOf(definition), []);
    this.enqueueGroup(definition);
  }

  private serve(name: string, resources: readonly ServedResource[]): void {
    const { registry } = this.parts;
    const before = this.served.get(name) ?? [];
    for (const old of before)
      if (!resources.some((one) => one.apiVersion === old.apiVersion && one.resource === old.resource))
        registry.remove(old);
    for (const resource of resources) registry.add(resource);
    if (resources.length > 0) this.served.set(name, resources);
    else if (this.served.delete(name)) for (const old of before) this.parts.instances(old).hub.closeAll();
  }

  private enqueueGroup({ spec, metadata }: CustomResourceDefinition): void {
    for (const other of this.ofGroup(spec.group)) if (nameOf(other) !== metadata?.name) this.enqueue(nameOf(other));
  }

  private ofGroup(group: string): readonly CustomResourceDefinition[] {
    const all = this.parts.definitions.list(undefined).map(asDefinition);
    return all.filter(({ spec }) => spec.group === group);
  }

  private enqueue(name: string, delayMs = noticeMs): void {
    if (this.queued.has(name)) return;
    this.queued.add(name);
    this.parts.scope.schedule(delayMs, () => {
      this.queued.delete(name);
      this.sync(name);
    });
  }

  private sync(name: string): void {
    const object = this.parts.definitions.get(name);
    if (!object) return;
    const definition = asDefinition(object);
    if (definition.metadata?.deletionTimestamp !== undefined) {
      if (definition.metadata.finalizers?.includes(cleanupFinalizer) && !this.emptying.has(name)) {
        this.emptying.add(name);
        this.parts.scope.spawn(this.empty(name));
      }
      return;
    }
    const next = this.named(definition) ?? this.approved(definition) ?? this.established(definition);
    if (!next) return;
    this.write(next);
    if (!equal(next.status?.acceptedNames, definition.status?.acceptedNames)) this.enqueueGroup(definition);
  }

  /** With the names that it gets; undefined: nothing changes. */
  private named(definition: CustomResourceDefinition): CustomResourceDefinition | undefined {
    const { spec, status } = definition;
    if (equal(spec.names, status?.acceptedNames)) return undefined;
    const { names, ...decision } = acceptNames(definition, this.ofGroup(spec.group));
    const accepted: Condition = { type: 'NamesAccepted', ...decision };
    const old = status?.conditions?.find(({ type }) => type === 'NamesAccepted');
    if (
      equal(names, status?.acceptedNames) &&
      old?.status === accepted.status &&
      old.reason === accepted.reason &&
      old.message === accepted.message
    )
      return undefined;
    const { now } = this.parts.scope;
    const next = withCondition({ ...definition, status: { ...status, acceptedNames: names } }, accepted, now);
    if (isTrue(definition, 'Established')) return next;
    const ready = accepted.status === 'True';
    const installing: Condition = ready
      ? { type: 'Established', status: 'False', reason: 'Installing', message: 'the initial names have been accepted' }
      : { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' };
    return withCondition(next, installing, now);
  }

  private approved(definition: CustomResourceDefinition): CustomResourceDefinition | undefined {
    if (!isProtectedGroup(definition.spec.group)) return undefined;
    const { state, reason: message } = approvalOf(definition);
    const reasons = {
      approved: 'ApprovedAnnotation',
      bypassed: 'UnapprovedAnnotation',
      missing: 'MissingAnnotation',
      invalid: 'InvalidAnnotation',
    };
    const type = 'KubernetesAPIApprovalPolicyConformant';
    const condition = { type, status: state === 'approved' ? 'True' : 'False', reason: reasons[state], message };
    const old = definition.status?.conditions?.find((one) => one.type === type);
    if (old?.status === condition.status && old.reason === condition.reason && old.message === message)
      return undefined;
    return withCondition(definition, condition, this.parts.scope.now);
  }

  private established(definition: CustomResourceDefinition): CustomResourceDefinition | undefined {
    if (!isTrue(definition, 'NamesAccepted') || isTrue(definition, 'Established')) return undefined;
    const condition: Condition = {
      type: 'Established',
      status: 'True',
      reason: 'InitialNamesAccepted',
      message: 'the initial names have been accepted',
    };
    return withCondition(definition, condition, this.parts.scope.now);
  }

  /** Deletes all instances, waits until they are gone, and lets the definition go. */
  private *empty(name: string): Work<void> {
    const { scope } = this.parts;
    try {
      this.tell(name, {
        status: 'True',
        reason: 'InstanceDeletionInProgress',
        message: 'CustomResource deletion is in progress',
      });
      const object = this.parts.definitions.get(name);
      if (!object) return;
      const established = isTrue(asDefinition(object), 'Established');
      if (established) {
        this.deleteInstances(asDefinition(object));
        for (let i = 0; this.remaining(asDefinition(object)) > 0; i++) {
          if (i >= pollsMax) {
            const message = 'could not confirm zero CustomResources remaining: context deadline exceeded';
            this.tell(name, { status: 'True', reason: 'InstanceDeletionCheck', message });
            return;
          }
          yield* scope.sleep(pollMs);
        }
      }
      this.release(name, established);
    } finally {
      this.emptying.delete(name);
      this.enqueue(name, pollMs);
    }
  }

  private deleteInstances({ spec }: CustomResourceDefinition): void {
    const { group, names, versions } = spec;
    const version = versions.find(({ served }) => served)?.name;
    const objects = this.parts.instances({ storage: `${group}/${names.plural}` }).list(undefined);
    if (version === undefined) return;
    const namespaces = new Set(objects.map(({ metadata }) => metadata?.namespace));
    for (const namespace of namespaces)
      this.perform({ verb: 'deletecollection', group, version, resource: names.plural, namespace });
  }

  private remaining({ spec }: CustomResourceDefinition): number {
    return this.parts.instances({ storage: `${spec.group}/${spec.names.plural}` }).size;
  }

  private tell(name: string, condition: Omit<Condition, 'type'>): void {
    const object = this.parts.definitions.get(name);
    if (!object) return;
    this.write(withCondition(asDefinition(object), { type: 'Terminating', ...condition }, this.parts.scope.now));
  }

  private release(name: string, established: boolean): void {
    const object = this.parts.definitions.get(name);
    if (!object) return;
    const definition = asDefinition(object);
    const condition: Condition = established
      ? { type: 'Terminating', status: 'False', reason: 'InstanceDeletionCompleted', message: 'removed all instances' }
      : { type: 'Terminating', status: 'False', reason: 'NeverEstablished', message: 'resource was never established' };
    const finalizers = (definition.metadata?.finalizers ?? []).filter((finalizer) => finalizer !== cleanupFinalizer);
    const freed = { ...definition, metadata: { ...definition.metadata, finalizers } };
    this.write(withCondition(freed, condition, this.parts.scope.now));
  }

  private write(definition: CustomResourceDefinition): void {
    const place = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' };
    const name = nameOf(definition);
    this.perform({ verb: 'update', ...place, subresource: 'status', name, body: asJson(definition) });
  }

  /** Another write came first, or the object is gone: its event brings us back. */
  private perform(request: Omit<Parameters<ApiCore['perform']>[0], 'user' | 'userAgent'>): void {
    try {
      this.parts.api.perform({ ...request, user, userAgent: 'kube-apiserver/v1.36.2' }, () => {});
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.parts.scope.record('retry', `${request.resource} ${request.name ?? ''}`, error.message);
    }
  }
}

function asDefinition(object: object): CustomResourceDefinition {
  return object as CustomResourceDefinition; // edge: an object of the customresourcedefinitions resource
}

function nameOf({ metadata }: CustomResourceDefinition): string {
  return metadata?.name ?? '';
}
