// A node as the scheduler reckons with it: what it has, what is taken, by which pods. Kept up to date, not computed.
import type { Node, Taint } from '../../api/generated/types.ts';
import { type HostPort, hasAffinity, type Labels, normalizedImage, type PodInfo } from './pod-info.ts';
import { amountsOf, type Resources, toResources } from './resources.ts';

export class NodeInfo {
  readonly pods = new Map<string, PodInfo>();
  readonly podsWithAffinity = new Set<PodInfo>();
  readonly podsWithRequiredAntiAffinity = new Set<PodInfo>();
  milliCpu = 0;
  memory = 0;
  ephemeralStorage = 0;
  readonly scalars = new Map<string, number>();
  /** With defaults for containers that ask for none. */
  nonZeroMilliCpu = 0;
  nonZeroMemory = 0;
  /** Changes whenever anything here does; no two nodes ever share one. */
  generation = 0;

  labels: Labels;
  taints: readonly Taint[] = [];
  cordoned = false;
  allocatable: Resources = toResources(new Map());
  podsMax = 0;
  /** Sizes in bytes by normalized name. */
  images: ReadonlyMap<string, number> = new Map();

  constructor(
    readonly name: string,
    /** Index of this node in arrays that hold a value for each node. */
    readonly slot: number,
    /** Undefined while pods are known on a node that is not. */
    public node: Node | undefined,
  ) {
    if (node) this.setNode(node);
  }

  setNode(node: Node): void {
    this.node = node;
    this.labels = node.metadata?.labels;
    this.taints = node.spec?.taints ?? [];
    this.cordoned = node.spec?.unschedulable === true;
    const amounts = amountsOf(node.status?.allocatable);
    this.allocatable = toResources(amounts);
    this.podsMax = amounts.get('pods') ?? 0;
    this.images = imagesOf(node);
  }

  label(key: string): string | undefined {
    return this.labels !== undefined && Object.hasOwn(this.labels, key) ? this.labels[key] : undefined;
  }

  add(pod: PodInfo): void {
    this.pods.set(pod.uid, pod);
    this.account(pod, 1);
    if (hasAffinity(pod)) this.podsWithAffinity.add(pod);
    if (pod.requiredAntiAffinity.length > 0) this.podsWithRequiredAntiAffinity.add(pod);
  }

  /** Removes the pod of that uid; returns what was known of it. */
  remove(uid: string): PodInfo | undefined {
    const pod = this.pods.get(uid);
    if (!pod) return undefined;
    this.pods.delete(uid);
    this.account(pod, -1);
    this.podsWithAffinity.delete(pod);
    this.podsWithRequiredAntiAffinity.delete(pod);
    return pod;
  }

  /** A copy to try things on. */
  clone(): NodeInfo {
    const copy = new NodeInfo(this.name, this.slot, this.node);
    for (const pod of this.pods.values()) copy.add(pod);
    return copy;
  }

  /** Whether one of these ports is taken on this node. */
  hasPortConflict(wanted: readonly HostPort[]): boolean {
    for (const pod of this.pods.values())
      for (const taken of pod.template.ports)
        for (const port of wanted)
          if (
            taken.port === port.port &&
            taken.protocol === port.protocol &&
            (taken.ip === port.ip || taken.ip === '0.0.0.0' || port.ip === '0.0.0.0')
          )
            return true;
    return false;
  }

  private account({ template: { requests, nonZero } }: PodInfo, sign: 1 | -1): void {
    this.milliCpu += sign * requests.milliCpu;
    this.memory += sign * requests.memory;
    this.ephemeralStorage += sign * requests.ephemeralStorage;
    for (const [name, amount] of requests.scalars)
      this.scalars.set(name, (this.scalars.get(name) ?? 0) + sign * amount);
    this.nonZeroMilliCpu += sign * nonZero.milliCpu;
    this.nonZeroMemory += sign * nonZero.memory;
  }
}

function imagesOf(node: Node): ReadonlyMap<string, number> {
  const images = new Map<string, number>();
  for (const { names, sizeBytes = 0 } of node.status?.images ?? [])
    for (const name of names ?? []) images.set(normalizedImage(name), sizeBytes);
  return images;
}
