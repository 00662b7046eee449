// HorizontalPodAutoscalers.
import type { HorizontalPodAutoscaler, HorizontalPodAutoscalerBehavior, MetricSpec } from '../api/generated/types.ts';
import { metricsText } from './autoscaler-metrics-text.ts';
import { ageColumn, nameColumn, textColumn, valueColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { assign, change, fill } from './share.ts';

const cpuShare: MetricSpec = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
};

/** What the server knows about HorizontalPodAutoscalers. */
export const horizontalPodAutoscaler = defineKind<HorizontalPodAutoscaler>({
  group: 'autoscaling',
  kind: 'HorizontalPodAutoscaler',
  defaults: (autoscaler) =>
    change(autoscaler, 'spec', (spec) => {
      const filled = fill(change(spec, 'behavior', behaviorDefaults), { minReplicas: 1 });
      return filled.metrics?.length ? filled : assign(filled, { metrics: [cpuShare] });
    }),
  prepareForCreate: (autoscaler) => ({ ...autoscaler, status: { desiredReplicas: 0 } }),
  prepareForUpdate: (autoscaler, old) => assign(autoscaler, { status: old.status }),
  columns: [
    nameColumn,
    textColumn('Reference', 'What is scaled.', ({ spec }) => {
      return `${spec?.scaleTargetRef.kind ?? ''}/${spec?.scaleTargetRef.name ?? ''}`;
    }),
    textColumn('Targets', 'Each metric as it is, and as it should be.', metricsText),
    textColumn('MinPods', 'Fewest pods.', ({ spec }) => String(spec?.minReplicas ?? '<unset>')),
    valueColumn('MaxPods', 'Most pods.', ({ spec }) => spec?.maxReplicas ?? 0),
    valueColumn('Replicas', 'Pods that there are.', ({ status }) => status?.currentReplicas ?? 0),
    ageColumn,
  ],
});

/** Up by four pods or to the double every 15 seconds, down by as many as there are; where behavior is given at all. */
function behaviorDefaults({
  scaleUp = {},
  scaleDown = {},
}: HorizontalPodAutoscalerBehavior): HorizontalPodAutoscalerBehavior {
  const double = { type: 'Percent', value: 100, periodSeconds: 15 };
  const four = { type: 'Pods', value: 4, periodSeconds: 15 };
  return {
    scaleUp: fill(scaleUp, { stabilizationWindowSeconds: 0, selectPolicy: 'Max', policies: [four, double] }),
    scaleDown: fill(scaleDown, { selectPolicy: 'Max', policies: [double] }),
  };
}
