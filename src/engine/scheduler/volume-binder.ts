// Finds volumes for claims on one node, remembers what it promised, and has claims bound before their pod is.
import { persistentVolumeClaims, persistentVolumes, storageClasses } from '../../api/generated/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../api/generated/types.ts';
import { parseQuantity } from '../../api/quantity.ts';
import { selectorOf } from '../../api/selectors.ts';
import { ApiError } from '../../api/status.ts';
import { TransportError } from '../client/transport.ts';
import type { Work } from '../sim/work.ts';
import type { Handle } from './framework.ts';
import type { NodeInfo } from './node-info.ts';
import { termsMatcher } from './node-selector.ts';
import { failed, type Rejection, unresolvable } from './rejection.ts';

export interface SortedClaims {
  readonly bound: readonly PersistentVolumeClaim[];
  /** Unbound and not to wait: the volume controller must bind them first. */
  readonly immediate: readonly PersistentVolumeClaim[];
  /** Bound when their first pod is placed. */
  readonly delayed: readonly PersistentVolumeClaim[];
}

export interface NodeVolumes {
  readonly bindings: readonly { readonly claim: PersistentVolumeClaim; readonly volume: PersistentVolume }[];
  readonly provisions: readonly PersistentVolumeClaim[];
}

const nodeConflict = "node(s) didn't match PersistentVolume's node affinity";
const bindConflict = "node(s) didn't find available persistent volumes to bind";
const volumeMissing = 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)';
const bindCompleted = 'pv.kubernetes.io/bind-completed';
const selectedNode = 'volume.kubernetes.io/selected-node';
const bindTimeoutMs = 600_000;
const pollMs = 1000;

export class VolumeBinder {
  private readonly claims;
  private readonly volumes;
  private readonly classes;
  /** Volumes promised to claims that are not bound yet: claim's key by volume name. */
  private readonly promised = new Map<string, string>();

  constructor(
    private readonly handle: Handle,
    private readonly plugin: string,
  ) {
    this.claims = handle.lister(persistentVolumeClaims);
    this.volumes = handle.lister(persistentVolumes);
    this.classes = handle.lister(storageClasses);
  }

  sort(claims: readonly PersistentVolumeClaim[]): SortedClaims {
    const bound: PersistentVolumeClaim[] = [];
    const immediate: PersistentVolumeClaim[] = [];
    const delayed: PersistentVolumeClaim[] = [];
    for (const claim of claims) {
      const mode = this.classes.get(claim.spec?.storageClassName ?? '')?.volumeBindingMode;
      if (isBound(claim)) bound.push(claim);
      else if (mode === 'WaitForFirstConsumer' && !claim.spec?.volumeName) delayed.push(claim);
      else immediate.push(claim);
    }
    return { bound, immediate, delayed };
  }

  find({ bound, delayed }: SortedClaims, node: NodeInfo): NodeVolumes | Rejection {
    const volumes = bound.map((claim) => this.volumes.get(claim.spec?.volumeName ?? ''));
    if (volumes.includes(undefined)) return unresolvable(this.plugin, volumeMissing);
    if (volumes.some((volume) => volume && !reaches(volume, node))) return unresolvable(this.plugin, nodeConflict);
    const bindings: { claim: PersistentVolumeClaim; volume: PersistentVolume }[] = [];
    const provisions: PersistentVolumeClaim[] = [];
    const chosen = new Set<string>();
    for (const claim of bySize(delayed)) {
      const wish = claim.metadata?.annotations?.[selectedNode];
      if (wish !== undefined && wish !== node.name) return unresolvable(this.plugin, bindConflict);
      const volume = wish === undefined ? this.smallestFor(claim, node, chosen) : undefined;
      if (volume) {
        chosen.add(volume.metadata?.name ?? '');
        bindings.push({ claim, volume });
      } else if (this.canProvision(claim, node)) provisions.push(claim);
      else return unresolvable(this.plugin, bindConflict);
    }
    return { bindings, provisions };
  }

  reserve({ bindings }: NodeVolumes): void {
    for (const { claim, volume } of bindings) this.promised.set(volume.metadata?.name ?? '', keyOf(claim));
  }

  unreserve({ bindings }: NodeVolumes): void {
    for (const { volume } of bindings) this.promised.delete(volume.metadata?.name ?? '');
  }

  /** Asks for the bindings and waits until the volume controller has made them. */
  *bind(volumes: NodeVolumes, node: string): Work<Rejection | undefined> {
    const { client, scope } = this.handle;
    try {
      for (const { claim, volume } of volumes.bindings) {
        const { name, namespace, uid } = claim.metadata ?? {};
        const claimRef = { kind: 'PersistentVolumeClaim', apiVersion: 'v1', name, namespace, uid };
        const annotations = { ...volume.metadata?.annotations, 'pv.kubernetes.io/bound-by-controller': 'yes' };
        yield* client.update(persistentVolumes, {
          ...volume,
          metadata: { ...volume.metadata, annotations },
          spec: { ...volume.spec, claimRef },
        });
      }
      for (const claim of volumes.provisions) {
        const { name = '', namespace = '' } = claim.metadata ?? {};
        const patch = { metadata: { annotations: { [selectedNode]: node } } };
        yield* client.patch(persistentVolumeClaims, { name, namespace }, patch);
      }
    } catch (error) {
      if (error instanceof ApiError || error instanceof TransportError) return failed(this.plugin, error.message);
      throw error;
    }
    const wanted = [...volumes.bindings.map(({ claim }) => claim), ...volumes.provisions].map(keyOf);
    for (const end = scope.now + bindTimeoutMs; scope.now < end; ) {
      const current = wanted.map((key) => this.claims.get(key));
      if (current.every((claim) => claim && isBound(claim))) {
        this.unreserve(volumes);
        return undefined;
      }
      if (current.includes(undefined)) return failed(this.plugin, 'binding volumes: pod does not exist any more');
      yield* scope.sleep(pollMs);
    }
    return failed(this.plugin, 'binding volumes: context deadline exceeded');
  }

  /** The smallest free volume that satisfies the claim and can be reached from the node. */
  private smallestFor(
    claim: PersistentVolumeClaim,
    node: NodeInfo,
    chosen: ReadonlySet<string>,
  ): PersistentVolume | undefined {
    const { spec } = claim;
    const size = storageOf(spec?.resources?.requests);
    const selector = spec?.selector ? selectorOf(spec.selector) : undefined;
    let best: PersistentVolume | undefined;
    for (const volume of this.volumes.list()) {
      const name = volume.metadata?.name ?? '';
      const promise = this.promised.get(name);
      if (chosen.has(name) || (promise !== undefined && promise !== keyOf(claim))) continue;
      const { claimRef } = volume.spec ?? {};
      if (claimRef && (claimRef.name !== claim.metadata?.name || claimRef.namespace !== claim.metadata?.namespace))
        continue;
      const phase = volume.status?.phase;
      if (volume.metadata?.deletionTimestamp !== undefined || (!claimRef && phase !== 'Available')) continue;
      if ((volume.spec?.storageClassName ?? '') !== (spec?.storageClassName ?? '')) continue;
      if ((volume.spec?.volumeMode ?? 'Filesystem') !== (spec?.volumeMode ?? 'Filesystem')) continue;
      if (!(spec?.accessModes ?? []).every((mode) => volume.spec?.accessModes?.includes(mode))) continue;
      if (selector && !selector.matches(volume.metadata?.labels)) continue;
      if (storageOf(volume.spec?.capacity) < size || !reaches(volume, node)) continue;
      if (!best || storageOf(volume.spec?.capacity) < storageOf(best.spec?.capacity)) best = volume;
    }
    return best;
  }

  private canProvision(claim: PersistentVolumeClaim, node: NodeInfo): boolean {
    const storageClass = this.classes.get(claim.spec?.storageClassName ?? '');
    if (!storageClass?.provisioner || storageClass.provisioner === 'kubernetes.io/no-provisioner') return false;
    const topologies = storageClass.allowedTopologies ?? [];
    if (topologies.length === 0) return true;
    return topologies.some(({ matchLabelExpressions = [] }) =>
      matchLabelExpressions.every(({ key, values }) => values.includes(node.label(key) ?? '')),
    );
  }
}

function isBound({ metadata, spec }: PersistentVolumeClaim): boolean {
  return Boolean(spec?.volumeName) && metadata?.annotations?.[bindCompleted] !== undefined;
}

function reaches({ spec }: PersistentVolume, { node }: NodeInfo): boolean {
  const required = spec?.nodeAffinity?.required;
  return !required || (node !== undefined && termsMatcher(required.nodeSelectorTerms).matches(node));
}

function storageOf(list: { readonly [name: string]: string } | undefined): number {
  return parseQuantity(list?.storage ?? '0').value();
}

function bySize(claims: readonly PersistentVolumeClaim[]): readonly PersistentVolumeClaim[] {
  return [...claims].sort((a, b) => storageOf(a.spec?.resources?.requests) - storageOf(b.spec?.resources?.requests));
}

function keyOf({ metadata }: PersistentVolumeClaim): string {
  return `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
}
