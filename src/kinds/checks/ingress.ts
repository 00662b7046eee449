// What is wrong with ingresses.
import type { Ingress } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { oldClass, validateIngress, validateIngressStatus, validateIngressUpdate } from '../validation/ingresses.ts';

export const ingressChecks = defineChecks<Ingress>({
  group: 'networking.k8s.io',
  kind: 'Ingress',
  warnings: ({ metadata, spec }, old) =>
    !old &&
    metadata?.annotations &&
    Object.hasOwn(metadata.annotations, oldClass) &&
    spec?.ingressClassName === undefined
      ? [`annotation "${oldClass}" is deprecated, please use 'spec.ingressClassName' instead`]
      : [],
  validate: validateIngress,
  validateUpdate: validateIngressUpdate,
  validateStatusUpdate: validateIngressStatus,
});
