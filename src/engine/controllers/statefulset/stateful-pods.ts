// Creating, mending and deleting a stateful set's pods with their claims, and the events that tell of it.
import { persistentVolumeClaims, pods, statefulSets } from '../../../api/generated/resources.ts';
import type { OwnerReference, PersistentVolumeClaim, Pod, StatefulSet } from '../../../api/generated/types.ts';
import { isBeingDeleted } from '../../../api/meta.ts';
import { ApiError, apiError, isAlreadyExists, isConflict, isNotFound } from '../../../api/status.ts';
import type { Client } from '../../client/client.ts';
import type { EventRecorder } from '../../client/events.ts';
import { keyOf, type Lister } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { kindName } from '../shared/kind-name.ts';
import { isStale, retentionOwners } from './claim-retention.ts';
import { claimsOf, identityMatches, ordinalOf, withIdentity } from './stateful-pod.ts';

export class StatefulPods {
  constructor(
    private readonly client: Client,
    private readonly events: EventRecorder,
    private readonly claims: Lister<PersistentVolumeClaim>,
  ) {}

  *create(set: StatefulSet, pod: Pod): Work<void> {
    try {
      yield* this.createClaims(set, pod);
      yield* this.client.create(pods, pod);
    } catch (error) {
      if (!isAlreadyExists(error)) this.tellPod(set, pod, { verb: 'Create', error });
      throw error;
    }
    try {
      yield* this.syncRetention(set, pod);
    } catch (error) {
      this.tellPod(set, pod, { verb: 'Update', error });
      throw error;
    }
    this.tellPod(set, pod, { verb: 'Create', error: undefined });
  }

  *delete(set: StatefulSet, pod: Pod): Work<void> {
    const { namespace, name = '' } = pod.metadata ?? {};
    try {
      yield* this.client.delete(pods, { namespace, name });
    } catch (error) {
      if (!isNotFound(error)) {
        this.tellPod(set, pod, { verb: 'Delete', error });
        throw error;
      }
    }
    this.tellPod(set, pod, { verb: 'Delete', error: undefined });
  }

  /** Mends labels and claims' owners where somebody changed them. */
  *update(set: StatefulSet, pod: Pod): Work<void> {
    yield* this.syncRetention(set, pod);
    if (identityMatches(set, pod)) return;
    try {
      yield* this.createClaims(set, pod);
      yield* this.client.update(pods, withIdentity(set, pod));
    } catch (error) {
      this.tellPod(set, pod, { verb: 'Update', error });
      throw error;
    }
    this.tellPod(set, pod, { verb: 'Update', error: undefined });
  }

  /** Whether a claim still waits to be collected with its former pod: the new one must wait too. */
  hasStaleClaim(set: StatefulSet, pod: Pod): boolean {
    if (set.spec?.persistentVolumeClaimRetentionPolicy?.whenScaled !== 'Delete') return false;
    return [...this.existing(set, pod)].some((claim) => isStale(claim, set, pod));
  }

  *createClaims(set: StatefulSet, pod: Pod): Work<void> {
    for (const claim of claimsOf(set, ordinalOf(set, pod)).values()) {
      const name = claim.metadata?.name;
      const known = this.claims.get(keyOf(claim));
      if (known && isBeingDeleted(known))
        throw apiError({ code: 409, reason: 'Conflict', message: `pvc ${name} is being deleted` });
      if (known) continue;
      const about = `Claim ${name}`;
      try {
        yield* this.client.create(persistentVolumeClaims, claim);
        const message = `Create ${about} Pod ${pod.metadata?.name} in StatefulSet ${set.metadata?.name} success`;
        this.tell(set, { type: 'Normal', reason: 'SuccessfulCreate', message });
      } catch (error) {
        if (isAlreadyExists(error)) continue;
        if (!(error instanceof ApiError)) throw error;
        const where = `Pod ${pod.metadata?.name} in StatefulSet ${set.metadata?.name}`;
        const message = `Create ${about} for ${where} failed error: ${error.message}`;
        this.tell(set, { type: 'Warning', reason: 'FailedCreate', message });
        throw apiError({ code: error.code, reason: '', message: `failed to create PVC ${name}: ${error.message}` });
      }
    }
  }

  *syncRetention(set: StatefulSet, pod: Pod): Work<void> {
    for (const claim of this.existing(set, pod)) {
      const ownerReferences = retentionOwners(set, pod, claim);
      if (!ownerReferences) continue;
      try {
        yield* this.writeOwners(claim, ownerReferences);
      } catch (error) {
        // The cache was a moment behind: a fresh claim is bound meanwhile.
        if (!isConflict(error)) throw error;
        const { namespace, name = '' } = claim.metadata ?? {};
        const latest = yield* this.client.get(persistentVolumeClaims, { namespace, name });
        yield* this.writeOwners(latest, ownerReferences);
      }
    }
  }

  private *writeOwners(claim: PersistentVolumeClaim, ownerReferences: readonly OwnerReference[]): Work<void> {
    yield* this.client.update(persistentVolumeClaims, { ...claim, metadata: { ...claim.metadata, ownerReferences } });
  }

  private *existing(set: StatefulSet, pod: Pod): Iterable<PersistentVolumeClaim> {
    for (const claim of claimsOf(set, ordinalOf(set, pod)).values()) {
      const known = this.claims.get(keyOf(claim));
      if (known) yield known;
    }
  }

  private tellPod(
    set: StatefulSet,
    pod: Pod,
    { verb, error }: { readonly verb: 'Create' | 'Update' | 'Delete'; readonly error: unknown },
  ): void {
    const about = `${verb} Pod ${pod.metadata?.name} in StatefulSet ${set.metadata?.name}`;
    if (error === undefined)
      this.tell(set, { type: 'Normal', reason: `Successful${verb}`, message: `${about} successful` });
    else if (error instanceof ApiError)
      this.tell(set, { type: 'Warning', reason: `Failed${verb}`, message: `${about} failed error: ${error.message}` });
  }

  private tell(
    set: StatefulSet,
    details: { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string },
  ): void {
    this.events.record(set, details, kindName(statefulSets));
  }
}
