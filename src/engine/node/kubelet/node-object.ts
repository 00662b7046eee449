// The node as its kubelet reports it: labels, capacity, conditions, addresses, system information.

import type { Node, NodeCondition, NodeStatus } from '../../../api/generated/types.ts';
import { extend } from '../../../base/extend.ts';
import { formatTime } from '../../../base/time.ts';
import { declaredFeatures } from '../../../kinds/declared-features.ts';
import type { PulledImage } from '../registry/registries.ts';

export const kubeletVersion = 'v1.36.2';

export interface NodeFacts {
  readonly name: string;
  readonly ips: readonly string[];
  readonly capacity: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: NonNullable<Node['spec']>['taints'];
  readonly providerId: string | undefined;
}

export const defaultCapacity: Readonly<Record<string, string>> = {
  cpu: '4',
  'ephemeral-storage': '61202244Ki',
  'hugepages-1Gi': '0',
  'hugepages-2Mi': '0',
  memory: '8147292Ki',
  pods: '110',
};

/** The object that a kubelet registers. */
export function newNode(facts: NodeFacts): Node {
  const { name, labels, taints, providerId } = facts;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        ...labels,
      },
      annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
    },
    spec: {
      ...(providerId === undefined ? {} : { providerID: providerId }),
      ...(taints && taints.length > 0 ? { taints } : {}),
    },
  };
}

export interface StatusNow {
  readonly now: number;
  /** Why the node is not ready; undefined when it is. */
  readonly problem: string | undefined;
  /** It has too little memory left. */
  readonly shortOfMemory: boolean;
  readonly images: readonly PulledImage[];
  readonly old: readonly NodeCondition[];
}

export function nodeStatus(facts: NodeFacts, current: StatusNow): NodeStatus {
  const { name, ips, capacity } = facts;
  const features = { recursiveReadOnlyMounts: true, userNamespaces: true };
  return {
    addresses: [...ips.map((address) => ({ address, type: 'InternalIP' })), { address: name, type: 'Hostname' }],
    allocatable: capacity,
    capacity,
    conditions: conditions(current),
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    declaredFeatures,
    features: { supplementalGroupsPolicy: true },
    ...imagesOf(current.images),
    nodeInfo: {
      architecture: 'amd64',
      bootID: '8d1e0f2a-3b4c-4d5e-8f60-718293a4b5c6',
      containerRuntimeVersion: 'containerd://2.1.4',
      kernelVersion: '6.8.0-64-generic',
      kubeProxyVersion: '',
      kubeletVersion,
      machineID: `4c1a8f3e5d2b4a6f9e7c0b1d2a3f4e${lastOctet(ips)}`,
      operatingSystem: 'linux',
      osImage: 'Debian GNU/Linux 12 (bookworm)',
      systemUUID: `6f9619ff-8b86-4011-b42d-00c04fc964${lastOctet(ips)}`,
    },
    runtimeHandlers: [
      { features, name: '' },
      { features, name: 'runc' },
    ],
  };
}

/** Tells the machines apart. */
function lastOctet(ips: readonly string[]): string {
  return Number(ips[0]?.split('.').at(-1) ?? 0)
    .toString(16)
    .padStart(2, '0');
}

/** The kubelet's nodeStatusMaxImages. */
const imagesMax = 50;

function imagesOf(images: readonly PulledImage[]): Pick<NodeStatus, 'images'> {
  if (images.length === 0) return {};
  const sorted = [...images].sort((a, b) => b.sizeBytes - a.sizeBytes).slice(0, imagesMax);
  return { images: sorted.map(({ name, digestName, sizeBytes }) => ({ names: [digestName, name], sizeBytes })) };
}

function conditions({ now, problem, shortOfMemory, old }: StatusNow): readonly NodeCondition[] {
  const drafts = [
    shortOfMemory
      ? {
          type: 'MemoryPressure',
          status: 'True',
          reason: 'KubeletHasInsufficientMemory',
          message: 'kubelet has insufficient memory available',
        }
      : {
          type: 'MemoryPressure',
          status: 'False',
          reason: 'KubeletHasSufficientMemory',
          message: 'kubelet has sufficient memory available',
        },
    {
      type: 'DiskPressure',
      status: 'False',
      reason: 'KubeletHasNoDiskPressure',
      message: 'kubelet has no disk pressure',
    },
    {
      type: 'PIDPressure',
      status: 'False',
      reason: 'KubeletHasSufficientPID',
      message: 'kubelet has sufficient PID available',
    },
    problem === undefined
      ? { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }
      : { type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: problem },
  ];
  const ours = new Set(drafts.map(({ type }) => type));
  const at = formatTime(now);
  const mine = drafts.map((draft) => {
    const before = old.find(({ type }) => type === draft.type);
    const kept = before?.status === draft.status ? before.lastTransitionTime : undefined;
    return extend(draft, { lastHeartbeatTime: at, lastTransitionTime: kept ?? at });
  });
  return [...old.filter(({ type }) => !ours.has(type)), ...mine];
}
