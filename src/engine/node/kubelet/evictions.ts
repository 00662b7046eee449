// Node-pressure eviction: when the machine has too little memory left, the kubelet says so of its node and ends pods,
// one at a look. Models pkg/kubelet/eviction; looks only once a container has taken much memory.
// Left out: disks, inodes and processes, which do not run short here.
import type { Pod } from '../../../api/generated/types.ts';
import { parseQuantity } from '../../../api/quantity.ts';
import type { Scope } from '../../sim/scope.ts';
import type { MeasuredPod } from './measurements.ts';

export interface EvictionParts {
  readonly scope: Scope;
  /** All memory of the machine. */
  readonly memoryMax: number;
  /** `evictionHard`'s `memory.available`; undefined: nothing is evicted for memory. */
  readonly threshold: string | undefined;
  /** What the machine and its pods use now. */
  measure(): { readonly memoryBytes: number; readonly pods: readonly MeasuredPod[] };
  podOf(uid: string): Pod | undefined;
  /** Records an event about the node. */
  tell(type: 'Normal' | 'Warning', reason: string, message: string): void;
  evict(uid: string, message: string): void;
}

const lookEveryMs = 10_000;
/** evictionPressureTransitionPeriod. */
const calmMs = 300_000;
/** System-critical pods are not evicted. */
const criticalPriority = 2_000_000_000;

export class Evictions {
  private armed = false;
  private metAt: number | undefined;

  constructor(private readonly parts: EvictionParts) {}

  /** Whether the node is said to be short of memory. */
  get underPressure(): boolean {
    return this.metAt !== undefined;
  }

  /** A container has taken much memory. */
  touch(): void {
    if (this.armed || this.parts.threshold === undefined) return;
    this.armed = true;
    this.parts.scope.schedule(lookEveryMs, () => this.look());
  }

  private look(): void {
    this.armed = false;
    const { scope, memoryMax } = this.parts;
    const { memoryBytes, pods } = this.parts.measure();
    const available = Math.max(0, memoryMax - memoryBytes);
    const threshold = this.thresholdBytes();
    if (available < threshold) {
      this.metAt = scope.now;
      this.parts.tell('Warning', 'EvictionThresholdMet', 'Attempting to reclaim memory');
      const [first] = this.ranked(pods);
      if (first) this.parts.evict(first.uid, this.messageOf(first, available));
    } else if (this.metAt !== undefined && scope.now - this.metAt >= calmMs) this.metAt = undefined;
    if (this.metAt !== undefined || available < memoryMax / 4) this.touch();
  }

  private thresholdBytes(): number {
    const { threshold = '0', memoryMax } = this.parts;
    const percent = /^([\d.]+)%$/.exec(threshold)?.[1];
    return percent === undefined ? parseQuantity(threshold).toNumber() : (Number(percent) / 100) * memoryMax;
  }

  /** Those above their requests first, then those of low priority, then those that are most above them. */
  private ranked(pods: readonly MeasuredPod[]): readonly MeasuredPod[] {
    const facts = pods.flatMap((measured) => {
      const pod = this.parts.podOf(measured.uid);
      const priority = pod?.spec?.priority ?? 0;
      const over = measured.memoryBytes - requested(pod);
      return pod && priority < criticalPriority ? [{ measured, priority, over }] : [];
    });
    facts.sort((a, b) => Number(b.over > 0) - Number(a.over > 0) || a.priority - b.priority || b.over - a.over);
    return facts.map(({ measured }) => measured);
  }

  private messageOf(measured: MeasuredPod, available: number): string {
    const pod = this.parts.podOf(measured.uid);
    const quantity = binaryText(this.thresholdBytes());
    const containers = measured.containers.map(({ name, memoryBytes }) => {
      const request = pod?.spec?.containers.find((each) => each.name === name)?.resources?.requests?.memory;
      const bytes = request === undefined ? 0 : parseQuantity(request).toNumber();
      return memoryBytes > bytes
        ? `Container ${name} was using ${binaryText(memoryBytes)}, request is ${request ?? '0'}, has larger consumption of memory. `
        : '';
    });
    return `The node was low on resource: memory. Threshold quantity: ${quantity}, available: ${binaryText(available)}. ${containers.join('')}`;
  }
}

function requested(pod: Pod | undefined): number {
  const requests = pod?.spec?.containers.map(({ resources }) => resources?.requests?.memory) ?? [];
  return requests.reduce((sum, text) => sum + (text === undefined ? 0 : parseQuantity(text).toNumber()), 0);
}

const units = ['', 'Ki', 'Mi', 'Gi', 'Ti'];

/** A quantity's canonical form: the largest unit of which it is a whole number. */
function binaryText(bytes: number): string {
  let value = Math.floor(bytes);
  let unit = 0;
  for (; value > 0 && value % 1024 === 0 && unit < units.length - 1; unit++) value /= 1024;
  return `${value}${units[unit]}`;
}
