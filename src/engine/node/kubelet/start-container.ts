// Starting one container: back-off, image, environment, mounts, process, postStart hook. Models startContainer of
// pkg/kubelet/kuberuntime.
import type { Container as ContainerSpec, Pod, VolumeMount } from '../../../api/generated/types.ts';
import { ApiError } from '../../../api/status.ts';
import { directoryNode, FileError, FileTree, fileNode, type TreeNode } from '../../../base/files.ts';
import { TransportError } from '../../client/transport.ts';
import type { Work } from '../../sim/work.ts';
import type { PulledImage } from '../registry/registries.ts';
import type { ContainerConfig, Mount } from '../runtime/container-config.ts';
import type { Sandbox } from '../runtime/runtime.ts';
import type { StartFailure } from './container-status.ts';
import { containerEnvironment } from './environment.ts';
import { expandVariables } from './expand-variables.ts';
import type { Tell } from './image-manager.ts';
import { nameFiles } from './name-files.ts';
import { MissingSource } from './object-source.ts';
import { type KubeletParts, newestOf, type PodMemory, podHostname, podText, targetOf, teller } from './pod-context.ts';
import { runHook, stopContainer } from './stop-container.ts';

/** `retryAt`: when a back-off is over. */
export type StartOutcome = StartFailure & { readonly retryAt?: number };

const hookLimitMs = 600_000;
/** What the runtime needs to make a container. */
const creationMs = 15;

/** Undefined when it runs. */
export function* startContainer(
  parts: KubeletParts,
  memory: PodMemory,
  spec: ContainerSpec,
  sandbox: Sandbox,
): Work<StartOutcome | undefined> {
  const { pod } = memory;
  const tell = teller(parts, pod, spec);
  const backingOff = backoff(parts, memory, spec, tell);
  if (backingOff) return backingOff;
  memory.pulling = true;
  const since = parts.scope.now;
  const image = yield* parts.images.ensure(pod, spec, tell);
  memory.pulling = false;
  parts.runtime.tally.waitedFor(memory.uid, parts.scope.now - since);
  if (memory.pod.metadata?.deletionTimestamp !== undefined) return { reason: 'ContainerCreating', message: '' };
  if (image.kind === 'failed') {
    tell('Warning', 'Failed', `Error: ${image.reason}`);
    return { reason: image.reason, message: image.message };
  }
  const config = yield* configure(parts, memory, spec, { image: image.image, sandbox });
  if ('reason' in config) {
    tell('Warning', 'Failed', `Error: ${config.message}`);
    return config;
  }
  yield* parts.scope.sleep(creationMs);
  const container = parts.runtime.createContainer(sandbox, config);
  tell('Normal', 'Created', 'Container created');
  const problem = container.start();
  parts.runtime.tally.did('start_container');
  if (problem !== undefined) {
    parts.runtime.tally.failed('start_container');
    tell('Warning', 'Failed', `Error: ${problem}`);
    return { reason: 'RunContainerError', message: problem };
  }
  tell('Normal', 'Started', 'Container started');
  parts.relister.touch(memory.uid); // noticed already; what follows now goes back to this step
  const target = targetOf(parts, memory, spec, container);
  const postStart = spec.lifecycle?.postStart;
  const hookProblem = postStart ? yield* runHook(postStart, hookLimitMs, target) : undefined;
  if (hookProblem !== undefined) {
    tell('Warning', 'FailedPostStartHook', 'PostStartHook failed');
    yield* stopContainer(target, tell, {
      graceSeconds: pod.spec?.terminationGracePeriodSeconds ?? 30,
      message: 'FailedPostStartHook',
    });
    return { reason: 'PostStartHookError', message: hookProblem };
  }
  parts.probes.watch({ pod, spec, container, podIp: target.podIp, since: memory.preparedAt ?? parts.scope.now, tell });
  return undefined;
}

/** CrashLoopBackOff: the wait counts from the end of the last instance. */
function backoff(parts: KubeletParts, memory: PodMemory, spec: ContainerSpec, tell: Tell): StartOutcome | undefined {
  const last = newestOf(parts.runtime.pods.get(memory.uid), spec.name);
  if (last?.state !== 'exited') return undefined;
  const key = `${memory.uid}/${spec.name}`;
  if (!parts.crashes.waiting(key, last.finishedAt)) {
    parts.crashes.next(key, last.finishedAt);
    return undefined;
  }
  const name = podText(memory.pod);
  tell('Warning', 'BackOff', `Back-off restarting failed container ${spec.name} in pod ${name}`);
  const waitMs = parts.crashes.waitMs(key);
  const wait = waitMs < 60_000 ? `${waitMs / 1000}s` : `${Math.floor(waitMs / 60_000)}m${(waitMs / 1000) % 60}s`;
  return {
    reason: 'CrashLoopBackOff',
    message: `back-off ${wait} restarting failed container=${spec.name} pod=${name}`,
    retryAt: last.finishedAt + waitMs,
  };
}

function* configure(
  parts: KubeletParts,
  memory: PodMemory,
  spec: ContainerSpec,
  { image, sandbox }: { readonly image: PulledImage; readonly sandbox: Sandbox },
): Work<ContainerConfig | StartFailure> {
  const { pod } = memory;
  const { sources } = parts;
  const hostname = podHostname(parts, pod);
  try {
    const user = userOf(pod, spec, image);
    const facts = parts.facts(pod);
    const env = yield* containerEnvironment({ pod, spec, image, hostname, services: parts.services(), facts, sources });
    const expand = (text: string): string => expandVariables(text, env);
    return {
      name: spec.name,
      attempt: nextAttempt(parts, memory, spec),
      image,
      imageName: spec.image ?? '',
      command: spec.command?.map(expand),
      args: spec.args?.map(expand),
      env,
      workingDir: spec.workingDir,
      user,
      mounts: (spec.volumeMounts ?? []).map((mount) => mountOf(mount, memory.volumes, env)),
      hostname,
      systemFiles: () => nameFiles(parts, memory.pod, sandbox),
      ports: (spec.ports ?? []).filter(({ protocol = 'TCP' }) => protocol === 'TCP').map((port) => port.containerPort),
      stdin: spec.stdin ?? false,
      tty: spec.tty ?? false,
      resources: spec.resources,
      terminationMessagePath: spec.terminationMessagePath ?? '/dev/termination-log',
      terminationMessagePolicy: spec.terminationMessagePolicy ?? 'File',
    };
  } catch (error) {
    if (!(error instanceof MissingSource) && !(error instanceof ApiError) && !(error instanceof TransportError))
      throw error;
    return { reason: 'CreateContainerConfigError', message: error.message };
  }
}

/** One more than the last instance's; when that is no longer there the machine's disk remembers, or the status. */
function nextAttempt(parts: KubeletParts, memory: PodMemory, spec: ContainerSpec): number {
  const last = newestOf(parts.runtime.pods.get(memory.uid), spec.name);
  if (last) return last.config.attempt + 1;
  const before = parts.runtime.attemptBefore(memory.uid, spec.name);
  if (before !== undefined) return before + 1;
  const status = parts.statuses.get(memory.uid) ?? memory.pod.status;
  const known = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].find(
    ({ name }) => name === spec.name,
  );
  return known?.restartCount ?? 0;
}

function userOf(pod: Pod, spec: ContainerSpec, image: PulledImage): ContainerConfig['user'] {
  const own = spec.securityContext;
  const shared = pod.spec?.securityContext;
  const uid = own?.runAsUser ?? shared?.runAsUser ?? image.image.user?.uid ?? 0;
  const gid = own?.runAsGroup ?? shared?.runAsGroup ?? image.image.user?.gid ?? 0;
  if ((own?.runAsNonRoot ?? shared?.runAsNonRoot) && uid === 0) {
    const where = `(pod: "${podText(pod)}", container: ${spec.name})`;
    const explicit = own?.runAsUser ?? shared?.runAsUser;
    throw new MissingSource(
      explicit === 0
        ? `container's runAsUser breaks non-root policy ${where}`
        : `container has runAsNonRoot and image will run as root ${where}`,
    );
  }
  const ownGroups = sorted([gid, ...(shared?.supplementalGroups ?? [])]);
  const groups = shared?.fsGroup === undefined ? ownGroups : sorted([...ownGroups, shared.fsGroup]);
  return { uid, gid, groups, ownGroups };
}

function sorted(groups: readonly number[]): readonly number[] {
  return [...new Set(groups)].sort((a, b) => a - b);
}

function mountOf(mount: VolumeMount, volumes: ReadonlyMap<string, TreeNode>, env: ReadonlyMap<string, string>): Mount {
  const node = volumes.get(mount.name) ?? directoryNode();
  const subPath = mount.subPathExpr === undefined ? mount.subPath : expandVariables(mount.subPathExpr, env);
  const shown = subPath ? within(node, subPath) : node;
  const path = mount.mountPath.startsWith('/') ? mount.mountPath : `/${mount.mountPath}`;
  const readOnly = mount.readOnly || (node.kind === 'directory' && node.readOnly) || false;
  return { path, node: shown, readOnly };
}

/** A place inside of a volume; a directory is made where there is nothing. */
function within(node: TreeNode, subPath: string): TreeNode {
  if (node.kind !== 'directory') return fileNode();
  const tree = new FileTree(() => 0, node);
  try {
    if (!tree.exists(subPath)) tree.makeDirectory(subPath, { parents: true });
    return tree.stat(subPath);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new MissingSource(`failed to prepare subPath for volumeMount`);
  }
}
