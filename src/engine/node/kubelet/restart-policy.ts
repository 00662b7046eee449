// Which containers start again after they have ended: the pod's policy, the container's own, and its rules.
import type { Container as ContainerSpec, Pod } from '../../../api/generated/types.ts';
import type { Container } from '../runtime/container.ts';

/** A sidecar: an init container that keeps running beside the others. */
export function isSidecar(spec: ContainerSpec): boolean {
  return spec.restartPolicy === 'Always';
}

export function restartsAfter(spec: ContainerSpec, pod: Pod, exitCode: number): boolean {
  for (const { action, exitCodes } of spec.restartPolicyRules ?? []) {
    const listed = exitCodes?.values?.includes(exitCode) ?? false;
    const matches = exitCodes?.operator === 'NotIn' ? !listed : listed;
    if (matches && action === 'Restart') return true;
  }
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
