// What the work on one pod needs of its kubelet, and what the kubelet remembers of the pod.
import type { Container as ContainerSpec, Pod, Service } from '../../../api/generated/types.ts';
import type { NetworkHost } from '../../../api/network.ts';
import type { TreeNode } from '../../../base/files.ts';
import type { EventRecorder } from '../../client/events.ts';
import type { Scope } from '../../sim/scope.ts';
import type { Container } from '../runtime/container.ts';
import type { Runtime, RuntimePod } from '../runtime/runtime.ts';
import type { KubeletLog } from '../services/kubelet-log.ts';
import type { VolumeParts } from '../volumes/volumes.ts';
import type { Backoff } from './backoff.ts';
import type { StartFailure } from './container-status.ts';
import type { DownwardFacts } from './field-path.ts';
import type { ImageManager, Tell } from './image-manager.ts';
import type { ObjectSource } from './object-source.ts';
import type { PodResize } from './pod-resize.ts';
import type { ProbeTarget } from './probe-check.ts';
import type { Probes } from './probes.ts';
import type { Relister } from './relister.ts';
import type { StatusWriter } from './status-writer.ts';

export interface KubeletParts {
  readonly scope: Scope;
  readonly nodeName: string;
  readonly ips: readonly string[];
  readonly host: NetworkHost;
  readonly runtime: Runtime;
  readonly images: ImageManager;
  readonly sources: ObjectSource;
  readonly statuses: StatusWriter;
  readonly probes: Probes;
  readonly log: KubeletLog;
  readonly relister: Relister;
  readonly crashes: Backoff;
  readonly events: EventRecorder;
  readonly volumes: VolumeParts;
  /** Address of the cluster's DNS. */
  readonly clusterDns: string;
  services(): Iterable<Service>;
  /** Undefined until the node has its range. */
  podCidr(): string | undefined;
  facts(pod: Pod): DownwardFacts;
}

export interface PodMemory {
  readonly uid: string;
  /** As the API has it, with the resources that the node has granted. */
  pod: Pod;
  readonly resize: PodResize;
  failures: ReadonlyMap<string, StartFailure>;
  readonly volumes: Map<string, TreeNode>;
  /** When its volumes were first ready. */
  preparedAt: number | undefined;
  /** An image is being pulled for it. */
  pulling: boolean;
  verdict: { readonly reason: string; readonly message: string } | undefined;
  /** When the node began to end it for its own sake. */
  disruptedAt?: number;
}

export const podKind = { kind: 'Pod', apiVersion: 'v1' };

/** Records events about a pod, or about one of its containers. */
export function teller(parts: KubeletParts, pod: Pod, spec?: ContainerSpec): Tell {
  const list = pod.spec?.initContainers?.some(({ name }) => name === spec?.name)
    ? 'initContainers'
    : pod.spec?.ephemeralContainers?.some(({ name }) => name === spec?.name)
      ? 'ephemeralContainers'
      : 'containers';
  const fieldPath = spec && `spec.${list}{${spec.name}}`;
  return (type, reason, message) => {
    if (type === 'Warning') parts.log.warned(reason, message, { pod, container: spec?.name });
    parts.scope.record(reason, `pods ${pod.metadata?.namespace}/${pod.metadata?.name}`, message);
    parts.events.record(pod, { type, reason, message, fieldPath }, podKind);
  };
}

export function newestOf(runtime: RuntimePod | undefined, name: string): Container | undefined {
  return runtime?.containers.findLast((container) => container.name === name);
}

export function targetOf(
  parts: KubeletParts,
  memory: PodMemory,
  spec: ContainerSpec,
  container: Container,
): ProbeTarget {
  const podIp = parts.runtime.pods.get(memory.uid)?.sandbox?.ips[0] ?? '';
  return { scope: parts.scope, host: parts.host, container, spec, podIp };
}

/** What the pod's containers call their machine. */
export function podHostname({ nodeName }: Pick<KubeletParts, 'nodeName'>, { spec, metadata }: Pod): string {
  if (spec?.hostNetwork) return nodeName;
  return (spec?.hostname ?? metadata?.name ?? '').slice(0, 63);
}

/** `NAME_NAMESPACE(UID)`, as messages name a pod. */
export function podText({ metadata }: Pod): string {
  return `${metadata?.name}_${metadata?.namespace}(${metadata?.uid})`;
}
