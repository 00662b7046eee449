// The TTL controller: deletes jobs some time after they have ended.
import { jobs } from '../../../api/generated/resources.ts';
import type { Job } from '../../../api/generated/types.ts';
import { isBeingDeleted, parseTime } from '../../../api/meta.ts';
import { isNotFound } from '../../../api/status.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { holds } from './job-conditions.ts';

export const ttlAfterFinishedController = defineController({ name: 'ttl-after-finished-controller', setup });

function setup({ informers, queue, client, scope }: ControllerContext): Controller {
  const all = informers.informer(jobs);
  const enqueue = (job: Job): void => {
    if (job.spec?.ttlSecondsAfterFinished !== undefined && finishedAt(job) !== undefined) queue.add(keyOf(job));
  };
  all.on({ added: enqueue, updated: enqueue });

  function* reconcile(key: string): Work<void> {
    const job = all.lister.get(key);
    const at = job && finishedAt(job);
    const seconds = job?.spec?.ttlSecondsAfterFinished;
    if (!job || at === undefined || seconds === undefined || isBeingDeleted(job)) return;
    const leftMs = at + seconds * 1000 - scope.now;
    if (leftMs > 0) {
      queue.addAfter(key, leftMs);
      return;
    }
    const { namespace, name = '', uid } = job.metadata ?? {};
    try {
      yield* client.delete(jobs, { namespace, name, propagationPolicy: 'Foreground', preconditions: { uid } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return { reconcile };
}

function finishedAt(job: Job): number | undefined {
  const condition = holds(job, 'Complete') ?? holds(job, 'Failed');
  return condition && parseTime(condition.lastTransitionTime);
}
