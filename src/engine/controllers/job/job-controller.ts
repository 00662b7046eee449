// The job controller: runs pods until enough of them have succeeded, or too many have failed.
import { jobs, pods } from '../../../api/generated/resources.ts';
import type { Job, Pod } from '../../../api/generated/types.ts';
import { controllerReference, getControllerOf, isBeingDeleted } from '../../../api/meta.ts';
import { selectorOf } from '../../../api/selectors.ts';
import { isNotFound } from '../../../api/status.ts';
import { late } from '../../../base/late.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import type { Informer } from '../../client/informer.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { claim } from '../shared/claim.ts';
import { Expectations } from '../shared/expectations.ts';
import { kindName } from '../shared/kind-name.ts';
import { indexByOwner, ownedAndOrphans, resolveOwner } from '../shared/owned-pods.ts';
import { PodControl } from '../shared/pod-control.ts';
import { isJobFinished } from './job-conditions.ts';
import type { JobParts } from './job-ledger.ts';
import { isTracked, trackingFinalizer, untrackPatch } from './job-pods.ts';
import { noFailures } from './pod-failures.ts';

const syncing = late('jobs', () => import('./job-sync.ts'));

export const jobController = defineController({
  name: 'job-controller',
  setup: (context) => new JobController(context),
});

/** Events of pods are gathered for so long before the job is looked at. */
const batchMs = 1000;
const orphanPrefix = 'orphan:';
const ownManager = 'kubernetes.io/job-controller';

class JobController implements Controller {
  private readonly jobs: Informer<Job>;
  private readonly pods: Informer<Pod>;
  private readonly parts = new Map<string, JobParts>();
  private readonly expectations: Expectations;
  private readonly control: PodControl;

  constructor(private readonly context: ControllerContext) {
    const { informers, client, events, scope, queue } = context;
    this.jobs = informers.informer(jobs);
    this.pods = informers.informer(pods);
    this.expectations = new Expectations(scope);
    this.control = new PodControl(client, events, kindName(jobs));
    indexByOwner(this.pods);
    const enqueue = (job: Job): void => queue.add(keyOf(job));
    this.jobs.on({
      added: enqueue,
      updated: enqueue,
      deleted: (job) => {
        this.parts.delete(job.metadata?.uid ?? '');
        this.expectations.forget(keyOf(job));
        for (const pod of ownedAndOrphans(this.pods.lister, job)) this.podSeen(pod);
      },
    });
    this.pods.on({
      added: (pod) => {
        const job = resolveOwner(this.jobs.lister, 'Job', pod);
        if (job) this.expectations.creationObserved(keyOf(job));
        this.podSeen(pod);
      },
      updated: (pod, old) => {
        if (getControllerOf(old)?.uid !== getControllerOf(pod)?.uid) this.podSeen(old);
        this.podSeen(pod);
      },
      deleted: (pod) => this.podSeen(pod, true),
    });
  }

  *reconcile(key: string): Work<void> {
    if (key.startsWith(orphanPrefix)) {
      yield* this.releaseOrphan(key.slice(orphanPrefix.length));
      return;
    }
    const job = this.jobs.lister.get(key);
    if (!job || isJobFinished(job)) return;
    if ((job.spec?.managedBy ?? ownManager) !== ownManager) return;
    const members = yield* claim(
      {
        client: this.context.client,
        owner: job,
        ownerResource: jobs,
        reference: controllerReference(job, jobs),
        selector: selectorOf(job.spec?.selector),
        resource: pods,
        finalizer: trackingFinalizer,
      },
      ownedAndOrphans(this.pods.lister, job),
    );
    yield* new (syncing().JobSync)(this.partsOf(job), job, members).run();
  }

  private partsOf(job: Job): JobParts {
    const uid = job.metadata?.uid ?? '';
    const known = this.parts.get(uid);
    if (known) return known;
    const { context, control, expectations } = this;
    const parts: JobParts = { context, control, expectations, untracked: new Set(), backoff: noFailures };
    this.parts.set(uid, parts);
    return parts;
  }

  private podSeen(pod: Pod, gone = false): void {
    const job = resolveOwner(this.jobs.lister, 'Job', pod);
    const { queue } = this.context;
    if (job) {
      if (gone || isBeingDeleted(pod)) this.expectations.deletionObserved(keyOf(job), keyOf(pod));
      if (gone || !isTracked(pod)) this.partsOf(job).untracked.delete(pod.metadata?.uid ?? '');
      queue.addAfter(keyOf(job), batchMs);
      return;
    }
    if (gone) return;
    if (getControllerOf(pod)?.kind === 'Job' && isTracked(pod)) queue.add(orphanPrefix + keyOf(pod));
    if (getControllerOf(pod)) return;
    for (const each of this.jobs.lister.inNamespace(pod.metadata?.namespace ?? ''))
      if (selectorOf(each.spec?.selector).matches(pod.metadata?.labels)) queue.add(keyOf(each));
  }

  /** Nobody counts the pods of a job that is gone: they must not be held back. */
  private *releaseOrphan(key: string): Work<void> {
    const pod = this.pods.lister.get(key);
    if (!pod || !isTracked(pod) || resolveOwner(this.jobs.lister, 'Job', pod)) return;
    const { namespace, name = '' } = pod.metadata ?? {};
    try {
      yield* this.context.client.patch(pods, { namespace, name }, untrackPatch);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}
