// What a controller is: informers that enqueue keys, and a reconcile that makes the world match one object.
//
//   export const replicaSetController = defineController({
//     name: 'replicaset-controller',
//     setup({ informers, queue, client, events }) {
//       const sets = informers.informer(replicaSets);
//       sets.on({ added: (set) => queue.add(keyOf(set)), … });
//       return { *reconcile(key) { … } };
//     },
//   });
import { ApiError } from '../../api/status.ts';
import type { CertificateAuthority } from '../../base/certificate-authority.ts';
import type { Scope } from '../sim/scope.ts';
import type { Work } from '../sim/work.ts';
import type { Client } from './client.ts';
import type { EventRecorder } from './events.ts';
import type { InformerFactory } from './informer.ts';
import type { Meter } from './meter.ts';
import type { Rate } from './rate-limit.ts';
import { TransportError } from './transport.ts';
import { WorkQueue } from './workqueue.ts';

export interface ControllerContext {
  readonly scope: Scope;
  readonly client: Client;
  /** Shared by all controllers of one manager. */
  readonly informers: InformerFactory;
  readonly queue: WorkQueue;
  readonly events: EventRecorder;
  readonly cluster: ClusterFacts;
  /** What its process counts. */
  readonly meter?: Meter | undefined;
}

/** What the manager's command line tells its controllers. */
export interface ClusterFacts {
  readonly clusterName: string;
  /** E.g. `10.244.0.0/16`; each node gets a /24 of it. */
  readonly podCidr: string;
  /** E.g. `10.96.0.0/12`. */
  readonly serviceCidr: string;
  /** PEM of the cluster's certificate authority. */
  readonly rootCa: string;
  /** Signs certificate requests. */
  readonly authority: Pick<CertificateAuthority, 'issue'>;
  /** Default 50_000: how long a node may stay silent. */
  readonly nodeMonitorGraceMs: number;
}

export interface Controller {
  /** Makes one object's part of the world right. Thrown API errors are retried with backoff. */
  reconcile(key: string): Work<void>;
}

export interface ControllerDefinition {
  /** Upstream's name, e.g. `deployment-controller`; one of its own each. */
  readonly name: string;
  /** Its user is `system:serviceaccount:kube-system:ACCOUNT`; default: its name. */
  readonly account?: string;
  /** Uses the manager's own credentials. */
  readonly asManager?: boolean;
  /** How fast it may send requests where that is not the manager's default. */
  readonly rate?: Rate;
  /** Keys handled at once (default 5). */
  readonly workers?: number;
  /** `source` of its events where it is not `name`, e.g. `job-controller`. */
  readonly eventSource?: string;
  setup(context: ControllerContext): Controller;
}

export function defineController(definition: ControllerDefinition): ControllerDefinition {
  return definition;
}

/** Starts a controller in its scope: it sets up, waits for its caches, then works. */
export function startController(definition: ControllerDefinition, parts: Omit<ControllerContext, 'queue'>): void {
  const { scope, informers } = parts;
  const queue = new WorkQueue(scope);
  parts.meter?.queues.set(definition.name, queue);
  const controller = definition.setup({ ...parts, queue });
  scope.spawn(work());

  function* work(): Work<void> {
    yield* informers.waitForSync();
    for (let i = 0; i < (definition.workers ?? 5); i++) scope.spawn(worker());
  }

  function* worker(): Work<void> {
    for (;;) {
      const key = yield* queue.take();
      try {
        yield* controller.reconcile(key);
        queue.forget(key);
      } catch (error) {
        if (error instanceof ApiError || error instanceof TransportError) scope.record('retry', key, error.message);
        else scope.fault(error);
        queue.addRateLimited(key);
      } finally {
        queue.done(key);
      }
    }
  }
}
