// The resource claim controller: makes the claims that pods want by template, and takes claims back from pods that no
// longer need them.
import { pods, resourceClaims, resourceClaimTemplates } from '../../../api/generated/resources.ts';
import type { Pod, PodResourceClaim, ResourceClaim } from '../../../api/generated/types.ts';
import { isBeingDeleted } from '../../../api/meta.ts';
import { ApiError, internalError, isNotFound } from '../../../api/status.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { kindName } from '../shared/kind-name.ts';

const podClaimAnnotation = 'resource.kubernetes.io/pod-claim-name';
const finalizer = 'resource.kubernetes.io/delete-protection';
/** Leaves room for five more characters in a name of 63. */
const generatedBaseMax = 57;

export const resourceClaimController = defineController({
  name: 'resource-claim-controller',
  eventSource: 'resource_claim',
  setup: (context) => new ResourceClaims(context),
});

const byTemplate = 'claim template';
const byOwner = 'owner';

type Reservation = NonNullable<NonNullable<ResourceClaim['status']>['reservedFor']>[number];

class ResourceClaims implements Controller {
  private readonly pods;
  private readonly claims;
  private readonly templates;

  constructor(private readonly context: ControllerContext) {
    const { informers, queue } = context;
    this.pods = informers.informer(pods);
    this.claims = informers.informer(resourceClaims);
    this.templates = informers.informer(resourceClaimTemplates);
    const notePod = (pod: Pod): void => {
      if (!pod.spec?.resourceClaims?.length) return;
      queue.add(`pod ${keyOf(pod)}`);
      if (isOver(pod)) this.noteClaimsOf(pod);
    };
    this.pods.on({ added: notePod, updated: notePod, deleted: (pod) => this.noteClaimsOf(pod) });
    const noteClaim = (claim: ResourceClaim): void => queue.add(`claim ${keyOf(claim)}`);
    this.claims.on({ added: noteClaim, updated: noteClaim, deleted: (claim) => this.noteOwner(claim) });
    this.pods.addIndex(byTemplate, templatesOf);
    this.claims.addIndex(byOwner, ({ metadata }) => (metadata?.ownerReferences ?? []).map(({ uid }) => uid));
    this.templates.on({
      added: (template) => {
        for (const pod of this.pods.lister.by(byTemplate, keyOf(template))) queue.add(`pod ${keyOf(pod)}`);
      },
    });
  }

  reconcile(key: string): Work<void> {
    const [sort, name = ''] = key.split(' ');
    return sort === 'pod' ? this.syncPod(name) : this.syncClaim(name);
  }

  private noteClaimsOf(pod: Pod): void {
    for (const reference of pod.spec?.resourceClaims ?? []) {
      const name = claimNameOf(pod, reference);
      if (name) this.context.queue.add(`claim ${pod.metadata?.namespace}/${name}`);
    }
  }

  private noteOwner({ metadata }: ResourceClaim): void {
    for (const { kind, name } of metadata?.ownerReferences ?? [])
      if (kind === 'Pod') this.context.queue.add(`pod ${metadata?.namespace}/${name}`);
  }

  private *syncPod(key: string): Work<void> {
    const pod = this.pods.lister.get(key);
    if (!pod || isBeingDeleted(pod) || isOver(pod)) return;
    const made = new Map<string, string>();
    for (const reference of pod.spec?.resourceClaims ?? []) {
      const problem = yield* this.ensure(pod, reference, made);
      if (problem === undefined) continue;
      const message = `PodResourceClaim ${reference.name}: ${problem}`;
      const event = { type: 'Warning', reason: 'FailedResourceClaimCreation', message } as const;
      this.context.events.record(pod, event, kindName(pods));
      throw internalError(`pod ${key}, ${message}`); // tried again
    }
    if (made.size > 0) yield* this.tellPod(pod, made);
    else if (pod.spec?.nodeName) yield* this.reserveAll(pod);
  }

  /** Undefined when the claim is there, or none is needed. */
  private *ensure(pod: Pod, reference: PodResourceClaim, made: Map<string, string>): Work<string | undefined> {
    const { name, resourceClaimTemplateName: templateName } = reference;
    if (templateName === undefined) return undefined;
    const known = claimNameOf(pod, reference);
    const { namespace = '' } = pod.metadata ?? {};
    if (known === '') return undefined;
    if (known !== undefined && isOwned(this.claims.lister.get(`${namespace}/${known}`), pod)) return undefined;
    const orphan = [...this.claims.lister.by(byOwner, pod.metadata?.uid ?? '')].find(
      (claim) => claim.metadata?.annotations?.[podClaimAnnotation] === name,
    );
    const template = this.templates.lister.get(`${namespace}/${templateName}`);
    if (!orphan && !template)
      return `resource claim template "${templateName}": resourceclaimtemplate.resource.k8s.io "${templateName}" not found`;
    try {
      const claim =
        orphan ??
        (yield* this.context.client.create(resourceClaims, {
          apiVersion: 'resource.k8s.io/v1',
          kind: 'ResourceClaim',
          metadata: {
            namespace,
            generateName: generatedBase(pod.metadata?.name ?? '', name),
            annotations: { ...template?.spec.metadata?.annotations, [podClaimAnnotation]: name },
            ...(template?.spec.metadata?.labels && { labels: template.spec.metadata.labels }),
            ownerReferences: [
              {
                apiVersion: 'v1',
                kind: 'Pod',
                name: pod.metadata?.name ?? '',
                uid: pod.metadata?.uid ?? '',
                controller: true,
              },
            ],
          },
          spec: template?.spec.spec ?? {},
        }));
      made.set(name, claim.metadata?.name ?? '');
      return undefined;
    } catch (error) {
      if (error instanceof ApiError) return `create ResourceClaim : ${error.message}`;
      throw error;
    }
  }

  private *tellPod({ metadata }: Pod, made: ReadonlyMap<string, string>): Work<void> {
    const resourceClaimStatuses = [...made].map(([name, resourceClaimName]) => ({ name, resourceClaimName }));
    const patch = { status: { resourceClaimStatuses } };
    const target = { namespace: metadata?.namespace, name: metadata?.name ?? '', subresource: 'status' };
    yield* this.context.client.patch(pods, target, patch);
  }

  /** A pod that no scheduler placed still needs its claims, as far as they are allocated. */
  private *reserveAll(pod: Pod): Work<void> {
    for (const reference of pod.spec?.resourceClaims ?? []) {
      const claim = this.claims.lister.get(`${pod.metadata?.namespace}/${claimNameOf(pod, reference)}`);
      if (!claim?.status?.allocation) continue;
      const { name = '', uid = '' } = pod.metadata ?? {};
      const reservedFor = claim.status.reservedFor ?? [];
      if (reservedFor.some((one) => one.uid === uid)) continue;
      const reservation: Reservation = { resource: 'pods', name, uid };
      const status = { ...claim.status, reservedFor: [...reservedFor, reservation] };
      yield* this.context.client.updateStatus(resourceClaims, { ...claim, status });
    }
  }

  private *syncClaim(key: string): Work<void> {
    const claim = this.claims.lister.get(key);
    if (!claim) return;
    const reserved = claim.status?.reservedFor ?? [];
    const remaining: Reservation[] = [];
    for (const one of reserved) if (yield* this.isNeeded(claim, one)) remaining.push(one);
    const isProtected = claim.metadata?.finalizers?.includes(finalizer) ?? false;
    if (remaining.length < reserved.length) yield* this.release(claim, remaining, isProtected);
    else if (isProtected && isBeingDeleted(claim) && remaining.length === 0) yield* this.release(claim, [], true);
    if (remaining.length === 0) yield* this.deleteUnused(claim);
  }

  /** Whoever is no pod may need it forever. */
  private *isNeeded({ metadata }: ResourceClaim, { apiGroup, resource, name, uid }: Reservation): Work<boolean> {
    if (apiGroup || resource !== 'pods') return true;
    const namespace = metadata?.namespace;
    const known = this.pods.lister.get(`${namespace}/${name}`);
    if (known) return known.metadata?.uid === uid && !isOver(known);
    try {
      const pod = yield* this.context.client.get(pods, { namespace, name });
      return pod.metadata?.uid === uid;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  /** Without consumers the devices are free again, and nothing protects the claim any more. */
  private *release(given: ResourceClaim, reservedFor: readonly Reservation[], isProtected: boolean): Work<void> {
    const { client } = this.context;
    const free = reservedFor.length === 0 && isProtected;
    const { allocation, devices } = given.status ?? {};
    const left = reservedFor.length > 0 && { reservedFor };
    const status = { ...(!free && { allocation, devices }), ...left };
    const claim = yield* client.updateStatus(resourceClaims, { ...given, status });
    if (!free) return;
    const finalizers = claim.metadata?.finalizers?.filter((one) => one !== finalizer) ?? [];
    yield* client.update(resourceClaims, { ...claim, metadata: { ...claim.metadata, finalizers } });
  }

  /** A claim that was made for a pod goes once the pod is over. */
  private *deleteUnused({ metadata }: ResourceClaim): Work<void> {
    const owner = metadata?.ownerReferences?.find(({ kind, controller }) => kind === 'Pod' && controller);
    const pod = owner && this.pods.lister.get(`${metadata?.namespace}/${owner.name}`);
    if (!pod || isBeingDeleted({ metadata }) || (pod.metadata?.uid === owner.uid && !isOver(pod))) return;
    try {
      const target = { namespace: metadata?.namespace, name: metadata?.name ?? '' };
      yield* this.context.client.delete(resourceClaims, target);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

/** Undefined: not made yet; empty: none is needed. */
function claimNameOf({ status }: Pod, { name, resourceClaimName }: PodResourceClaim): string | undefined {
  if (resourceClaimName !== undefined) return resourceClaimName;
  const found = status?.resourceClaimStatuses?.find((one) => one.name === name);
  return found && (found.resourceClaimName ?? '');
}

function templatesOf({ metadata, spec }: Pod): readonly string[] {
  return (spec?.resourceClaims ?? []).flatMap(({ resourceClaimTemplateName: name }) =>
    name === undefined ? [] : [`${metadata?.namespace}/${name}`],
  );
}

function isOwned(claim: ResourceClaim | undefined, { metadata }: Pod): boolean {
  return claim?.metadata?.ownerReferences?.some(({ uid, controller }) => controller && uid === metadata?.uid) ?? false;
}

/** Over, or never to begin. */
function isOver({ status, metadata, spec }: Pod): boolean {
  const ended = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  return ended || (metadata?.deletionTimestamp !== undefined && !spec?.nodeName);
}

/** Long names give up their ends, in proportion. */
function generatedBase(pod: string, claim: string): string {
  const base = `${pod}-${claim}-`;
  if (base.length <= generatedBaseMax) return base;
  const part = (text: string) => text.slice(0, Math.floor((text.length * generatedBaseMax) / base.length));
  return `${part(pod)}-${part(claim)}`;
}
