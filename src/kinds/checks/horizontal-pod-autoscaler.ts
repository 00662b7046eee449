// What is wrong with HorizontalPodAutoscalers.
import type { HorizontalPodAutoscaler } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { validateAutoscaler } from '../validation/autoscalers.ts';

export const horizontalPodAutoscalerChecks = defineChecks<HorizontalPodAutoscaler>({
  group: 'autoscaling',
  kind: 'HorizontalPodAutoscaler',
  validate: (autoscaler, errors) => validateAutoscaler(autoscaler, errors),
  validateUpdate: (autoscaler, old, errors) => validateAutoscaler(autoscaler, errors, old),
});
