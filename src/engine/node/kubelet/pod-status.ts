// A pod's whole status as the kubelet sees it. Models generateAPIPodStatus of v1.36.
import type { Container, ContainerStatus, Pod, PodCondition, PodStatus } from '../../../api/generated/types.ts';
import { parseQuantity, Quantity } from '../../../api/quantity.ts';
import { formatTime } from '../../../base/time.ts';
import type { RuntimePod } from '../runtime/runtime.ts';
import { containerStatuses, type StartFailure } from './container-status.ts';
import { type ConditionsInput, kubeletConditions, podConditions } from './pod-conditions.ts';
import { type PodPhase, podPhase } from './pod-phase.ts';
import { isSidecar, mayRestartAll, restartsAll } from './restart-policy.ts';

export interface ProbeResults {
  started(podUid: string, status: ContainerStatus): boolean;
  ready(podUid: string, status: ContainerStatus): boolean;
}

export interface PodStatusInput {
  readonly pod: Pod;
  /** What the kubelet said last; the pod's own status at first. */
  readonly old: PodStatus;
  readonly runtime: RuntimePod | undefined;
  readonly terminal: boolean;
  readonly failures: ReadonlyMap<string, StartFailure>;
  readonly probes: ProbeResults;
  readonly hostIps: readonly string[];
  readonly now: number;
  /** Of a resize under way, of an eviction. */
  readonly more: readonly PodCondition[];
  /** Set when the kubelet itself ends the pod, e.g. `DeadlineExceeded`. */
  readonly verdict?: { readonly reason: string; readonly message: string } | undefined;
}

export function podStatus(input: PodStatusInput): PodStatus {
  const { pod, old, runtime, now, hostIps } = input;
  const restarting = restartOf(input);
  const init = withProbes(input, statusesOf(input, 'init', restarting), true);
  const regular = withProbes(input, statusesOf(input, 'regular', restarting), false);
  const ephemeral = statusesOf(input, 'ephemeral', undefined);
  const phase = input.verdict ? 'Failed' : phaseOf(input, [...regular, ...init]);
  const own = (type: string): boolean => kubeletConditions.has(type) || input.more.some((each) => each.type === type);
  const others = (pod.status?.conditions ?? []).filter(({ type }) => !own(type));
  const drafts = podConditions({
    pod,
    phase,
    statuses: [...init, ...regular],
    sandboxReady: runtime?.sandbox?.ready ?? false,
    restarting,
    others,
  });
  const { reason, message } = input.verdict ?? (phase === old.phase ? old : {});
  const ips = runtime?.sandbox ? runtime.sandbox.ips : (old.podIPs ?? []).map(({ ip }) => ip ?? '');
  const generation = pod.metadata?.generation;
  const shown = pod.spec?.hostNetwork && ips.length === 0 ? hostIps : ips;
  const requests = sumOf(pod, 'requests');
  const limits = sumOf(pod, 'limits');
  return {
    observedGeneration: generation,
    phase,
    conditions: [...others, ...input.more, ...dated(drafts, old.conditions ?? [], formatTime(now), generation)],
    message: message || undefined,
    reason: reason || undefined,
    hostIP: hostIps[0],
    hostIPs: hostIps.map((ip) => ({ ip })),
    podIP: shown[0],
    podIPs: shown.length > 0 ? shown.map((ip) => ({ ip })) : undefined,
    startTime: old.startTime ?? formatTime(now),
    initContainerStatuses: init.length > 0 ? init : undefined,
    containerStatuses: regular,
    ephemeralContainerStatuses: ephemeral.length > 0 ? ephemeral : undefined,
    allocatedResources: requests,
    resources: { ...(limits && { limits }), ...(requests && { requests }) },
  };
}

/** Whether all containers are on their way to begin anew. */
function restartOf({ pod, old, runtime }: PodStatusInput): ConditionsInput['restarting'] {
  if (!pod.spec || !mayRestartAll(pod.spec)) return undefined;
  const specs = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  const newest = (spec: Container) => runtime?.containers.findLast(({ name }) => name === spec.name);
  const begun = old.conditions?.some(({ type, status }) => type === 'AllContainersRestarting' && status === 'True');
  if (!begun && !specs.some((spec) => restartsAll(spec, newest(spec)))) return 'no';
  return specs.some(newest) ? 'under way' : 'cleaned up';
}

function statusesOf(
  input: PodStatusInput,
  kind: 'init' | 'regular' | 'ephemeral',
  restarting: ConditionsInput['restarting'],
): readonly ContainerStatus[] {
  const { pod, old, runtime, failures } = input;
  const spec = pod.spec;
  const specs =
    kind === 'init' ? spec?.initContainers : kind === 'regular' ? spec?.containers : spec?.ephemeralContainers;
  const olds =
    kind === 'init'
      ? old.initContainerStatuses
      : kind === 'regular'
        ? old.containerStatuses
        : old.ephemeralContainerStatuses;
  if (!specs || specs.length === 0) return [];
  const instances = runtime?.containers ?? [];
  const removed = restarting === 'under way' || restarting === 'cleaned up';
  return containerStatuses(specs, kind, { pod, old: olds ?? [], instances, failures, removed });
}

function phaseOf(input: PodStatusInput, statuses: readonly ContainerStatus[]): PodPhase {
  const { pod, old, runtime, terminal } = input;
  for (const known of [old.phase, pod.status?.phase]) if (known === 'Failed' || known === 'Succeeded') return known;
  const regular = new Set(pod.spec?.containers.map(({ name }) => name));
  const initialized = runtime?.containers.some(({ name }) => regular.has(name)) ?? false;
  return podPhase({ pod, statuses, terminal, initialized });
}

function withProbes(
  { pod, probes }: PodStatusInput,
  statuses: readonly ContainerStatus[],
  init: boolean,
): readonly ContainerStatus[] {
  const uid = pod.metadata?.uid ?? '';
  return statuses.map((status) => {
    const started = status.state?.running !== undefined && probes.started(uid, status);
    const spec = init ? pod.spec?.initContainers?.find(({ name }) => name === status.name) : undefined;
    const ready =
      spec && !isSidecar(spec) ? status.state?.terminated?.exitCode === 0 : started && probes.ready(uid, status);
    return { ...status, started, ready };
  });
}

/** A condition keeps its time of change for as long as its status stays; where nothing changes it stays the same. */
function dated(
  drafts: readonly PodCondition[],
  old: readonly PodCondition[],
  now: string,
  observedGeneration: number | undefined,
): readonly PodCondition[] {
  return drafts.map((draft) => {
    const { status, reason, message } = draft;
    const before = old.find(({ type }) => type === draft.type);
    const kept = before?.status === status ? before.lastTransitionTime : undefined;
    if (
      before &&
      kept &&
      before.reason === reason &&
      before.message === message &&
      before.observedGeneration === observedGeneration
    )
      return before;
    return { type: draft.type, status, reason, message, lastTransitionTime: kept ?? now, observedGeneration };
  });
}

/** The pod's resources as a whole, what its cgroup has been given: its {@link totalOf}; undefined where it asks for none. */
function sumOf(pod: Pod, what: 'requests' | 'limits'): Readonly<Record<string, string>> | undefined {
  const asks = ({ resources }: Container): boolean => resources?.[what] !== undefined;
  const { containers = [], initContainers = [] } = pod.spec ?? {};
  if (!containers.some(asks) && !initContainers.some(asks)) return undefined;
  const total = totalOf(containers, initContainers, what);
  return Object.keys(total).length > 0 ? total : undefined;
}

/** Regular containers and sidecars together, or one init container that needs more. */
function totalOf(
  containers: readonly Container[],
  initContainers: readonly Container[],
  what: 'requests' | 'limits',
): Record<string, string> {
  const sums = new Map<string, Quantity>();
  for (const { resources } of [...containers, ...initContainers.filter(isSidecar)])
    for (const [name, text] of Object.entries(resources?.[what] ?? {}))
      sums.set(name, (sums.get(name) ?? Quantity.of(0)).add(parseQuantity(text)));
  for (const spec of initContainers)
    for (const [name, text] of isSidecar(spec) ? [] : Object.entries(spec.resources?.[what] ?? {})) {
      const need = parseQuantity(text);
      const have = sums.get(name);
      if (!have || have.compare(need) < 0) sums.set(name, need);
    }
  return Object.fromEntries([...sums].map(([name, sum]) => [name, sum.canonical()]));
}
