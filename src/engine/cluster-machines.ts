// The machines of a cluster: the usual control plane and workers, or those that somebody has set up otherwise.
import type { UsualFlags } from './flags/component-flags.ts';
import type { NodeOptions } from './node/start-node.ts';

export interface ClusterMachine {
  readonly name: string;
  readonly ip: string;
  readonly controlPlane: boolean;
  /** Instead of what a control plane's machine is labelled and tainted with. */
  readonly settings?:
    | (Pick<NodeOptions, 'labels' | 'taints' | 'capacity' | 'providerId' | 'disk' | 'preloaded'> & {
        /** What the components' manifests on its disk say, by component. */
        readonly flags?: Readonly<Record<string, UsualFlags>>;
      })
    | undefined;
}

export function usualMachines(controlPlanes: number, workers: number): readonly ClusterMachine[] {
  const ip = (host: number): string => `172.18.${host >> 8}.${host & 255}`;
  const controlPlane = (i: number): string => (controlPlanes === 1 ? 'control-plane' : `control-plane-${i + 1}`);
  return [
    ...range(controlPlanes).map((i) => ({ name: controlPlane(i), ip: ip(i + 2), controlPlane: true })),
    ...range(workers).map((i) => ({ name: `worker-${i + 1}`, ip: ip(controlPlanes + i + 2), controlPlane: false })),
  ];
}

function range(count: number): readonly number[] {
  return [...Array(count).keys()];
}
