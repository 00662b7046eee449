// Autoscalers between their two versions.
import { expect, test } from 'vitest';
import { autoscalerConversion } from './autoscaler-conversion.ts';
import { asJson, asStored } from './json-edge.ts';

const old = asStored({
  apiVersion: 'autoscaling/v1',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web' },
  spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, maxReplicas: 3, targetCPUUtilizationPercentage: 50 },
});

test('a percentage of version 1 is a metric of version 2', () => {
  expect(asJson(autoscalerConversion.toStored(old)).spec).toEqual({
    scaleTargetRef: { kind: 'Deployment', name: 'web' },
    maxReplicas: 3,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }],
  });
});

test('what version 1 has no field for goes there and back in annotations', () => {
  const metrics = [
    { type: 'Pods', pods: { metric: { name: 'hits' }, target: { type: 'AverageValue', averageValue: '10' } } },
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
  ];
  const stored = asStored({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web', annotations: { mine: 'x' } },
    spec: { maxReplicas: 3, metrics, behavior: { scaleDown: { stabilizationWindowSeconds: 60 } } },
  });
  const shown = autoscalerConversion.fromStored(stored);
  expect(asJson(shown)).toMatchInlineSnapshot(`
    {
      "apiVersion": "autoscaling/v1",
      "kind": "HorizontalPodAutoscaler",
      "metadata": {
        "annotations": {
          "autoscaling.alpha.kubernetes.io/behavior": "{"scaleDown":{"stabilizationWindowSeconds":60}}",
          "autoscaling.alpha.kubernetes.io/metrics": "[{"type":"Pods","pods":{"metricName":"hits","targetAverageValue":"10"}}]",
          "mine": "x",
        },
        "name": "web",
      },
      "spec": {
        "maxReplicas": 3,
        "targetCPUUtilizationPercentage": 50,
      },
    }
  `);
  expect(autoscalerConversion.toStored(shown)).toEqual(stored);
});
