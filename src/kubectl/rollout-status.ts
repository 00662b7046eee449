// How far a rollout is: the line that is shown, and whether it is done.
import { numberAt, objectAt, objectsAt, textAt } from '../base/fields.ts';
import type { JsonObject } from '../base/json.ts';
import { CommandError } from './errors.ts';

export interface RolloutProgress {
  readonly text: string;
  readonly done: boolean;
}

/** Throws for what cannot have a status, and for rollouts that have failed. */
export function rolloutProgress(object: JsonObject, revision: number): RolloutProgress {
  switch (textAt(object, 'kind')) {
    case 'Deployment':
      return deploymentProgress(object, revision);
    case 'DaemonSet':
      return daemonSetProgress(object);
    case 'StatefulSet':
      return statefulSetProgress(object);
    default:
      throw new CommandError(`no status viewer has been implemented for ${textAt(object, 'kind')}`);
  }
}

const waiting = (text: string): RolloutProgress => ({ text: `${text}\n`, done: false });
const finished = (text: string): RolloutProgress => ({ text: `${text}\n`, done: true });

function deploymentProgress(object: JsonObject, revision: number): RolloutProgress {
  const name = JSON.stringify(textAt(object, 'metadata.name'));
  const status = (field: string) => numberAt(object, `status.${field}`) ?? 0;
  if (revision > 0) {
    const running = Number(revisionOf(object));
    if (running !== revision) {
      throw new CommandError(`desired revision (${revision}) is different from the running revision (${running})`);
    }
  }
  if (!isObserved(object)) return waiting('Waiting for deployment spec update to be observed...');
  const progressing = objectsAt(object, 'status.conditions').find((item) => textAt(item, 'type') === 'Progressing');
  if (textAt(progressing, 'reason') === 'ProgressDeadlineExceeded') {
    throw new CommandError(`deployment ${name} exceeded its progress deadline`);
  }
  const [wanted, updated] = [numberAt(object, 'spec.replicas'), status('updatedReplicas')];
  const lead = `Waiting for deployment ${name} rollout to finish:`;
  if (wanted !== undefined && updated < wanted) {
    return waiting(`${lead} ${updated} out of ${wanted} new replicas have been updated...`);
  }
  if (status('replicas') > updated) {
    return waiting(`${lead} ${status('replicas') - updated} old replicas are pending termination...`);
  }
  const available = status('availableReplicas');
  if (available < updated) return waiting(`${lead} ${available} of ${updated} updated replicas are available...`);
  return finished(`deployment ${name} successfully rolled out`);
}

function daemonSetProgress(object: JsonObject): RolloutProgress {
  requireRollingUpdate(object);
  const name = JSON.stringify(textAt(object, 'metadata.name'));
  const status = (field: string) => numberAt(object, `status.${field}`) ?? 0;
  if (!isObserved(object)) return waiting('Waiting for daemon set spec update to be observed...');
  const lead = `Waiting for daemon set ${name} rollout to finish:`;
  const [wanted, updated] = [status('desiredNumberScheduled'), status('updatedNumberScheduled')];
  if (updated < wanted) return waiting(`${lead} ${updated} out of ${wanted} new pods have been updated...`);
  const available = status('numberAvailable');
  if (available < wanted) return waiting(`${lead} ${available} of ${wanted} updated pods are available...`);
  return finished(`daemon set ${name} successfully rolled out`);
}

function statefulSetProgress(object: JsonObject): RolloutProgress {
  requireRollingUpdate(object);
  const status = (field: string) => numberAt(object, `status.${field}`) ?? 0;
  if (status('observedGeneration') === 0 || !isObserved(object)) {
    return waiting('Waiting for statefulset spec update to be observed...');
  }
  const wanted = numberAt(object, 'spec.replicas');
  if (wanted !== undefined && status('readyReplicas') < wanted) {
    return waiting(`Waiting for ${wanted - status('readyReplicas')} pods to be ready...`);
  }
  const updated = status('updatedReplicas');
  const rolling = 'spec.updateStrategy.rollingUpdate';
  const partition = numberAt(object, `${rolling}.partition`);
  if (partition !== undefined || numberAt(object, `${rolling}.maxUnavailable`) !== undefined) {
    if (wanted !== undefined && partition !== undefined && updated < wanted - partition) {
      const goal = wanted - partition;
      return waiting(
        `Waiting for partitioned roll out to finish: ${updated} out of ${goal} new pods have been updated...`,
      );
    }
    return finished(`partitioned roll out complete: ${updated} new pods have been updated...`);
  }
  const [next, current] = [textAt(object, 'status.updateRevision'), textAt(object, 'status.currentRevision')];
  if (next !== current) {
    return waiting(`waiting for statefulset rolling update to complete ${updated} pods at revision ${next}...`);
  }
  return finished(`statefulset rolling update complete ${status('currentReplicas')} pods at revision ${current}...`);
}

function requireRollingUpdate(object: JsonObject): void {
  if (textAt(object, 'spec.updateStrategy.type') === 'RollingUpdate') return;
  throw new CommandError('rollout status is only available for RollingUpdate strategy type');
}

function isObserved(object: JsonObject): boolean {
  return (numberAt(object, 'metadata.generation') ?? 0) <= (numberAt(object, 'status.observedGeneration') ?? 0);
}

const revisionAnnotation = 'deployment.kubernetes.io/revision';

/** The revision that the deployment controller numbers; '0' where there is none yet. */
export function revisionOf(object: JsonObject): string {
  const value = objectAt(object, 'metadata.annotations')?.[revisionAnnotation];
  return typeof value === 'string' ? value : '0';
}
