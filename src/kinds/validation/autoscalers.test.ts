// What HorizontalPodAutoscalers are refused for.
import { expect, test } from 'vitest';
import { refusalOf } from '../testing/refusal.ts';

function autoscaler(spec: string): string {
  const target = 'scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}';
  const lines = `maxReplicas: 3\n${target}\n${spec}`.replace(/^/gm, '  ');
  return `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: h}\nspec:\n${lines}`;
}

test.each([
  ['minReplicas: 2', ['fine']],
  [
    'minReplicas: 0',
    [
      'spec.minReplicas: Invalid value: 0: must be greater than or equal to 1',
      'spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas',
    ],
  ],
  [
    'metrics: [{type: Cpu}]',
    [
      'spec.metrics[0].type: Unsupported value: "Cpu": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
    ],
  ],
  [
    'metrics: [{type: Pods, resource: {name: cpu, target: {type: Utilization, averageUtilization: 0}}}]',
    [
      'spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0',
      'spec.metrics[0].pods: Required value: must populate information for the given metric source',
    ],
  ],
  [
    'metrics: [{type: Pods, pods: {metric: {name: a/b}, target: {type: Value, value: 0}}}]',
    [
      `spec.metrics[0].pods.metric.name: Invalid value: "a/b": may not contain '/'`,
      'spec.metrics[0].pods.target.value: Invalid value: "0": must be positive',
      'spec.metrics[0].pods.target.averageValue: Required value: must specify a positive target averageValue',
    ],
  ],
  [
    'metrics: [{type: Object, object: {describedObject: {kind: Ingress, name: i, apiVersion: a/b/c}, metric: {name: ""}, target: {type: Value}}}]',
    [
      'spec.metrics[0].object.describedObject.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
      'spec.metrics[0].object.metric.name: Required value: must specify a metric name',
      'spec.metrics[0].object.target.averageValue: Required value: must set either a target value or averageValue',
    ],
  ],
  [
    'behavior: {scaleUp: {stabilizationWindowSeconds: 4000, selectPolicy: Most, policies: [{type: Some, value: 0, periodSeconds: 2000}]}}',
    [
      'spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 4000: must be less than or equal to 3600',
      'spec.behavior.scaleUp.selectPolicy: Unsupported value: "Most": supported values: "Disabled", "Max", "Min"',
      'spec.behavior.scaleUp.policies[0].type: Unsupported value: "Some": supported values: "Percent", "Pods"',
      'spec.behavior.scaleUp.policies[0].value: Invalid value: 0: must be greater than zero',
      'spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 2000: must be less than or equal to 1800',
    ],
  ],
])('an autoscaler with %s', (spec, refusals) => {
  expect(refusalOf(autoscaler(spec)).split('\n')).toEqual(refusals);
});
