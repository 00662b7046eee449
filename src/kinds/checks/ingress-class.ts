// What is wrong with IngressClasses.
import type { IngressClass } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { validateIngressClass, validateIngressClassUpdate } from '../validation/ingress-classes.ts';

export const ingressClassChecks = defineChecks<IngressClass>({
  group: 'networking.k8s.io',
  kind: 'IngressClass',
  validate: validateIngressClass,
  validateUpdate: validateIngressClassUpdate,
});
