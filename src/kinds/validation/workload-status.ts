// What controllers may say in the status of workloads: counts that are not negative and fit together.
import { type FieldError, invalid } from '../../api/field-error.ts';
import type {
  DaemonSet,
  Deployment,
  ReplicaSet,
  ReplicationController,
  StatefulSet,
} from '../../api/generated/types.ts';
import { nonNegative } from './checks.ts';

interface Counts {
  readonly collisionCount?: number | undefined;
  readonly replicas?: number | undefined;
  readonly readyReplicas?: number | undefined;
  readonly availableReplicas?: number | undefined;
}

/** Adds what is wrong with changing a deployment's status so. */
export function validateDeploymentStatus({ status }: Deployment, old: Deployment, errors: FieldError[]): void {
  const counts = ['observedGeneration', 'replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas'] as const;
  notNegative(errors, status, [...counts, 'unavailableReplicas', 'terminatingReplicas', 'collisionCount']);
  ofReplicas(errors, status, ['updatedReplicas', 'readyReplicas', 'availableReplicas']);
  availableOfReady(errors, status, 'readyReplicas');
  notDecremented(errors, status, old.status);
}

/** Adds what is wrong with changing a replica set's status so. */
export function validateReplicaSetStatus({ status }: ReplicaSet, _old: ReplicaSet, errors: FieldError[]): void {
  const counts = ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'] as const;
  notNegative(errors, status, [...counts, 'observedGeneration', 'terminatingReplicas']);
  ofReplicas(errors, status, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']);
  availableOfReady(errors, status, 'readyReplicas');
}

/** Adds what is wrong with changing a replication controller's status so. */
export function validateReplicationControllerStatus(
  { status }: ReplicationController,
  _old: ReplicationController,
  errors: FieldError[],
): void {
  const counts = ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'] as const;
  notNegative(errors, status, [...counts, 'observedGeneration']);
  ofReplicas(errors, status, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']);
  availableOfReady(errors, status, 'readyReplicas');
}

/** Adds what is wrong with changing a stateful set's status so. */
export function validateStatefulSetStatus({ status }: StatefulSet, old: StatefulSet, errors: FieldError[]): void {
  const counts = ['replicas', 'readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'] as const;
  notNegative(errors, status, [...counts, 'observedGeneration', 'collisionCount']);
  ofReplicas(errors, status, ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas']);
  availableOfReady(errors, status, 'status.readyReplicas');
  notDecremented(errors, status, old.status);
}

/** Adds what is wrong with changing a daemon set's status so. */
export function validateDaemonSetStatus({ status }: DaemonSet, old: DaemonSet, errors: FieldError[]): void {
  const pods = ['currentNumberScheduled', 'numberMisscheduled', 'desiredNumberScheduled', 'numberReady'] as const;
  const others = ['observedGeneration', 'updatedNumberScheduled', 'numberAvailable', 'numberUnavailable'] as const;
  notNegative(errors, status, [...pods, ...others, 'collisionCount']);
  notDecremented(errors, status, old.status);
}

function notNegative<K extends string>(
  errors: FieldError[],
  status: { readonly [key in K]?: number | undefined } | undefined,
  names: readonly K[],
): void {
  for (const name of names) nonNegative(errors, `status.${name}`, status?.[name]);
}

function ofReplicas<K extends string>(
  errors: FieldError[],
  status: ({ readonly [key in K]?: number | undefined } & Counts) | undefined,
  names: readonly K[],
): void {
  for (const name of names) {
    const count = status?.[name] ?? 0;
    if (count > (status?.replicas ?? 0))
      errors.push(invalid(`status.${name}`, count, 'cannot be greater than status.replicas'));
  }
}

/** Upstream's messages name the count of ready ones differently. */
function availableOfReady(errors: FieldError[], status: Counts | undefined, ready: string): void {
  const { availableReplicas = 0, readyReplicas = 0 } = status ?? {};
  if (availableReplicas > readyReplicas)
    errors.push(invalid('status.availableReplicas', availableReplicas, `cannot be greater than ${ready}`));
}

/** It makes the names of what a workload owns differ: an earlier one would collide again. */
function notDecremented(errors: FieldError[], status: Counts | undefined, old: Counts | undefined): void {
  const { collisionCount = 0 } = status ?? {};
  if (collisionCount < (old?.collisionCount ?? 0))
    errors.push(invalid('status.collisionCount', collisionCount, 'cannot be decremented'));
}
