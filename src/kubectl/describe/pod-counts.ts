// How many pods of a controller run, wait, succeeded, failed.
import { textAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { collectionPath, type DescribeClient, namespaceOf } from './describer.ts';
import { controllerOf } from './metadata.ts';

export interface PodCounts {
  readonly running: number;
  readonly waiting: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** Counts the pods that `labelSelector` selects and that `controller` owns. */
export async function podCountsOf(
  controller: JsonObject,
  labelSelector: string,
  client: DescribeClient,
): Promise<PodCounts> {
  const path = collectionPath({ prefix: '/api/v1', resource: 'pods', namespace: namespaceOf(controller) });
  const pods = await client.list(path, labelSelector === '' ? {} : { labelSelector });
  const uid = textAt(controller, 'metadata.uid');
  const phases = pods
    .filter((pod) => textAt(controllerOf(pod), 'uid') === uid)
    .map((pod) => textAt(pod, 'status.phase'));
  const count = (phase: string) => phases.filter((item) => item === phase).length;
  return {
    running: count('Running'),
    waiting: count('Pending'),
    succeeded: count('Succeeded'),
    failed: count('Failed'),
  };
}

export function podCountsText(counts: PodCounts): string {
  const { running, waiting, succeeded, failed } = counts;
  return `${running} Running / ${waiting} Waiting / ${succeeded} Succeeded / ${failed} Failed`;
}
