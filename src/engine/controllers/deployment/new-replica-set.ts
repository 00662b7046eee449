// The replica set of a deployment's current template: found by its template, or made, and kept up to date.
import { deployments, replicaSets } from '../../../api/generated/resources.ts';
import type {
  Deployment,
  DeploymentStatus,
  LabelSelector,
  PodTemplateSpec,
  ReplicaSet,
} from '../../../api/generated/types.ts';
import { controllerReference, isControlledBy } from '../../../api/meta.ts';
import { ApiError, isAlreadyExists } from '../../../api/status.ts';
import { equal } from '../../../base/json.ts';
import type { ControllerContext } from '../../client/controller.ts';
import type { Work } from '../../sim/work.ts';
import { kindName } from '../shared/kind-name.ts';
import { isNamespaceTerminating } from '../shared/pod-control.ts';
import { templateHash } from '../shared/template-hash.ts';
import {
  annotationsOf,
  newSetAnnotations,
  revisionAnnotation,
  revisionMax,
  withAnnotations,
  withSizeNotes,
} from './annotations.ts';
import { type ConditionText, findCondition } from './conditions.ts';
import { newSetSize, progressDeadlineMs } from './fenceposts.ts';

/** What a sync offers to its steps. */
export interface RolloutTools {
  readonly context: ControllerContext;
  /** As of the last write. */
  deployment: Deployment;
  statusWith(condition: ConditionText): DeploymentStatus;
  writeStatus(status: DeploymentStatus): Work<void>;
  tellScaled(set: ReplicaSet, from: number, to: number): void;
}

const hashLabel = 'pod-template-hash';
const nameMax = 253;

/** The oldest set whose template is the deployment's, but for the hash. */
export function findNewSet(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  return sets.find((set) => sameTemplate(set.spec?.template, deployment.spec?.template));
}

/** Brings annotations, minReadySeconds and the deployment's revision up to date. */
export function* syncNewSet(rollout: RolloutTools, set: ReplicaSet, old: readonly ReplicaSet[]): Work<ReplicaSet> {
  const { client } = rollout.context;
  const { deployment } = rollout;
  const annotations = newSetAnnotations(deployment, set, revisionMax(old) + 1);
  const minReadySeconds = deployment.spec?.minReadySeconds ?? 0;
  if (set.spec && (annotations !== annotationsOf(set) || (set.spec.minReadySeconds ?? 0) !== minReadySeconds)) {
    const wish = withAnnotations({ ...set, spec: { ...set.spec, minReadySeconds } }, annotations);
    return yield* client.update(replicaSets, wish);
  }
  const missing =
    progressDeadlineMs(deployment) !== undefined && !findCondition(deployment.status?.conditions, 'Progressing');
  const message = `Found new replica set "${set.metadata?.name}"`;
  yield* noteRevision(
    rollout,
    annotations[revisionAnnotation] ?? '',
    missing ? ['FoundNewReplicaSet', message] : undefined,
  );
  return set;
}

/** Creates the set. Where the name is taken by another template, the collision count changes the next try's hash. */
export function* makeNewSet(rollout: RolloutTools, old: readonly ReplicaSet[]): Work<ReplicaSet> {
  const revision = revisionMax(old) + 1;
  const wish = newSet(rollout.deployment, old, revision);
  let created: ReplicaSet;
  let existed = false;
  try {
    created = yield* rollout.context.client.create(replicaSets, wish);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (!isAlreadyExists(error)) return yield* fail(rollout, wish, error);
    created = yield* takeExisting(rollout, wish, error);
    existed = true;
  }
  const replicas = created.spec?.replicas ?? 0;
  if (!existed && replicas > 0) rollout.tellScaled(created, 0, replicas);
  const tells = !existed && progressDeadlineMs(rollout.deployment) !== undefined;
  const message = `Created new replica set "${created.metadata?.name}"`;
  yield* noteRevision(rollout, String(revision), tells ? ['NewReplicaSetCreated', message] : undefined);
  return created;
}

function newSet(deployment: Deployment, old: readonly ReplicaSet[], revision: number): ReplicaSet {
  const template = deployment.spec?.template ?? {};
  const hash = templateHash(template, deployment.status?.collisionCount);
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  const selector = deployment.spec?.selector;
  const hashed: LabelSelector = { ...selector, matchLabels: { ...selector?.matchLabels, [hashLabel]: hash } };
  const set: ReplicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${(deployment.metadata?.name ?? '').slice(0, nameMax - hash.length - 1)}-${hash}`,
      namespace: deployment.metadata?.namespace,
      labels,
      ownerReferences: [controllerReference(deployment, { group: 'apps', version: 'v1', kind: 'Deployment' })],
    },
    spec: {
      replicas: newSetSize(deployment, old, 0),
      ...(deployment.spec?.minReadySeconds && { minReadySeconds: deployment.spec.minReadySeconds }),
      selector: hashed,
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
  return withSizeNotes(deployment, withAnnotations(set, newSetAnnotations(deployment, set, revision)));
}

function* takeExisting(rollout: RolloutTools, wish: ReplicaSet, error: ApiError): Work<ReplicaSet> {
  const { client } = rollout.context;
  const { namespace, name = '' } = wish.metadata ?? {};
  const { deployment } = rollout;
  const found = yield* client.get(replicaSets, { namespace, name });
  if (isControlledBy(found, deployment) && sameTemplate(found.spec?.template, deployment.spec?.template)) return found;
  const collisionCount = (deployment.status?.collisionCount ?? 0) + 1;
  yield* rollout.writeStatus({ ...deployment.status, collisionCount });
  throw error;
}

function* fail(rollout: RolloutTools, wish: ReplicaSet, error: ApiError): Work<never> {
  if (isNamespaceTerminating(error)) throw error;
  const reason = 'ReplicaSetCreateError';
  const message = `Failed to create new replica set "${wish.metadata?.name}": ${error.message}`;
  if (progressDeadlineMs(rollout.deployment) !== undefined)
    yield* rollout.writeStatus(rollout.statusWith({ type: 'Progressing', status: 'False', reason, message }));
  rollout.context.events.record(rollout.deployment, { type: 'Warning', reason, message }, kindName(deployments));
  throw error;
}

/** Writes the revision on the deployment and, when `progress` tells one, the Progressing condition with it. */
function* noteRevision(
  rollout: RolloutTools,
  revision: string,
  progress: readonly [string, string] | undefined,
): Work<void> {
  const { deployment } = rollout;
  const annotations = annotationsOf(deployment);
  if (annotations[revisionAnnotation] === revision && !progress) return;
  const status = progress
    ? rollout.statusWith({ type: 'Progressing', status: 'True', reason: progress[0], message: progress[1] })
    : deployment.status;
  const noted = withAnnotations(deployment, { ...annotations, [revisionAnnotation]: revision });
  const wish: Deployment = status ? { ...noted, status } : noted;
  rollout.deployment = yield* rollout.context.client.updateStatus(deployments, wish);
}

function sameTemplate(a: PodTemplateSpec | undefined, b: PodTemplateSpec | undefined): boolean {
  return equal(withoutHash(a), withoutHash(b));
}

function withoutHash(template: PodTemplateSpec | undefined): PodTemplateSpec {
  const labels = { ...template?.metadata?.labels };
  delete labels[hashLabel];
  return { ...template, metadata: { ...template?.metadata, labels } };
}
