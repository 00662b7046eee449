// A container's status as the API shows it, from the runtime's instances of it and what was said before. Models
// convertToAPIContainerStatuses of v1.36.
import type { Container as ContainerSpec, ContainerState, ContainerStatus, Pod } from '../../../api/generated/types.ts';
import { formatTime } from '../../../base/time.ts';
import type { Container } from '../runtime/container.ts';
import { isSidecar, restartingAll, shouldRestart } from './restart-policy.ts';

/** Why the kubelet does not start a container, e.g. `ErrImagePull`; kept until the next attempt. */
export interface StartFailure {
  readonly reason: string;
  readonly message: string;
}

export interface ContainerStatusInput {
  readonly pod: Pod;
  readonly old: readonly ContainerStatus[];
  /** All of the pod's instances, oldest first. */
  readonly instances: readonly Container[];
  readonly failures: ReadonlyMap<string, StartFailure>;
  /** Containers that are missing were removed so that all begin anew. */
  readonly removed: boolean;
}

/** Statuses of the given containers, in the order of the spec. */
export function containerStatuses(
  specs: readonly ContainerSpec[],
  kind: 'init' | 'regular' | 'ephemeral',
  input: ContainerStatusInput,
): readonly ContainerStatus[] {
  return specs.map((spec) => statusOf(spec, kind, input));
}

function statusOf(
  spec: ContainerSpec,
  kind: 'init' | 'regular' | 'ephemeral',
  input: ContainerStatusInput,
): ContainerStatus {
  const { pod, failures } = input;
  const instances = input.instances.filter((instance) => instance.name === spec.name);
  const newest = instances.at(-1);
  const old = input.old.find((status) => status.name === spec.name);
  const status = newest ? fromRuntime(spec, newest, instances.at(-2), old) : withoutRuntime(spec, input, old);
  if (kind === 'init') {
    if (newest?.state === 'exited' && newest.exitCode === 0) return status;
    if (!newest && status.state?.waiting && !isSidecar(spec) && anyRegularCreated(input))
      return assumedCompleted(status);
  }
  const failure = failures.get(spec.name);
  if (!failure || kind === 'ephemeral' || !shouldRestart(spec, pod, newest)) return status;
  return {
    ...status,
    ...(status.state?.terminated ? { lastState: status.state } : {}),
    state: { waiting: { ...(failure.message && { message: failure.message }), reason: failure.reason } },
  };
}

function anyRegularCreated({ pod, instances }: ContainerStatusInput): boolean {
  return instances.some(({ name }) => pod.spec?.containers.some((container) => container.name === name));
}

function assumedCompleted(status: ContainerStatus): ContainerStatus {
  const message =
    'Unable to get init container status from container runtime and pod has been initialized, treat it as exited normally';
  return {
    ...status,
    state: { terminated: { exitCode: 0, message, reason: 'Completed', ...untimed } },
  };
}

function fromRuntime(
  spec: ContainerSpec,
  newest: Container,
  before: Container | undefined,
  old: ContainerStatus | undefined,
): ContainerStatus {
  const { uid, gid, ownGroups } = newest.config.user;
  return {
    name: spec.name,
    restartCount: newest.config.attempt,
    image: newest.config.image.name,
    imageID: newest.config.image.digestName,
    containerID: idOf(newest),
    lastState: before ? stateOf(before) : lastStateOf(newest, old),
    state: stateOf(newest),
    ready: false,
    started: false,
    ...(spec.resources?.requests ? { allocatedResources: spec.resources.requests } : {}),
    resources: (newest.state === 'running' ? newest.resources : spec.resources) ?? {},
    user: { linux: { gid, supplementalGroups: ownGroups, uid } },
    ...volumeMounts(spec),
  };
}

/** After a restart of the kubelet or the node the instance before may be gone; the old status still tells of it. */
function lastStateOf(newest: Container, old: ContainerStatus | undefined): ContainerState {
  if (!old || newest.config.attempt === 0) return {};
  return old.containerID !== idOf(newest) && old.state?.terminated ? old.state : (old.lastState ?? {});
}

function withoutRuntime(
  spec: ContainerSpec,
  { pod, removed }: ContainerStatusInput,
  old: ContainerStatus | undefined,
): ContainerStatus {
  if (removed && old && !old.state?.waiting) return asRemoved(spec, old);
  if (old?.state?.terminated) return old;
  const reason = (pod.spec?.initContainers?.length ?? 0) > 0 ? 'PodInitializing' : 'ContainerCreating';
  const located = old?.state?.running && !old.lastState?.terminated;
  const gone = 'The container could not be located when the pod was deleted.  The container used to be Running';
  return {
    name: spec.name,
    image: spec.image ?? '',
    imageID: '',
    lastState: located
      ? {
          terminated: { exitCode: 137, message: gone, reason: 'ContainerStatusUnknown', ...untimed },
        }
      : (old?.lastState ?? {}),
    ready: false,
    restartCount: (old?.restartCount ?? 0) + (located && !pod.metadata?.deletionTimestamp ? 1 : 0),
    started: false,
    state: { waiting: { reason } },
    ...volumeMounts(spec),
  };
}

/** Go writes times that were never set as null. */
const untimed = { finishedAt: null, startedAt: null } as object; // edge: the types say text

function asRemoved(spec: ContainerSpec, old: ContainerStatus): ContainerStatus {
  const why = { reason: restartingAll, message: 'The container is removed because RestartAllContainers in place' };
  return {
    name: spec.name,
    image: spec.image ?? '',
    imageID: '',
    lastState: { terminated: { exitCode: 137, ...why, ...untimed } },
    ready: false,
    restartCount: old.restartCount + 1,
    started: false,
    state: { waiting: why },
    ...volumeMounts(spec),
  };
}

export function idOf(container: Container): string {
  return `containerd://${container.id}`;
}

function stateOf(container: Container): ContainerState {
  const startedAt = formatTime(container.startedAt);
  if (container.state === 'running') return { running: { startedAt } };
  if (container.state === 'created') return { waiting: {} };
  const { exitCode, message } = container;
  const reason = container.reason || (exitCode === 0 ? 'Completed' : 'Error');
  return {
    terminated: {
      containerID: idOf(container),
      exitCode,
      finishedAt: formatTime(container.finishedAt),
      ...(message && { message }),
      reason,
      startedAt,
    },
  };
}

function volumeMounts(spec: ContainerSpec): Pick<ContainerStatus, 'volumeMounts'> {
  if (!spec.volumeMounts || spec.volumeMounts.length === 0) return {};
  return {
    volumeMounts: spec.volumeMounts.map(({ mountPath, name, readOnly }) => ({
      mountPath,
      name,
      ...(readOnly ? { readOnly, recursiveReadOnly: 'Disabled' } : {}),
    })),
  };
}
