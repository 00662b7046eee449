// Carries out a preemption: marks the victims, deletes them, tells of it; the preemptor stays queued until then.
import { pods } from '../../api/generated/resources.ts';
import { formatTime } from '../../api/meta.ts';
import { ApiError, isNotFound } from '../../api/status.ts';
import { TransportError } from '../client/transport.ts';
import type { Work } from '../sim/work.ts';
import type { Handle } from './framework.ts';
import type { PodInfo } from './pod-info.ts';

export class Evictions {
  /** Preemptors, each with the last of its victims to be deleted once that is asked for. */
  private readonly underWay = new Map<string, string | undefined>();

  constructor(
    private readonly handle: Handle,
    private readonly plugin: string,
  ) {}

  /** Whether evictions for this pod have not all been asked for yet. */
  isUnderWayFor(uid: string): boolean {
    if (!this.underWay.has(uid)) return false;
    const last = this.underWay.get(uid);
    if (last === undefined) return true;
    const victim = this.handle.lister(pods).get(last);
    return victim !== undefined && victim.metadata?.deletionTimestamp === undefined;
  }

  start(preemptor: PodInfo, node: string, victims: readonly PodInfo[]): void {
    const { scope } = this.handle;
    const alive = victims.filter(({ terminating }) => !terminating);
    if (alive.length === 0) return;
    this.underWay.set(preemptor.uid, undefined);
    scope.record('preempt', `pods ${preemptor.key}`, `${node}: ${alive.map(({ key }) => key).join(', ')}`);
    scope.spawn(this.run(preemptor, node, alive));
  }

  private *run(preemptor: PodInfo, node: string, victims: readonly PodInfo[]): Work<void> {
    try {
      yield* this.clearNominations(preemptor, node);
      for (const [i, victim] of victims.entries()) {
        if (i === victims.length - 1) this.underWay.set(preemptor.uid, victim.key);
        yield* this.evict(preemptor, node, victim);
      }
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof TransportError)) throw error;
      this.handle.scope.record('preemption failed', `pods ${preemptor.key}`, `${this.plugin}: ${error.message}`);
      this.underWay.delete(preemptor.uid);
      this.handle.activate(preemptor);
    } finally {
      this.underWay.delete(preemptor.uid);
    }
  }

  private *evict(preemptor: PodInfo, node: string, victim: PodInfo): Work<void> {
    const { client, events, scope } = this.handle;
    const { namespace, name, uid, pod } = victim;
    const { generation } = pod.metadata ?? {};
    const scheduler = preemptor.pod.spec?.schedulerName ?? 'default-scheduler';
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: `${scheduler}: preempting to accommodate a higher priority pod`,
      lastTransitionTime: formatTime(scope.now),
      ...(generation === undefined ? {} : { observedGeneration: generation }),
    };
    try {
      yield* client.patch(pods, { namespace, name, subresource: 'status' }, { status: { conditions: [condition] } });
      yield* client.delete(pods, { namespace, name, preconditions: { uid } });
    } catch (error) {
      if (isNotFound(error)) return;
      throw error;
    }
    events.record(
      pod,
      {
        type: 'Normal',
        reason: 'Preempted',
        action: 'Preempting',
        message: `Preempted by pod ${preemptor.uid} on node ${node}`,
        related: {
          kind: 'Pod',
          apiVersion: 'v1',
          namespace: preemptor.namespace,
          name: preemptor.name,
          uid: preemptor.uid,
          resourceVersion: preemptor.pod.metadata?.resourceVersion,
        },
      },
      { kind: 'Pod', apiVersion: 'v1' },
    );
  }

  /** Less important pods that were promised the node must look elsewhere. */
  private *clearNominations(preemptor: PodInfo, node: string): Work<void> {
    const { client, nominator } = this.handle;
    for (const { namespace, name, priority, pod } of nominator.podsFor(node)) {
      if (priority >= preemptor.priority || !pod.status?.nominatedNodeName) continue;
      yield* client.patch(pods, { namespace, name, subresource: 'status' }, { status: { nominatedNodeName: null } });
    }
  }
}
