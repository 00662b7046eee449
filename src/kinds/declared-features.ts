// What kubelets can do that older ones cannot: the features that nodes declare, and which of them pods need. Models
// component-helpers' nodedeclaredfeatures of v1.36.

import { alike } from '../api/alike.ts';
import type { Container, Node, PodSpec } from '../api/generated/types.ts';

interface DeclaredFeature {
  readonly name: string;
  /** Whether a kubelet of this version declares it: its gate is on, and the container runtime plays along. */
  readonly declared: boolean;
  /** Whether a pod can run only where it is declared. */
  neededBy?(spec: PodSpec): boolean;
  /** Whether a running pod can be changed so only where it is declared. */
  neededFor?(spec: PodSpec, old: PodSpec): boolean;
}

/** Sorted by name, as nodes list them. */
const features: readonly DeclaredFeature[] = [
  { name: 'ExtendWebSocketsToKubelet', declared: true },
  {
    name: 'InPlacePodLevelResourcesVerticalScaling',
    declared: true,
    neededFor: (spec, old) => !alike(spec.resources, old.resources),
  },
  {
    name: 'InPlacePodVerticalScalingInitContainers',
    declared: true,
    neededFor: ({ initContainers = [] }, old) =>
      old.initContainers?.some(
        ({ restartPolicy, resources = {} }, i) =>
          restartPolicy !== 'Always' && !alike(resources, initContainers[i]?.resources ?? {}),
      ) ?? false,
  },
  {
    name: 'RestartAllContainersOnContainerExits',
    declared: true,
    neededBy: ({ containers = [], initContainers = [] }) =>
      containers.some(restartsAll) || initContainers.some(restartsAll),
  },
  {
    name: 'UserNamespacesHostNetworkSupport',
    declared: false,
    neededBy: ({ hostNetwork, hostUsers }) => hostNetwork === true && hostUsers === false,
  },
];

/** What a kubelet writes into its node's status. */
export const declaredFeatures: readonly string[] = features.filter(({ declared }) => declared).map(({ name }) => name);

/** What the pod needs of its node and those do not offer. */
export function missingForPod(spec: PodSpec, offered: readonly string[]): readonly string[] {
  return features.filter(({ name, neededBy }) => neededBy?.(spec) && !offered.includes(name)).map(({ name }) => name);
}

/** What such a change of a running pod needs of its node. */
export function neededForUpdate(spec: PodSpec, old: PodSpec): readonly string[] {
  return features.filter(({ neededFor }) => neededFor?.(spec, old)).map(({ name }) => name);
}

/** What the node declares. */
export function offeredBy(node: Node | undefined): readonly string[] {
  return node?.status?.declaredFeatures ?? [];
}

function restartsAll({ restartPolicyRules = [] }: Container): boolean {
  return restartPolicyRules.some(({ action }) => action === 'RestartAllContainers');
}
