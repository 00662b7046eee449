// Every kind that has rules of its own, one line each. A kind that is not here is stored as its schema says.
import { cronJob } from './cron-job.ts';
import { daemonSet } from './daemon-set.ts';
import { deployment } from './deployment.ts';
import { event } from './event.ts';
import { horizontalPodAutoscaler } from './horizontal-pod-autoscaler.ts';
import { ingress } from './ingress.ts';
import { job } from './job.ts';
import type { Kind } from './kind.ts';
import { namespace } from './namespace.ts';
import { node } from './node.ts';
import { persistentVolume } from './persistent-volume.ts';
import { persistentVolumeClaim } from './persistent-volume-claim.ts';
import { plainKinds } from './plain-kinds.ts';
import { pod } from './pod.ts';
import { replicaSet } from './replica-set.ts';
import { replicationController } from './replication-controller.ts';
import { secret } from './secret.ts';
import { service } from './service.ts';
import { serviceAccount } from './service-account.ts';
import { statefulSet } from './stateful-set.ts';
import { storageClass } from './storage-class.ts';

/** In alphabetical order of their files. */
export const kinds: readonly Kind[] = [
  cronJob,
  daemonSet,
  deployment,
  event,
  horizontalPodAutoscaler,
  ingress,
  job,
  namespace,
  node,
  persistentVolumeClaim,
  persistentVolume,
  pod,
  replicaSet,
  replicationController,
  secret,
  service,
  serviceAccount,
  statefulSet,
  storageClass,
  ...plainKinds,
];
