// Which pods have been promised a node, by preemption, and wait for it to be free.
import type { PodInfo } from './pod-info.ts';

export class Nominator {
  private readonly byNode = new Map<string, Map<string, PodInfo>>();
  private readonly nodeOf = new Map<string, string>();

  /** Promises the node; an empty name takes the promise back. */
  nominate(pod: PodInfo, node: string): void {
    this.forget(pod.uid);
    if (node === '') return;
    this.nodeOf.set(pod.uid, node);
    const pods = this.byNode.get(node) ?? new Map<string, PodInfo>();
    pods.set(pod.uid, pod);
    this.byNode.set(node, pods);
  }

  forget(uid: string): void {
    const node = this.nodeOf.get(uid);
    if (node === undefined) return;
    this.nodeOf.delete(uid);
    const pods = this.byNode.get(node);
    pods?.delete(uid);
    if (pods?.size === 0) this.byNode.delete(node);
  }

  nominatedNode(uid: string): string {
    return this.nodeOf.get(uid) ?? '';
  }

  podsFor(node: string): readonly PodInfo[] {
    return [...(this.byNode.get(node)?.values() ?? [])];
  }

  hasPodsFor(node: string): boolean {
    return this.byNode.has(node);
  }
}
