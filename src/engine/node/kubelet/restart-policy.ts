// Which containers start again after they have ended: the pod's policy, the container's own, and its rules.
import type { Container as ContainerSpec, Pod, PodSpec } from '../../../api/generated/types.ts';
import type { Container } from '../runtime/container.ts';

/** A sidecar: an init container that keeps running beside the others. */
export function isSidecar(spec: ContainerSpec): boolean {
  return spec.restartPolicy === 'Always';
}

/** What is said of a container that went because all of its pod begin anew. */
export const restartingAll = 'RestartingAllContainers';

/** What the first rule about such an end says: `Restart` or `RestartAllContainers`. */
function actionAfter({ restartPolicyRules = [] }: ContainerSpec, exitCode: number): string | undefined {
  for (const { action, exitCodes } of restartPolicyRules) {
    const listed = exitCodes?.values?.includes(exitCode) ?? false;
    if (exitCodes?.operator === 'NotIn' ? !listed : listed) return action;
  }
  return undefined;
}

/** Whether a container could make all of its pod begin anew. */
export function mayRestartAll({ containers, initContainers = [] }: PodSpec): boolean {
  return [...initContainers, ...containers].some(({ restartPolicyRules = [] }) =>
    restartPolicyRules.some(({ action }) => action === 'RestartAllContainers'),
  );
}

/** Whether the end of this container makes all of its pod begin anew. */
export function restartsAll(spec: ContainerSpec, ended: Container | undefined): boolean {
  return ended?.state === 'exited' && actionAfter(spec, ended.exitCode) === 'RestartAllContainers';
}

export function restartsAfter(spec: ContainerSpec, pod: Pod, exitCode: number): boolean {
  if (actionAfter(spec, exitCode)) return true;
  const policy = spec.restartPolicy ?? pod.spec?.restartPolicy ?? 'Always';
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}

/** Whether a container that is not running should be started. */
export function shouldRestart(spec: ContainerSpec, pod: Pod, newest: Container | undefined): boolean {
  if (pod.metadata?.deletionTimestamp !== undefined) return false;
  if (!newest) return true;
  if (newest.state === 'running') return false;
  if (newest.state === 'created') return true;
  return restartsAfter(spec, pod, newest.exitCode);
}
