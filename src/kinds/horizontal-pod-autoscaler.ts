// HorizontalPodAutoscalers.
import type { HorizontalPodAutoscaler } from '../api/generated/types.ts';
import { defineKind } from './kind.ts';
import { assign, change, fill } from './share.ts';

export const horizontalPodAutoscaler = defineKind<HorizontalPodAutoscaler>({
  group: 'autoscaling',
  kind: 'HorizontalPodAutoscaler',
  defaults: (autoscaler) =>
    change(autoscaler, 'spec', (spec) =>
      fill(spec, {
        minReplicas: 1,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
        ],
      }),
    ),
  prepareForCreate: (autoscaler) => ({ ...autoscaler, status: { desiredReplicas: 0, currentMetrics: null } }),
  prepareForUpdate: (autoscaler, old) => assign(autoscaler, { status: old.status }),
});
