// Ingresses.
import type { Ingress } from '../api/generated/types.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { assign } from './share.ts';

export const ingress = defineKind<Ingress>({
  ...specGeneration,
  group: 'networking.k8s.io',
  kind: 'Ingress',
  prepareForCreate: (ingress) => ({ ...ingress, status: { loadBalancer: {} } }),
  prepareForUpdate: (ingress, old) => assign(ingress, { status: old.status }),
});
