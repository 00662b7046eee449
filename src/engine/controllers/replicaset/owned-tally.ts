// How many pods each owner has, and in what state: counted as pods come, change and go, so that a reconcile of a
// thousand replicas need not look at each of them.
import type { Pod } from '../../../api/generated/types.ts';
import { getControllerOf, isBeingDeleted } from '../../../api/meta.ts';
import type { Informer } from '../../client/informer.ts';
import { isPodFinished, isPodReady } from '../shared/pod-state.ts';

/** Pods controlled by one owner. Finished ones are not counted at all. */
export interface OwnedTally {
  /** Neither finished nor being deleted. */
  readonly active: number;
  /** Active and ready. */
  readonly ready: number;
  /** Being deleted. */
  readonly terminating: number;
  /** The label sets of the active ones: replicas of one template share a few. */
  readonly labels: ReadonlyMap<string, { readonly count: number; readonly labels: Labels }>;
}

type Labels = { readonly [key: string]: string } | undefined;

class Tally implements OwnedTally {
  active = 0;
  ready = 0;
  terminating = 0;
  readonly labels = new Map<string, { count: number; labels: Labels }>();

  add(pod: Pod, sign: 1 | -1): void {
    if (isPodFinished(pod)) return;
    if (isBeingDeleted(pod)) {
      this.terminating += sign;
      return;
    }
    this.active += sign;
    if (isPodReady(pod)) this.ready += sign;
    const key = labelsKey(pod.metadata?.labels);
    const known = this.labels.get(key);
    if (!known) this.labels.set(key, { count: sign, labels: pod.metadata?.labels });
    else if (known.count + sign === 0) this.labels.delete(key);
    else known.count += sign;
  }

  get isEmpty(): boolean {
    return this.active === 0 && this.terminating === 0;
  }
}

const none: OwnedTally = new Tally();

/** Counts the informer's pods by the uid of the owner that controls them. */
export class OwnedTallies {
  private readonly byOwner = new Map<string, Tally>();

  constructor(pods: Informer<Pod>) {
    pods.on({
      added: (pod) => this.count(pod, 1),
      updated: (pod, old) => {
        if (countsTheSame(pod, old)) return;
        this.count(old, -1);
        this.count(pod, 1);
      },
      deleted: (_last, known) => this.count(known, -1),
    });
  }

  of(uid: string): OwnedTally {
    return this.byOwner.get(uid) ?? none;
  }

  private count(pod: Pod, sign: 1 | -1): void {
    const uid = getControllerOf(pod)?.uid;
    if (uid === undefined) return;
    const tally = this.byOwner.get(uid) ?? new Tally();
    this.byOwner.set(uid, tally);
    tally.add(pod, sign);
    if (tally.isEmpty) this.byOwner.delete(uid);
  }
}

/** Most changes of a pod are nothing to whoever counts pods. */
function countsTheSame(pod: Pod, old: Pod): boolean {
  return (
    pod.metadata?.labels === old.metadata?.labels &&
    pod.metadata?.ownerReferences === old.metadata?.ownerReferences &&
    isPodFinished(pod) === isPodFinished(old) &&
    isBeingDeleted(pod) === isBeingDeleted(old) &&
    isPodReady(pod) === isPodReady(old)
  );
}

const keys = new WeakMap<object, string>();

function labelsKey(labels: Labels): string {
  if (labels === undefined) return '';
  const known = keys.get(labels);
  if (known !== undefined) return known;
  const key = Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join();
  keys.set(labels, key);
  return key;
}
