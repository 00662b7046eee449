// The scheduler's view of nodes and the pods on them, those assumed there but not yet bound included.
import type { Node, Pod } from '../../api/generated/types.ts';
import type { Selector } from '../../api/selectors.ts';
import { equal } from '../../base/json.ts';
import { NodeInfo } from './node-info.ts';
import { hasAffinity, type PodInfo, PodInfos } from './pod-info.ts';

/** Pods of one namespace that a selector matches, counted by node (index: slot), kept up to date. */
export interface MatchCount {
  readonly counts: number[];
}

interface Counter extends MatchCount {
  readonly namespace: string;
  readonly selector: Selector;
}

const countersMax = 256;

interface Place {
  readonly node: string;
  readonly pod: PodInfo;
  readonly assumed: boolean;
}

export class SchedulerCache {
  readonly infos = new PodInfos();
  private readonly nodes = new Map<string, NodeInfo>();
  private readonly places = new Map<string, Place>();
  private readonly counters = new Map<string, Counter>();
  private readonly imageNodes = new Map<string, number>();
  private readonly withAntiAffinity = new Set<NodeInfo>();
  private readonly withAffinity = new Set<NodeInfo>();
  private readonly claimUsers = new Map<string, number>();
  private freeSlots: number[] = [];
  private slots = 0;
  private generation = 0;
  private order: readonly NodeInfo[] | undefined;
  /** Counts changes of which images are on how many of how many nodes. */
  imageEpoch = 1;
  /** Counts changes of nodes' labels, and nodes coming and going. */
  topologyEpoch = 1;

  /** Nodes in the order in which they are searched: zone by zone in turns. */
  nodeList(): readonly NodeInfo[] {
    this.order ??= interleaveZones([...this.nodes.values()].filter(({ node }) => node !== undefined));
    return this.order;
  }

  node(name: string): NodeInfo | undefined {
    const info = this.nodes.get(name);
    return info?.node ? info : undefined;
  }

  nodesWithAffinity(): Iterable<NodeInfo> {
    return this.withAffinity;
  }

  nodesWithRequiredAntiAffinity(): Iterable<NodeInfo> {
    return this.withAntiAffinity;
  }

  /** How many nodes have the image. */
  nodesWithImage(image: string): number {
    return this.imageNodes.get(image) ?? 0;
  }

  /** How many pods on nodes use the claim (`namespace/name`). */
  usersOfClaim(key: string): number {
    return this.claimUsers.get(key) ?? 0;
  }

  slotsMax(): number {
    return this.slots;
  }

  setNode(node: Node): void {
    const name = node.metadata?.name ?? '';
    const info = this.nodes.get(name);
    const old = info?.node;
    if (info && old && sameForScheduling(old, node)) {
      info.node = node;
      return;
    }
    const target = info ?? this.makeNode(name);
    this.countImages(target, -1);
    target.setNode(node);
    this.countImages(target, 1);
    target.generation = ++this.generation;
    if (!old || !equal(old.metadata?.labels ?? {}, node.metadata?.labels ?? {})) {
      this.order = undefined;
      this.topologyEpoch++;
    }
    if (!old) this.imageEpoch++;
  }

  removeNode(name: string): void {
    const info = this.nodes.get(name);
    if (!info) return;
    this.countImages(info, -1);
    info.images = new Map();
    info.labels = undefined;
    info.node = undefined;
    this.order = undefined;
    this.topologyEpoch++;
    this.imageEpoch++;
    this.dropIfEmpty(info);
  }

  /** A pod on a node, as the API server tells it; ends its being assumed. */
  setPod(pod: Pod): void {
    this.place(this.infos.of(pod), pod.spec?.nodeName ?? '', false);
  }

  /** Takes a decision for granted until the API server confirms it, or `removePod` takes it back. */
  assume(pod: PodInfo, node: string): void {
    this.place(pod, node, true);
  }

  /** How many it knows of each. */
  counts(): Readonly<Record<'assumed_pods' | 'nodes' | 'pods', number>> {
    let assumed = 0;
    for (const place of this.places.values()) if (place.assumed) assumed++;
    return { assumed_pods: assumed, nodes: this.nodeList().length, pods: this.places.size };
  }

  isAssumed(uid: string): boolean {
    return this.places.get(uid)?.assumed === true;
  }

  /** Whether the pod is known to be on a node, assumed or not. */
  hasPod(uid: string): boolean {
    return this.places.has(uid);
  }

  removePod(uid: string): void {
    const place = this.places.get(uid);
    const info = place && this.nodes.get(place.node);
    this.places.delete(uid);
    if (!info) return;
    const pod = info.remove(uid);
    if (pod) this.changed(info, pod, -1);
    this.dropIfEmpty(info);
  }

  /** The counter for pods of a namespace; kept for as long as it is asked for often enough. */
  counter(namespace: string, selector: Selector): MatchCount {
    const key = `${namespace}/${selector.toString()}`;
    let counter = this.counters.get(key);
    if (counter) this.counters.delete(key);
    else counter = this.countAll(namespace, selector);
    this.counters.set(key, counter);
    for (const oldest of this.counters.keys()) {
      if (this.counters.size <= countersMax) break;
      this.counters.delete(oldest);
    }
    return counter;
  }

  private countAll(namespace: string, selector: Selector): Counter {
    const counter: Counter = { namespace, selector, counts: new Array<number>(this.slots).fill(0) };
    for (const info of this.nodes.values()) for (const pod of info.pods.values()) count(counter, info.slot, pod, 1);
    return counter;
  }

  private place(pod: PodInfo, node: string, assumed: boolean): void {
    const before = this.places.get(pod.uid);
    if (before) {
      if (before.node === node && weighsTheSame(before.pod, pod)) {
        this.places.set(pod.uid, { node, pod, assumed });
        this.nodes.get(node)?.pods.set(pod.uid, pod);
        return;
      }
      this.removePod(pod.uid);
    }
    this.places.set(pod.uid, { node, pod, assumed });
    const info = this.nodes.get(node) ?? this.makeNode(node);
    info.add(pod);
    this.changed(info, pod, 1);
  }

  private changed(info: NodeInfo, pod: PodInfo, sign: 1 | -1): void {
    info.generation = ++this.generation;
    for (const counter of this.counters.values()) count(counter, info.slot, pod, sign);
    track(this.withAffinity, info, info.podsWithAffinity.size);
    track(this.withAntiAffinity, info, info.podsWithRequiredAntiAffinity.size);
    for (const claim of pod.claims) {
      const key = `${pod.namespace}/${claim}`;
      const users = (this.claimUsers.get(key) ?? 0) + sign;
      if (users > 0) this.claimUsers.set(key, users);
      else this.claimUsers.delete(key);
    }
  }

  /** Something outside of them has changed what nodes can do: what is known of them no longer holds. */
  outdate(): void {
    for (const info of this.nodes.values()) info.generation = ++this.generation;
  }

  private makeNode(name: string): NodeInfo {
    const info = new NodeInfo(name, this.freeSlots.pop() ?? this.slots++, undefined);
    info.generation = ++this.generation;
    this.nodes.set(name, info);
    for (const counter of this.counters.values()) counter.counts[info.slot] = 0;
    return info;
  }

  private dropIfEmpty(info: NodeInfo): void {
    if (info.node || info.pods.size > 0) return;
    this.nodes.delete(info.name);
    this.freeSlots.push(info.slot);
  }

  private countImages(info: NodeInfo, sign: 1 | -1): void {
    if (info.images.size === 0) return;
    for (const image of info.images.keys()) {
      const nodes = (this.imageNodes.get(image) ?? 0) + sign;
      if (nodes > 0) this.imageNodes.set(image, nodes);
      else this.imageNodes.delete(image);
    }
    this.imageEpoch++;
  }
}

function track(set: Set<NodeInfo>, info: NodeInfo, pods: number): void {
  if (pods > 0) set.add(info);
  else set.delete(info);
}

/** Most updates of a pod are of its status: nothing that a count or a sum here would notice. */
function weighsTheSame(a: PodInfo, b: PodInfo): boolean {
  if (a === b) return true;
  return (
    a.template === b.template &&
    a.terminating === b.terminating &&
    a.priority === b.priority &&
    !hasAffinity(a) &&
    !hasAffinity(b) &&
    equal(a.labels ?? {}, b.labels ?? {})
  );
}

/** Terminating pods do not count: their place is as good as free. */
function count({ namespace, selector, counts }: Counter, slot: number, pod: PodInfo, sign: 1 | -1): void {
  if (pod.namespace !== namespace || pod.terminating || !selector.matches(pod.labels)) return;
  counts[slot] = (counts[slot] ?? 0) + sign;
}

/** Heartbeats change a node's status all the time; these are the parts that decide anything. */
function sameForScheduling(a: Node, b: Node): boolean {
  return (
    equal(a.spec ?? {}, b.spec ?? {}) &&
    equal(a.metadata?.labels ?? {}, b.metadata?.labels ?? {}) &&
    equal(a.status?.allocatable ?? {}, b.status?.allocatable ?? {}) &&
    equal(a.status?.images ?? [], b.status?.images ?? [])
  );
}

/** One node of each zone, then the next of each: searching part of the list still reaches all zones. */
function interleaveZones(nodes: readonly NodeInfo[]): readonly NodeInfo[] {
  const zones = new Map<string, NodeInfo[]>();
  for (const node of nodes) {
    const zone = `${node.label('topology.kubernetes.io/region') ?? ''}:${node.label('topology.kubernetes.io/zone') ?? ''}`;
    const members = zones.get(zone);
    if (members) members.push(node);
    else zones.set(zone, [node]);
  }
  const order: NodeInfo[] = [];
  for (let i = 0; order.length < nodes.length; i++)
    for (const members of zones.values()) {
      const node = members[i];
      if (node) order.push(node);
    }
  return order;
}
