// Counts in the status of workloads that make no sense, in upstream's words and order.
import { expect, test } from 'vitest';
import { refusalOfStatus } from '../testing/refusal.ts';

const of = (kind: string) =>
  `apiVersion: apps/v1\nkind: ${kind}\nmetadata: {name: w}\nspec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: a}]}}}`;

test.each<readonly [kind: string, from: object, to: object, refusal: string]>([
  ['Deployment', {}, { replicas: 2, updatedReplicas: 2, readyReplicas: 1, availableReplicas: 1 }, 'fine'],
  [
    'Deployment',
    {},
    { replicas: 1, readyReplicas: 2, availableReplicas: 3 },
    'status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas\nstatus.availableReplicas: Invalid value: 3: cannot be greater than status.replicas\nstatus.availableReplicas: Invalid value: 3: cannot be greater than readyReplicas',
  ],
  ['Deployment', { collisionCount: 2 }, {}, 'status.collisionCount: Invalid value: 0: cannot be decremented'],
  [
    'ReplicaSet',
    {},
    { replicas: -1 },
    'status.replicas: Invalid value: -1: must be greater than or equal to 0\nstatus.fullyLabeledReplicas: Invalid value: 0: cannot be greater than status.replicas\nstatus.readyReplicas: Invalid value: 0: cannot be greater than status.replicas\nstatus.availableReplicas: Invalid value: 0: cannot be greater than status.replicas',
  ],
  [
    'StatefulSet',
    {},
    { replicas: 2, readyReplicas: 1, availableReplicas: 2 },
    'status.availableReplicas: Invalid value: 2: cannot be greater than status.readyReplicas',
  ],
  ['DaemonSet', {}, { numberReady: -1 }, 'status.numberReady: Invalid value: -1: must be greater than or equal to 0'],
])('of a %s goes from %j to %j: %s', (kind, from, to, refusal) => {
  expect(refusalOfStatus(of(kind), to, from)).toBe(refusal);
});
