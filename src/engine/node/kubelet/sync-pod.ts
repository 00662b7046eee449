// Bringing one pod a step closer to what its spec says: status, volumes, sandbox, containers. Models SyncPod of
// pkg/kubelet and computePodActions of kuberuntime.
import type { Container as ContainerSpec, Pod, PodCondition, PodStatus } from '../../../api/generated/types.ts';
import { ApiError } from '../../../api/status.ts';
import { formatTime, parseTime } from '../../../base/time.ts';
import { TransportError } from '../../client/transport.ts';
import type { Work } from '../../sim/work.ts';
import type { Container } from '../runtime/container.ts';
import type { HostPort } from '../runtime/container-config.ts';
import type { Sandbox } from '../runtime/runtime.ts';
import { setUpVolume } from '../volumes/volumes.ts';
import type { StartFailure } from './container-status.ts';
import { dnsSettings, knownNames } from './name-files.ts';
import { networkNotReady } from './network-not-ready.ts';
import { MissingSource } from './object-source.ts';
import { type KubeletParts, newestOf, type PodMemory, targetOf, teller } from './pod-context.ts';
import { resizeNeeded } from './pod-resize.ts';
import { podStatus } from './pod-status.ts';
import { devicesProblem } from './prepare-devices.ts';
import { isSidecar, restartsAfter, restartsAll, shouldRestart } from './restart-policy.ts';
import { startContainer } from './start-container.ts';
import { stopContainer } from './stop-container.ts';

export type SyncOutcome =
  | { readonly kind: 'terminal' }
  /** `acted`: something was started or stopped. */
  | { readonly kind: 'done'; readonly acted: boolean }
  | { readonly kind: 'failed'; readonly retryAt: number | undefined };

/** How long volumes are waited for, and the growing wait between attempts at one. */
const volumesWaitMs = 123_000;
const volumeRetryFirstMs = 500;
const sandboxMs = 60;
/** How often one looks whether the container runtime runs again. */
export const runtimeLookMs = 1000;
/** Until the runtime has set new limits. */
const resizeMs = 50;

export function* syncPod(parts: KubeletParts, memory: PodMemory): Work<SyncOutcome> {
  const { pod } = memory;
  if (parts.runtime.stoppedAt !== undefined) return { kind: 'failed', retryAt: parts.scope.now + runtimeLookMs };
  memory.verdict ??= overdue(parts, memory);
  memory.resize.settle(pod, parts.runtime.pods.get(memory.uid));
  const status = writeStatus(parts, memory, false);
  if (status.phase === 'Succeeded' || status.phase === 'Failed') return { kind: 'terminal' };
  if (!pod.spec?.hostNetwork && parts.podCidr() === undefined) {
    teller(parts, pod)('Warning', 'NetworkNotReady', `network is not ready: ${networkNotReady}`);
    return { kind: 'failed', retryAt: parts.scope.now + 1000 };
  }
  if (!(yield* prepareVolumes(parts, memory))) return { kind: 'failed', retryAt: undefined };
  memory.preparedAt ??= parts.scope.now;
  yield* lookForPullSecrets(parts, pod);
  if (!(yield* prepareDevices(parts, memory))) return { kind: 'failed', retryAt: undefined };
  const restarting = status.conditions?.find(({ type }) => type === 'AllContainersRestarting')?.status === 'True';
  return restarting ? yield* removeAll(parts, memory) : yield* act(parts, memory);
}

/** Kills and removes all containers, the one whose end calls for it last; the next round starts them anew. */
function* removeAll(parts: KubeletParts, memory: PodMemory): Work<SyncOutcome> {
  const { pod, uid } = memory;
  const { initContainers = [], containers = [] } = pod.spec ?? {};
  const instances = parts.runtime.pods.get(uid)?.containers ?? [];
  const found = [...containers, ...initContainers].flatMap((spec) =>
    instances.filter(({ name }) => name === spec.name).map((container) => ({ spec, container })),
  );
  const calls = ({ spec, container }: (typeof found)[number]) => restartsAll(spec, container);
  for (const { spec, container } of [...found.filter((one) => !calls(one)), ...found.filter(calls)]) {
    if (container.state === 'running')
      yield* stopContainer(targetOf(parts, memory, spec, container), teller(parts, pod, spec), {
        graceSeconds: 0,
        message: 'killing',
      });
    parts.runtime.removeContainer(container.id);
  }
  memory.failures = new Map();
  return { kind: 'done', acted: true };
}

/** Drivers prepare devices before the sandbox is made; false when they cannot. */
function* prepareDevices(parts: KubeletParts, { pod, uid }: PodMemory): Work<boolean> {
  const needed = pod.spec?.resourceClaims?.length || pod.status?.extendedResourceClaimStatus;
  if (!needed || parts.runtime.pods.get(uid)?.sandbox) return true;
  const problem = yield* devicesProblem(parts.sources, pod);
  if (problem === undefined) return true;
  const message = `Failed to prepare dynamic resources: prepare dynamic resources: ${problem}`;
  teller(parts, pod)('Warning', 'FailedPrepareDynamicResources', message);
  return false;
}

/** Pulls are tried without the ones that are not there. */
function* lookForPullSecrets(parts: KubeletParts, pod: Pod): Work<void> {
  const missing: string[] = [];
  for (const { name } of pod.spec?.imagePullSecrets ?? [])
    if (name && !(yield* parts.sources.find('Secret', pod.metadata?.namespace ?? '', name))) missing.push(name);
  if (missing.length === 0) return;
  const message = `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull the image may not succeed.`;
  teller(parts, pod)('Warning', 'FailedToRetrieveImagePullSecret', message);
}

export function writeStatus(parts: KubeletParts, memory: PodMemory, terminal: boolean): PodStatus {
  const { pod, uid, failures, verdict } = memory;
  const old = parts.statuses.get(uid) ?? pod.status ?? {};
  const runtime = parts.runtime.pods.get(uid);
  const { probes, ips: hostIps } = parts;
  const now = parts.scope.now;
  const more = [...(terminal ? [] : memory.resize.conditions), ...disruption(memory.disruptedAt, verdict)];
  const status = podStatus({ pod, old, runtime, terminal, failures, probes, hostIps, now, verdict, more });
  parts.statuses.set(pod, status);
  return status;
}

/** What tells that the kubelet has ended the pod, and not the pod itself. */
function disruption(at: number | undefined, verdict: PodMemory['verdict']): readonly PodCondition[] {
  if (at === undefined || !verdict) return [];
  const { message } = verdict;
  const since = { lastTransitionTime: formatTime(at) };
  return [{ type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet', message, ...since }];
}

function overdue({ scope }: KubeletParts, { pod }: PodMemory): PodMemory['verdict'] {
  const limit = pod.spec?.activeDeadlineSeconds;
  const since = parseTime(pod.status?.startTime ?? '');
  if (limit === undefined || since === undefined || scope.now - since < limit * 1000) return undefined;
  return { reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline' };
}

/** Waits for all volumes; false when they do not come in time. */
function* prepareVolumes(parts: KubeletParts, memory: PodMemory): Work<boolean> {
  const { scope } = parts;
  const { pod, volumes } = memory;
  const tell = teller(parts, pod);
  const deadline = scope.now + volumesWaitMs;
  let retryMs = volumeRetryFirstMs;
  for (;;) {
    const missing = (pod.spec?.volumes ?? []).filter(({ name }) => !volumes.has(name));
    for (const volume of missing) {
      try {
        volumes.set(volume.name, yield* setUpVolume(pod, volume, parts.volumes, undefined));
      } catch (error) {
        if (!(error instanceof MissingSource) && !(error instanceof ApiError) && !(error instanceof TransportError))
          throw error;
        tell('Warning', 'FailedMount', `MountVolume.SetUp failed for volume "${volume.name}" : ${error.message}`);
      }
    }
    const left = missing.filter(({ name }) => !volumes.has(name)).map(({ name }) => name);
    if (left.length === 0) return true;
    if (scope.now + retryMs > deadline) {
      const what = `unmounted volumes=[${left.join(' ')}], unattached volumes=[], failed to process volumes=[]`;
      tell('Warning', 'FailedMount', `Unable to attach or mount volumes: ${what}: context deadline exceeded`);
      return false;
    }
    yield* scope.sleep(retryMs);
    retryMs *= 2;
  }
}

/** Sandbox, then what is next to start or to stop. */
function* act(parts: KubeletParts, memory: PodMemory): Work<SyncOutcome> {
  const { pod, uid } = memory;
  const known = parts.runtime.pods.get(uid)?.sandbox;
  if (!known?.ready && pod.spec?.restartPolicy === 'Never' && (parts.runtime.pods.get(uid)?.containers.length ?? 0) > 0)
    return { kind: 'done', acted: false };
  const sandbox = known?.ready ? known : yield* makeSandbox(parts, memory);
  const round = new Round(parts, memory, sandbox);
  for (const spec of pod.spec?.ephemeralContainers ?? [])
    if (!newestOf(parts.runtime.pods.get(uid), spec.name)) yield* round.start(spec);
  if (yield* round.initialize()) {
    yield* round.adjustRunning();
    for (const spec of pod.spec?.containers ?? [])
      if (shouldRestart(spec, pod, newestOf(parts.runtime.pods.get(uid), spec.name))) yield* round.start(spec);
  }
  yield* round.stopSidecars();
  return round.outcome();
}

function* makeSandbox(parts: KubeletParts, { pod, uid }: PodMemory): Work<Sandbox> {
  if (parts.runtime.pods.get(uid)?.sandbox)
    teller(parts, pod)('Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
  yield* parts.scope.sleep(sandboxMs);
  const { namespace = '', name = '' } = pod.metadata ?? {};
  const sandbox = parts.runtime.runSandbox(
    { uid, namespace, name },
    {
      podCidr: parts.podCidr() ?? '',
      hostNetwork: pod.spec?.hostNetwork ?? false,
      dns: dnsSettings(parts, namespace, pod.spec),
      names: knownNames(pod),
      hostPorts: hostPortsOf(pod),
    },
  );
  tellSandboxReady(parts, pod);
  return sandbox;
}

function hostPortsOf({ spec }: Pod): readonly HostPort[] {
  const ports = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].flatMap(({ ports = [] }) => ports);
  return ports.flatMap(({ hostPort, containerPort, protocol = 'TCP' }) =>
    hostPort && protocol === 'TCP' ? [{ hostPort, containerPort }] : [],
  );
}

/** The status says so before the first image is pulled. */
function tellSandboxReady({ statuses, scope }: KubeletParts, pod: Pod): void {
  const status = statuses.get(pod.metadata?.uid ?? '') ?? pod.status ?? {};
  const lastTransitionTime = formatTime(scope.now);
  const conditions = (status.conditions ?? []).map((condition) =>
    condition.type === 'PodReadyToStartContainers' && condition.status !== 'True'
      ? { ...condition, status: 'True', lastTransitionTime }
      : condition,
  );
  statuses.set(pod, { ...status, conditions });
}

/** One sync's starts and stops, and what came of them. */
class Round {
  private acted = false;
  private failed = false;
  private retryAt: number | undefined;

  constructor(
    private readonly parts: KubeletParts,
    private readonly memory: PodMemory,
    private readonly sandbox: Sandbox,
  ) {}

  *start(spec: ContainerSpec): Work<void> {
    this.acted = true;
    const failure = yield* startContainer(this.parts, this.memory, spec, this.sandbox);
    if (!failure) {
      this.setFailure(spec.name, undefined);
      return;
    }
    this.setFailure(spec.name, failure);
    const first = !this.failed;
    this.failed = true;
    const { retryAt } = failure;
    if (retryAt !== undefined) this.retryAt = Math.min(this.retryAt ?? retryAt, retryAt);
    else if (first) this.retryAt = undefined;
  }

  private setFailure(name: string, failure: StartFailure | undefined): void {
    const { memory } = this;
    if (!failure && !memory.failures.has(name)) return;
    const others = [...memory.failures].filter(([other]) => other !== name);
    memory.failures = new Map(failure ? [...others, [name, failure]] : others);
  }

  /** Runs init containers in turn; true when regular containers may run. */
  *initialize(): Work<boolean> {
    const { pod, uid } = this.memory;
    const specs = pod.spec?.initContainers ?? [];
    const runtime = this.parts.runtime.pods.get(uid);
    const initialized =
      pod.spec?.containers.some(({ name }) => newestOf(runtime, name) && this.sinceSandbox(name)) ?? false;
    for (const spec of specs) {
      const newest = newestOf(runtime, spec.name);
      const current = newest && this.sinceSandbox(spec.name) ? newest : undefined;
      if (isSidecar(spec)) {
        if (current?.state === 'running') yield* this.adjust(spec);
        if (current?.state !== 'running' && !this.regularOver()) yield* this.start(spec);
        if (!initialized && !this.sidecarStarted(spec)) return false;
        continue;
      }
      if (initialized || (current?.state === 'exited' && current.exitCode === 0)) continue;
      if (current?.state === 'running') return false;
      if (!current || restartsAfter(spec, pod, current.exitCode)) yield* this.start(spec);
      return false;
    }
    return true;
  }

  /** Containers that a probe, a changed image or a resize wants stopped start again in this round. */
  *adjustRunning(): Work<void> {
    for (const spec of this.memory.pod.spec?.containers ?? []) yield* this.adjust(spec);
  }

  /** Once all regular containers have ended for good, sidecars end too, last one first. */
  *stopSidecars(): Work<void> {
    const { parts, memory } = this;
    const { pod, uid } = memory;
    const runtime = parts.runtime.pods.get(uid);
    if (!this.regularOver()) return;
    for (const spec of (pod.spec?.initContainers ?? []).filter(isSidecar).reverse()) {
      const container = newestOf(runtime, spec.name);
      if (container?.state !== 'running') continue;
      this.acted = true;
      const graceSeconds = pod.spec?.terminationGracePeriodSeconds ?? 30;
      yield* stopContainer(targetOf(parts, memory, spec, container), teller(parts, pod, spec), { graceSeconds });
    }
  }

  outcome(): SyncOutcome {
    return this.failed ? { kind: 'failed', retryAt: this.retryAt } : { kind: 'done', acted: this.acted };
  }

  private regularOver(): boolean {
    const { pod, uid } = this.memory;
    const runtime = this.parts.runtime.pods.get(uid);
    return (pod.spec?.containers ?? []).every((spec) => {
      const newest = newestOf(runtime, spec.name);
      return newest?.state === 'exited' && !shouldRestart(spec, pod, newest);
    });
  }

  /** Stops a running container that cannot go on as it is, or gives it what it was newly granted. */
  private *adjust(spec: ContainerSpec): Work<void> {
    const { parts, memory } = this;
    const container = newestOf(parts.runtime.pods.get(memory.uid), spec.name);
    if (container?.state !== 'running') return;
    const probe = parts.probes.failed(container);
    const resize = resizeNeeded(spec, container);
    const why = this.reasonToStop(spec, container, probe) ?? (resize === 'restart' ? 'resize requires restart' : '');
    if (why === '' && resize === 'none') return;
    this.acted = true;
    if (why === '') {
      yield* parts.scope.sleep(resizeMs);
      container.grant(spec.resources);
      return;
    }
    const own = probe === 'startup' ? spec.startupProbe : spec.livenessProbe;
    const graceSeconds =
      (probe ? own?.terminationGracePeriodSeconds : undefined) ?? memory.pod.spec?.terminationGracePeriodSeconds ?? 30;
    yield* stopContainer(targetOf(parts, memory, spec, container), teller(parts, memory.pod, spec), {
      graceSeconds,
      message: `Container ${spec.name} ${why}`,
    });
  }

  private reasonToStop(spec: ContainerSpec, container: Container, probe: string | undefined): string | undefined {
    if (container.config.imageName !== spec.image) return 'definition changed, will be restarted';
    if (!probe) return undefined;
    const restarts = this.memory.pod.spec?.restartPolicy !== 'Never';
    return `failed ${probe} probe${restarts ? ', will be restarted' : ''}`;
  }

  private sidecarStarted(spec: ContainerSpec): boolean {
    const container = newestOf(this.parts.runtime.pods.get(this.memory.uid), spec.name);
    if (container?.state !== 'running') return false;
    const status = { name: spec.name, containerID: `containerd://${container.id}` };
    return this.parts.probes.started(this.memory.uid, {
      image: '',
      imageID: '',
      ready: false,
      restartCount: 0,
      ...status,
    });
  }

  /** Whether the newest instance belongs to the current sandbox and not to one before it. */
  private sinceSandbox(name: string): boolean {
    const newest = newestOf(this.parts.runtime.pods.get(this.memory.uid), name);
    return newest !== undefined && newest.createdAt >= this.sandbox.createdAt;
  }
}
