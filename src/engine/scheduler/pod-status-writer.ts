// Writes to a pod's status why it is not scheduled and which node it is promised, when that has changed.
import { pods } from '../../api/generated/resources.ts';
import type { PodCondition } from '../../api/generated/types.ts';
import { formatTime } from '../../api/meta.ts';
import { ApiError } from '../../api/status.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Client } from '../client/client.ts';
import { TransportError } from '../client/transport.ts';
import type { Scope } from '../sim/scope.ts';
import type { Work } from '../sim/work.ts';
import type { PodInfo } from './pod-info.ts';

export class PodStatusWriter {
  constructor(
    private readonly scope: Scope,
    private readonly client: Client,
  ) {}

  unscheduled(
    info: PodInfo,
    {
      reason,
      message,
      nominated,
    }: {
      readonly reason: 'Unschedulable' | 'SchedulerError';
      readonly message: string;
      readonly nominated: string | undefined;
    },
  ): void {
    const { status, metadata } = info.pod;
    const old = status?.conditions?.find(({ type }) => type === 'PodScheduled');
    const { generation } = metadata ?? {};
    const same =
      old?.status === 'False' &&
      old.reason === reason &&
      old.message === message &&
      old.observedGeneration === generation;
    const renominated = nominated !== undefined && nominated !== (status?.nominatedNodeName ?? '');
    if (same && !renominated) return;
    const condition: PodCondition = {
      type: 'PodScheduled',
      status: 'False',
      reason,
      message,
      lastTransitionTime: (old?.status === 'False' ? old.lastTransitionTime : undefined) ?? formatTime(this.scope.now),
      ...(generation === undefined ? {} : { observedGeneration: generation }),
    };
    this.patch(info, {
      ...(same ? {} : { conditions: [asJson(condition)] }),
      ...(renominated ? { nominatedNodeName: nominated === '' ? null : nominated } : {}),
    });
  }

  /** Tells which node a pod is going to while its volumes are being made. */
  nominate(info: PodInfo, node: string): void {
    if (info.pod.status?.nominatedNodeName !== node) this.patch(info, { nominatedNodeName: node });
  }

  private patch(info: PodInfo, status: JsonObject): void {
    this.scope.spawn(this.send(info, status));
  }

  /** Best effort: a lost write is made good by the next attempt to schedule. */
  private *send({ namespace, name, key }: PodInfo, status: JsonObject): Work<void> {
    try {
      yield* this.client.patch(pods, { namespace, name, subresource: 'status' }, { status });
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof TransportError)) throw error;
      this.scope.record('status not written', `pods ${key}`, error.message);
    }
  }
}

function asJson(condition: PodCondition): JsonObject {
  return condition as object as JsonObject; // edge: API types hold nothing but JSON
}
