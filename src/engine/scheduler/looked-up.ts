// What plugins look up besides pods and nodes: followed from the beginning, before plugins are there to ask.
import {
  csiNodes,
  deviceClasses,
  persistentVolumeClaims,
  persistentVolumes,
  podDisruptionBudgets,
  resourceClaims,
  resourceSlices,
  storageClasses,
} from '../../api/generated/resources.ts';
import type { KubeObject } from '../../api/meta.ts';
import type { Resource } from '../../api/resource.ts';

export const lookedUp: readonly Resource<KubeObject>[] = [
  csiNodes,
  persistentVolumeClaims,
  persistentVolumes,
  storageClasses,
  resourceClaims,
  resourceSlices,
  deviceClasses,
  podDisruptionBudgets,
];
