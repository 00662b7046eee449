// DynamicResources: pods wait for their resource claims, go where devices for them can be reached, and have the claims
// allocated and reserved before they are bound.
import { deviceClasses, pods, resourceClaims, resourceSlices } from '../../../api/generated/resources.ts';
import type {
  AllocationResult,
  ContainerExtendedResourceRequest,
  DeviceClass,
  PodResourceClaim,
  ResourceClaim,
} from '../../../api/generated/types.ts';
import { ApiError, isConflict } from '../../../api/status.ts';
import type { JsonObject } from '../../../base/json.ts';
import { late } from '../../../base/late.ts';
import { formatTime } from '../../../base/time.ts';
import { TransportError } from '../../client/transport.ts';
import type { Work } from '../../sim/work.ts';
import type { Supply } from '../devices/allocator.ts';
import { classOfResource, isWithout } from '../devices/extended-classes.ts';
import type { Pool } from '../devices/pools.ts';
import type { Handle, PluginFactory } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import { termsMatcher } from '../node-selector.ts';
import type { PodInfo } from '../pod-info.ts';
import { failed, type Rejection, unresolvable, unschedulable } from '../rejection.ts';

const name = 'DynamicResources';
const finalizer = 'resource.kubernetes.io/delete-protection';
const attemptsMax = 5;

/** Most clusters have no devices. */
const allocator = late('allocator', () => import('../devices/allocator.ts'));
const pools = late('pools', () => import('../devices/pools.ts'));
const extended = late('extended claim', () => import('../devices/extended-claim.ts'));

export const dynamicResources: PluginFactory = (handle) => {
  const allocations = new Allocations(handle);
  const hasClaims = (pod: PodInfo) => hasOwnClaims(pod) || allocations.needsExtended(pod);
  return {
    name,
    preEnqueue(pod) {
      const found = hasOwnClaims(pod) ? allocations.claimsOf(pod) : undefined;
      return typeof found === 'string' ? unresolvable(name, found) : undefined;
    },
    preFilter(pod) {
      if (!hasClaims(pod)) return undefined;
      const found = allocations.prepare(pod);
      return typeof found === 'string' ? unresolvable(name, found) : { filter: (node) => found(node) };
    },
    // Upstream looks for what its own preparation left behind; when another plugin ended the cycle before, that is missing.
    postFilter(pod, { steps }) {
      if (hasClaims(pod) && steps) {
        const freed = allocations.dropExtended(pod);
        return { rejection: unschedulable(name, freed ?? 'still not schedulable') };
      }
      const prepared = hasClaims(pod) ? allocations.hasPrepared(pod) : steps !== undefined;
      return {
        rejection: prepared
          ? unschedulable(name, 'no new claims to deallocate')
          : { code: 'error', plugin: name, reasons: ['not found'] },
      };
    },
    reserve(pod, node) {
      if (hasClaims(pod)) allocations.reserve(pod, node);
      return undefined;
    },
    unreserve: (pod) => allocations.forget(pod),
    preBindNeeded: (pod) => hasClaims(pod) && allocations.isUnderWay(pod),
    *preBind(pod) {
      try {
        return yield* allocations.bind(pod);
      } catch (error) {
        if (error instanceof ApiError || error instanceof TransportError) return failed(name, error.message);
        throw error;
      }
    },
    hints: [
      {
        resource: 'Pod',
        actions: ['generated-claims'],
        helps: (pod, _old, current) => current?.metadata?.uid === pod.uid,
      },
      { resource: 'ResourceClaim', actions: ['add', 'update', 'delete'] },
      { resource: 'ResourceSlice', actions: ['add', 'update'] },
      { resource: 'DeviceClass', actions: ['add', 'update'] },
      { resource: 'Node', actions: ['add', 'label', 'taint'] },
    ],
  };
};

function hasOwnClaims({ pod }: PodInfo): boolean {
  return (pod.spec?.resourceClaims?.length ?? 0) > 0;
}

/** The claim for a pod's extended resources as it would be on one node. */
interface Extended {
  readonly claim: ResourceClaim;
  readonly mappings: readonly ContainerExtendedResourceRequest[];
}

/** What one pod's cycle found out. */
interface Plan {
  readonly claims: readonly ResourceClaim[];
  /** By node: allocations of the claims that have none. */
  readonly byNode: Map<string, readonly AllocationResult[]>;
  readonly extended: Map<string, Extended>;
  node?: string;
}

type NodeCheck = (node: NodeInfo) => Rejection | undefined;

class Allocations {
  private readonly claims;
  private readonly slices;
  private readonly classes;
  private readonly plans = new Map<string, Plan>();
  /** Promised to claims by uid, and not yet seen in them. */
  private readonly promised = new Map<string, AllocationResult>();

  constructor(private readonly handle: Handle) {
    this.claims = handle.lister(resourceClaims);
    this.slices = handle.lister(resourceSlices);
    this.classes = handle.lister(deviceClasses);
  }

  /** The claims of a pod, or why they are not all there. */
  claimsOf(pod: PodInfo): readonly ResourceClaim[] | string {
    const found: ResourceClaim[] = [];
    for (const reference of pod.pod.spec?.resourceClaims ?? []) {
      const claimName = nameOf(pod, reference);
      if (claimName === undefined) return `pod "${pod.key}": ResourceClaim not created yet`;
      if (claimName === '') continue;
      const claim = this.claims.get(`${pod.namespace}/${claimName}`);
      if (!claim) return `resourceclaim.resource.k8s.io "${claimName}" not found`;
      if (claim.metadata?.deletionTimestamp) return `resourceclaim "${claimName}" is being deleted`;
      const owned = claim.metadata?.ownerReferences?.some(({ uid, controller }) => controller && uid === pod.uid);
      if (reference.resourceClaimTemplateName !== undefined && !owned)
        return `ResourceClaim ${pod.namespace}/${claimName} was not created for Pod ${pod.key} (Pod is not owner)`;
      found.push(claim);
    }
    return found;
  }

  /** Whether a class gives one of the resources that the pod asks for. */
  needsExtended(pod: PodInfo): boolean {
    const { scalars } = pod.template.requests;
    return scalars.size > 0 && this.classesFor(pod).size > 0;
  }

  private classesFor({ template }: PodInfo): ReadonlyMap<string, DeviceClass> {
    const found = new Map<string, DeviceClass>();
    for (const [resource, amount] of template.requests.scalars) {
      const given = amount > 0 ? classOfResource(resource, this.classes) : undefined;
      if (given) found.set(resource, given);
    }
    return found;
  }

  /** Takes back what an earlier attempt has written and what can no longer be relied on; says so where there is any. */
  dropExtended(pod: PodInfo): string | undefined {
    const old = this.writtenFor(pod);
    if (!old) return undefined;
    this.handle.scope.spawn(this.remove(old));
    return 'deletion of ResourceClaim completed';
  }

  private writtenFor({ uid, namespace }: PodInfo): ResourceClaim | undefined {
    for (const one of this.claims.list())
      if (one.metadata?.namespace === namespace && extended().isExtendedClaimOf(one, uid)) return one;
    return undefined;
  }

  private *remove({ metadata }: ResourceClaim): Work<void> {
    const { client, scope } = this.handle;
    const { name = '', namespace } = metadata ?? {};
    try {
      const { metadata: now, ...claim } = yield* client.get(resourceClaims, { namespace, name });
      const finalizers = (now?.finalizers ?? []).filter((one) => one !== finalizer);
      yield* client.update(resourceClaims, { ...claim, metadata: { ...now, finalizers } });
      yield* client.delete(resourceClaims, { namespace, name });
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof TransportError)) throw error;
      scope.record('claim not deleted', `resourceclaims ${namespace}/${name}`, error.message);
    }
  }

  /** What of the pod's resources devices of that node must give; undefined: the node has it all itself. */
  private extendedOn(pod: PodInfo, node: NodeInfo): Extended | undefined {
    const classes = new Map([...this.classesFor(pod)].filter(([resource]) => isWithout(node, resource)));
    if (classes.size === 0) return undefined;
    const { requests, mappings } = extended().extendedRequests(pod.pod, classes);
    return { claim: extended().newExtendedClaim(pod.pod, requests), mappings };
  }

  /** Asks for each node, or tells why no node will do. */
  prepare(pod: PodInfo): NodeCheck | string {
    const plan: Plan = { claims: [], byNode: new Map(), extended: new Map() };
    this.plans.set(pod.uid, plan);
    const claims = this.claimsOf(pod);
    if (typeof claims === 'string') return claims;
    const open = claims.filter(({ status }) => !status?.allocation);
    for (const claim of open) {
      if (this.promised.has(claim.metadata?.uid ?? ''))
        return `resource claim ${keyOfClaim(claim)} is in the process of being allocated`;
      const missing = this.missingClass(claim);
      if (missing !== undefined) return missing;
    }
    const prepared = { ...plan, claims };
    this.plans.set(pod.uid, prepared);
    const taken = this.taken();
    const needsExtended = this.needsExtended(pod);
    const stale = needsExtended && this.writtenFor(pod) !== undefined;
    return (node) => {
      if (stale) return unschedulable(name, 'cannot schedule extended resource claim');
      for (const { status } of claims) {
        const terms = status?.allocation?.nodeSelector?.nodeSelectorTerms;
        if (terms && node.node && !termsMatcher(terms).matches(node.node))
          return unresolvable(name, 'resourceclaim not available on the node');
      }
      const more = needsExtended ? this.extendedOn(pod, node) : undefined;
      if (more) prepared.extended.set(node.name, more);
      const wanted = more ? [...open, more.claim] : open;
      return wanted.length === 0 ? undefined : this.allocateOn(node, { open: wanted, taken, plan: prepared });
    };
  }

  hasPrepared({ uid }: PodInfo): boolean {
    return this.plans.has(uid);
  }

  reserve({ uid }: PodInfo, node: string): void {
    const plan = this.plans.get(uid);
    if (!plan) return;
    plan.node = node;
    const open = plan.claims.filter(({ status }) => !status?.allocation);
    for (const [i, allocation] of (plan.byNode.get(node) ?? []).entries())
      this.promised.set(open[i]?.metadata?.uid ?? notWritten(uid), allocation);
  }

  /** Reservations that are made already stay: the same pod is tried again, or its controller takes them back. */
  forget({ uid }: PodInfo): void {
    for (const { metadata } of this.plans.get(uid)?.claims ?? []) this.promised.delete(metadata?.uid ?? '');
    this.promised.delete(notWritten(uid));
    this.plans.delete(uid);
  }

  isUnderWay({ uid }: PodInfo): boolean {
    return this.plans.get(uid)?.node !== undefined;
  }

  /** Writes allocations and reservations into the claims. */
  *bind(pod: PodInfo): Work<Rejection | undefined> {
    const plan = this.plans.get(pod.uid);
    for (const claim of plan?.claims ?? []) {
      const problem = yield* this.bindClaim(pod, claim);
      if (problem !== undefined) return failed(name, problem);
    }
    const more = plan?.extended.get(plan.node ?? '');
    const problem = more ? yield* this.bindExtended(pod, more) : undefined;
    if (!problem) this.plans.delete(pod.uid);
    return problem;
  }

  /** Writes the claim, what it got, and into the pod's status which container has what of it. */
  private *bindExtended(pod: PodInfo, { claim, mappings }: Extended): Work<Rejection | undefined> {
    const { client } = this.handle;
    const allocation = this.promised.get(notWritten(pod.uid));
    const written = yield* client.create(resourceClaims, claim);
    const { uid = '', name: resourceClaimName = '' } = written.metadata ?? {};
    if (allocation) this.promised.set(uid, allocation);
    this.promised.delete(notWritten(pod.uid));
    try {
      const problem = yield* this.bindClaim(pod, written);
      if (problem !== undefined) return this.giveUp(written, problem);
      const { namespace, name: podName } = pod;
      const status = { extendedResourceClaimStatus: { requestMappings: mappings, resourceClaimName } };
      yield* client.patch(pods, { namespace, name: podName, subresource: 'status' }, asJson({ status }));
      return undefined;
    } catch (error) {
      this.giveUp(written, '');
      throw error;
    }
  }

  private giveUp(written: ResourceClaim, problem: string): Rejection {
    this.promised.delete(written.metadata?.uid ?? '');
    this.handle.scope.spawn(this.remove(written));
    return failed(name, problem);
  }

  private *bindClaim(pod: PodInfo, known: ResourceClaim): Work<string | undefined> {
    const { client, scope } = this.handle;
    const uid = known.metadata?.uid ?? '';
    const allocation = this.promised.get(uid);
    const { name: claimName = '', namespace } = known.metadata ?? {};
    let claim = known;
    for (let attempt = 1; ; attempt++) {
      if (claim.status?.reservedFor?.some((one) => one.uid === pod.uid)) return undefined;
      if (claim.metadata?.deletionTimestamp) return `claim ${keyOfClaim(claim)} got deleted in the meantime`;
      if (allocation && claim.status?.allocation)
        return `claim ${keyOfClaim(claim)} got allocated elsewhere in the meantime`;
      if (!allocation && !claim.status?.allocation)
        return `claim ${keyOfClaim(claim)} got deallocated elsewhere in the meantime`;
      try {
        if (allocation && !claim.metadata?.finalizers?.includes(finalizer)) {
          const finalizers = [...(claim.metadata?.finalizers ?? []), finalizer];
          claim = yield* client.update(resourceClaims, { ...claim, metadata: { ...claim.metadata, finalizers } });
        }
        const reservation = { resource: 'pods', name: pod.name, uid: pod.uid };
        const stamped = { allocationTimestamp: formatTime(scope.now), ...(allocation ?? claim.status?.allocation) };
        const reservedFor = [...(claim.status?.reservedFor ?? []), reservation];
        const status = { ...claim.status, allocation: stamped, reservedFor };
        yield* client.updateStatus(resourceClaims, { ...claim, status });
        return undefined;
      } catch (error) {
        if (!isConflict(error) || attempt === attemptsMax) throw error;
        claim = yield* client.get(resourceClaims, { namespace, name: claimName });
      }
    }
  }

  private allocateOn(
    { node, name: nodeName }: NodeInfo,
    wanted: { readonly open: readonly ResourceClaim[]; readonly taken: Supply['taken']; readonly plan: Plan },
  ): Rejection | undefined {
    if (!node) return unresolvable(name, 'cannot allocate all claims');
    const { allocate, AllocationFailure } = allocator();
    const slices = [...this.slices.list()].sort((a, b) =>
      (a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1,
    );
    const reached = pools().poolsFor(slices, node);
    const classOf = (className: string) => this.classes.get(className);
    try {
      const found = allocate(wanted.open, { pools: reached, classOf, taken: wanted.taken, nodeName });
      if (!found) return unresolvable(name, shortage(reached));
      wanted.plan.byNode.set(nodeName, found);
      return undefined;
    } catch (error) {
      if (error instanceof AllocationFailure) return failed(name, error.message);
      throw error;
    }
  }

  private missingClass({ spec }: ResourceClaim): string | undefined {
    for (const { name: request, exactly, firstAvailable = [] } of spec?.devices?.requests ?? []) {
      const asked = exactly ? [{ at: request, className: exactly.deviceClassName }] : [];
      const alternatives = firstAvailable.map((one) => ({
        at: `${request}/${one.name}`,
        className: one.deviceClassName,
      }));
      for (const { at, className } of [...asked, ...alternatives])
        if (!this.classes.get(className)) return `request ${at}: device class ${className} does not exist`;
    }
    return undefined;
  }

  /** Devices of all claims, and of those that are being written. */
  private taken(): ReadonlySet<string> {
    const taken = new Set<string>();
    const add = ({ devices }: AllocationResult): void => {
      for (const result of devices?.results ?? []) if (!result.adminAccess) taken.add(pools().keyOfDevice(result));
    };
    for (const { metadata, status } of this.claims.list()) {
      if (!status?.allocation) continue;
      add(status.allocation);
      this.promised.delete(metadata?.uid ?? '');
    }
    for (const allocation of this.promised.values()) add(allocation);
    return taken;
  }
}

/** Stands for the uid of a claim that is not there yet. */
function notWritten(podUid: string): string {
  return `extended resources of ${podUid}`;
}

function asJson(value: object): JsonObject {
  return value as JsonObject; // edge: API types hold nothing but JSON
}

function shortage(reached: readonly Pool[]): string {
  if (reached.some(({ invalid }) => invalid)) return 'invalid resource pools were encountered';
  const left = reached.some(({ reachable }) =>
    reachable.some(({ device }) => device.allowMultipleAllocations || device.bindingConditions?.length),
  );
  const why = left ? ': devices with allowMultipleAllocations or bindingConditions are not simulated' : '';
  return `cannot allocate all claims${why}`;
}

/** Undefined: its controller has not made it yet; empty: none is needed. */
function nameOf({ pod }: PodInfo, { name: claim, resourceClaimName }: PodResourceClaim): string | undefined {
  if (resourceClaimName !== undefined) return resourceClaimName;
  const status = pod.status?.resourceClaimStatuses?.find((one) => one.name === claim);
  return status && (status.resourceClaimName ?? '');
}

function keyOfClaim({ metadata }: ResourceClaim): string {
  return `${metadata?.namespace}/${metadata?.name}`;
}
