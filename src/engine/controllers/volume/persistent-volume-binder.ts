// The persistent volume controller: brings claims and volumes together, and volumes back when claims are gone.
import { persistentVolumeClaims, persistentVolumes, pods, storageClasses } from '../../../api/generated/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../../api/generated/types.ts';
import { formatTime, isBeingDeleted } from '../../../api/meta.ts';
import { isNotFound } from '../../../api/status.ts';
import { equal } from '../../../base/json.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import type { Informer } from '../../client/informer.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { kindName } from '../shared/kind-name.ts';
import { bestMatch, classOf, mismatch, refersTo } from './volume-match.ts';

export const persistentVolumeBinder = defineController({
  name: 'persistent-volume-binder',
  eventSource: 'persistentvolume-controller',
  workers: 1,
  setup: (context) => new VolumeBinder(context),
});

const bindCompleted = 'pv.kubernetes.io/bind-completed';
const boundByController = 'pv.kubernetes.io/bound-by-controller';
const provisionedBy = 'pv.kubernetes.io/provisioned-by';
const selectedNode = 'volume.kubernetes.io/selected-node';
const provisionerAnnotations = [
  'volume.beta.kubernetes.io/storage-provisioner',
  'volume.kubernetes.io/storage-provisioner',
];
const noProvisioner = 'kubernetes.io/no-provisioner';
const resyncMs = 15_000;
const volumePrefix = 'volume:';

class VolumeBinder implements Controller {
  private readonly volumes: Informer<PersistentVolume>;
  private readonly claims: Informer<PersistentVolumeClaim>;
  private readonly classes;
  private readonly pods;

  constructor(private readonly context: ControllerContext) {
    const { informers, queue, scope } = context;
    this.volumes = informers.informer(persistentVolumes);
    this.claims = informers.informer(persistentVolumeClaims);
    this.classes = informers.informer(storageClasses);
    this.pods = informers.informer(pods);
    this.pods.addIndex('claim', claimsOf);
    const enqueueVolume = (volume: PersistentVolume): void => queue.add(volumePrefix + keyOf(volume));
    const enqueueClaim = (claim: PersistentVolumeClaim): void => queue.add(keyOf(claim));
    this.volumes.on({
      added: enqueueVolume,
      updated: enqueueVolume,
      deleted: ({ spec }) => {
        if (spec?.claimRef) queue.add(`${spec.claimRef.namespace}/${spec.claimRef.name}`);
      },
    });
    this.claims.on({
      added: enqueueClaim,
      updated: enqueueClaim,
      deleted: ({ spec }) => {
        if (spec?.volumeName) queue.add(volumePrefix + spec.volumeName);
      },
    });
    scope.every(resyncMs, () => {
      for (const volume of this.volumes.lister.list()) enqueueVolume(volume);
      for (const claim of this.claims.lister.list()) enqueueClaim(claim);
    });
  }

  *reconcile(key: string): Work<void> {
    if (key.startsWith(volumePrefix)) {
      const volume = this.volumes.lister.get(key.slice(volumePrefix.length));
      if (volume) yield* this.syncVolume(volume);
      return;
    }
    const claim = this.claims.lister.get(key);
    if (!claim) return;
    if (claim.metadata?.annotations?.[bindCompleted] === undefined) yield* this.syncUnbound(claim);
    else yield* this.syncBound(claim);
  }

  private *syncUnbound(claim: PersistentVolumeClaim): Work<void> {
    const wanted = claim.spec?.volumeName ?? '';
    if (wanted === '') {
      const delayed = this.isDelayed(claim);
      const match = bestMatch(this.volumes.lister.list(), claim, delayed);
      if (match) yield* this.bind(match, claim);
      else yield* this.wait(claim, delayed);
      return;
    }
    const volume = this.volumes.lister.get(wanted);
    if (!volume) {
      yield* this.setPending(claim);
      return;
    }
    if (volume.spec?.claimRef && !refersTo(volume, claim)) {
      this.tell(claim, 'Warning', ['FailedBinding', `volume "${wanted}" already bound to a different claim.`]);
      yield* this.setPending(claim);
      return;
    }
    const why = volume.spec?.claimRef ? undefined : mismatch(volume, claim);
    if (why !== undefined) {
      this.tell(claim, 'Warning', ['VolumeMismatch', `Cannot bind to requested volume "${wanted}": ${why}`]);
      yield* this.setPending(claim);
      return;
    }
    yield* this.bind(volume, claim);
  }

  /** No volume yet: says what is waited for. */
  private *wait(claim: PersistentVolumeClaim, delayed: boolean): Work<void> {
    const name = classOf(claim);
    if (delayed) this.tellDelayed(claim);
    else if (name === '')
      this.tell(claim, 'Normal', [
        'FailedBinding',
        'no persistent volumes available for this claim and no storage class is set',
      ]);
    else {
      yield* this.askProvisioner(claim, name);
      return;
    }
    yield* this.setPending(claim);
  }

  private *askProvisioner(claim: PersistentVolumeClaim, name: string): Work<void> {
    const storageClass = this.classes.lister.get(name);
    if (!storageClass) {
      this.tell(claim, 'Warning', ['ProvisioningFailed', `storageclass.storage.k8s.io "${name}" not found`]);
      yield* this.setPending(claim);
      return;
    }
    const { provisioner } = storageClass;
    if (provisioner === noProvisioner) {
      const message = 'no volume plugin matched name: kubernetes.io/no-provisioner';
      this.tell(claim, 'Warning', ['ProvisioningFailed', message]);
      yield* this.setPending(claim);
      return;
    }
    const annotations = { ...claim.metadata?.annotations };
    for (const key of provisionerAnnotations) annotations[key] = provisioner;
    const asked = equal(annotations, claim.metadata?.annotations ?? {})
      ? claim
      : yield* this.context.client.update(persistentVolumeClaims, {
          ...claim,
          metadata: { ...claim.metadata, annotations },
        });
    const message =
      `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the ` +
      'system administrator. If volume creation is delayed, please verify that the provisioner is running and ' +
      'correctly registered.';
    this.tell(asked, 'Normal', ['ExternalProvisioning', message]);
    yield* this.setPending(asked);
  }

  private tellDelayed(claim: PersistentVolumeClaim): void {
    const waiting = [...this.pods.lister.by('claim', keyOf(claim))]
      .filter((pod) => !pod.spec?.nodeName && !isBeingDeleted(pod))
      .map(({ metadata }) => metadata?.name ?? '');
    if (waiting.length === 0) {
      const message = 'waiting for first consumer to be created before binding';
      this.tell(claim, 'Normal', ['WaitForFirstConsumer', message]);
      return;
    }
    const subject = waiting.length > 1 ? `pods ${waiting.join(',')}` : `pod ${waiting[0]}`;
    this.tell(claim, 'Normal', ['WaitForPodScheduled', `waiting for ${subject} to be scheduled`]);
  }

  private isDelayed(claim: PersistentVolumeClaim): boolean {
    if (claim.metadata?.annotations?.[selectedNode] !== undefined) return false;
    return this.classes.lister.get(classOf(claim))?.volumeBindingMode === 'WaitForFirstConsumer';
  }

  private *syncBound(claim: PersistentVolumeClaim): Work<void> {
    const name = claim.spec?.volumeName ?? '';
    const volume = name === '' ? undefined : this.volumes.lister.get(name);
    if (!volume) {
      const what = name === '' ? 'reference to PersistentVolume' : 'its PersistentVolume';
      yield* this.lose(claim, ['ClaimLost', `Bound claim has lost ${what}. Data on the volume is lost!`]);
      return;
    }
    if (!volume.spec?.claimRef || refersTo(volume, claim)) yield* this.bind(volume, claim);
    else {
      const message = 'Two claims are bound to the same volume, this one is bound incorrectly';
      yield* this.lose(claim, ['ClaimMisbound', message]);
    }
  }

  private *lose(claim: PersistentVolumeClaim, text: readonly [string, string]): Work<void> {
    if (claim.status?.phase === 'Lost') return;
    const { capacity: _, accessModes: __, ...status } = claim.status ?? {};
    yield* this.context.client.updateStatus(persistentVolumeClaims, { ...claim, status: { ...status, phase: 'Lost' } });
    this.tell(claim, 'Warning', text);
  }

  /** Four writes, each skipped where it is done: the volume, its phase, the claim, its phase. */
  private *bind(volume: PersistentVolume, claim: PersistentVolumeClaim): Work<void> {
    const { client } = this.context;
    let bound = volume;
    if (!volume.spec?.claimRef?.uid || !refersTo(volume, claim)) {
      const { namespace, name, uid, resourceVersion } = claim.metadata ?? {};
      const claimRef = { kind: 'PersistentVolumeClaim', apiVersion: 'v1', namespace, name, uid, resourceVersion };
      const annotations = volume.spec?.claimRef
        ? volume.metadata?.annotations
        : { ...volume.metadata?.annotations, [boundByController]: 'yes' };
      bound = yield* client.update(persistentVolumes, {
        ...volume,
        metadata: { ...volume.metadata, ...(annotations && { annotations }) },
        spec: { ...volume.spec, claimRef },
      });
    }
    bound = yield* this.setVolumePhase(bound, 'Bound');
    const held = yield* this.bindClaim(bound, claim);
    const status = {
      ...held.status,
      phase: 'Bound',
      accessModes: bound.spec?.accessModes ?? [],
      capacity: held.status?.capacity ?? bound.spec?.capacity ?? {},
    };
    if (!equal(held.status, status)) yield* client.updateStatus(persistentVolumeClaims, { ...held, status });
  }

  private *bindClaim(volume: PersistentVolume, claim: PersistentVolumeClaim): Work<PersistentVolumeClaim> {
    const annotations = { ...claim.metadata?.annotations };
    const volumeName = volume.metadata?.name ?? '';
    const chosen = claim.spec?.volumeName !== volumeName;
    if (!chosen && annotations[bindCompleted] !== undefined) return claim;
    if (chosen) annotations[boundByController] = 'yes';
    annotations[bindCompleted] = 'yes';
    return yield* this.context.client.update(persistentVolumeClaims, {
      ...claim,
      metadata: { ...claim.metadata, annotations },
      spec: { ...claim.spec, volumeName },
    });
  }

  private *syncVolume(volume: PersistentVolume): Work<void> {
    const reference = volume.spec?.claimRef;
    if (!reference?.uid) {
      yield* this.setVolumePhase(volume, 'Available');
      return;
    }
    const claim = yield* this.findClaim(volume);
    if (!claim) {
      const released = volume.status?.phase === 'Failed' ? volume : yield* this.setVolumePhase(volume, 'Released');
      yield* this.reclaim(released);
      return;
    }
    if (!claim.spec?.volumeName) this.context.queue.add(keyOf(claim));
    else if (claim.spec.volumeName === volume.metadata?.name) yield* this.setVolumePhase(volume, 'Bound');
    else yield* this.unbind(volume);
  }

  private *findClaim(volume: PersistentVolume): Work<PersistentVolumeClaim | undefined> {
    const { namespace, name = '', uid } = volume.spec?.claimRef ?? {};
    const cached = this.claims.lister.get(`${namespace}/${name}`);
    if (cached?.metadata?.uid === uid) return cached;
    try {
      const found = yield* this.context.client.get(persistentVolumeClaims, { namespace, name });
      return found.metadata?.uid === uid ? found : undefined;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Retain leaves it be; Delete is the provisioner's work where one made the volume, else ours for host paths. */
  private *reclaim(volume: PersistentVolume): Work<void> {
    const policy = volume.spec?.persistentVolumeReclaimPolicy ?? 'Retain';
    if (policy === 'Retain' || isBeingDeleted(volume) || volume.metadata?.annotations?.[provisionedBy]) return;
    const path = volume.spec?.hostPath?.path;
    if (policy === 'Delete' && path?.startsWith('/tmp/')) {
      yield* this.context.client.delete(persistentVolumes, { name: volume.metadata?.name ?? '' });
      return;
    }
    if (volume.status?.phase === 'Failed') return;
    const [reason, message] =
      policy === 'Recycle'
        ? ['VolumeFailedRecycle', 'No recycler plugin found for the volume!']
        : path === undefined
          ? ['VolumeFailedDelete', 'error getting deleter volume plugin for volume: no deletable volume plugin matched']
          : ['VolumeFailedDelete', `host_path deleter only supports /tmp/.+ but received provided ${path}`];
    yield* this.setVolumePhase(volume, 'Failed', message);
    this.context.events.record(volume, { type: 'Warning', reason, message }, kindName(persistentVolumes));
  }

  private *unbind(volume: PersistentVolume): Work<void> {
    const { claimRef, ...spec } = volume.spec ?? {};
    const { [boundByController]: ours, ...annotations } = volume.metadata?.annotations ?? {};
    const { uid: _, resourceVersion: __, ...reserved } = claimRef ?? {};
    const freed = yield* this.context.client.update(persistentVolumes, {
      ...volume,
      metadata: { ...volume.metadata, annotations },
      spec: ours === undefined ? { ...spec, claimRef: reserved } : spec,
    });
    yield* this.setVolumePhase(freed, 'Available');
  }

  private *setVolumePhase(volume: PersistentVolume, phase: string, message?: string): Work<PersistentVolume> {
    if (volume.status?.phase === phase && volume.status.message === message) return volume;
    const lastPhaseTransitionTime =
      volume.status?.phase === phase ? volume.status.lastPhaseTransitionTime : formatTime(this.context.scope.now);
    const status = {
      phase,
      ...(lastPhaseTransitionTime && { lastPhaseTransitionTime }),
      ...(message !== undefined && { message }),
    };
    return yield* this.context.client.updateStatus(persistentVolumes, { ...volume, status });
  }

  private *setPending(claim: PersistentVolumeClaim): Work<void> {
    if (claim.status?.phase === 'Pending') return;
    yield* this.context.client.updateStatus(persistentVolumeClaims, {
      ...claim,
      status: { ...claim.status, phase: 'Pending' },
    });
  }

  private tell(
    claim: PersistentVolumeClaim,
    type: 'Normal' | 'Warning',
    [reason, message]: readonly [string, string],
  ): void {
    this.context.events.record(claim, { type, reason, message }, kindName(persistentVolumeClaims));
  }
}

const none: readonly string[] = [];

/** The keys of the claims that a pod names. Most name none. */
function claimsOf({ metadata, spec }: Pod): readonly string[] {
  let keys = none;
  for (const { persistentVolumeClaim } of spec?.volumes ?? [])
    if (persistentVolumeClaim) keys = [...keys, `${metadata?.namespace}/${persistentVolumeClaim.claimName}`];
  return keys;
}
