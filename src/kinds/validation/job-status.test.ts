// What a controller may say in a Job's status, in upstream's words and order.
import { expect, test } from 'vitest';
import { refusalOfStatus } from '../testing/refusal.ts';

const job = (spec = '') => `apiVersion: batch/v1
kind: Job
metadata: {name: j}
spec: {${spec}${spec && ', '}template: {spec: {restartPolicy: Never, containers: [{name: c, image: a}]}}}`;

const holds = (...types: readonly string[]) => ({ conditions: types.map((type) => ({ type, status: 'True' })) });
const startTime = '2026-01-01T00:00:00Z';
const completionTime = '2026-01-01T00:01:00Z';
const ended = { startTime, completionTime, ...holds('SuccessCriteriaMet', 'Complete') };
const indexed = 'completionMode: Indexed, completions: 5, backoffLimitPerIndex: 1';

test.each<readonly [spec: string, from: object, to: object, refusal: string]>([
  // Counts.
  ['', {}, { startTime, active: 1, ready: 1 }, 'fine'],
  ['', {}, { active: 1, ready: 2 }, 'status.ready: Invalid value: 2: cannot set more ready pods than active'],
  ['', { failed: 3 }, { failed: 1 }, 'status.failed: Invalid value: 1: cannot decrease the failed counter'],
  ['', { succeeded: 2 }, { succeeded: 1 }, 'status.succeeded: Invalid value: 1: cannot decrease the succeeded counter'],
  [`${indexed}, parallelism: 5`, { succeeded: 2 }, { succeeded: 1 }, 'fine'],
  [
    '',
    {},
    { uncountedTerminatedPods: { succeeded: ['a'], failed: ['a', ''] } },
    'status.uncountedTerminatedPods.failed[0]: Duplicate value: "a"\nstatus.uncountedTerminatedPods.failed[1]: Invalid value: "": must not be empty',
  ],
  // The end.
  ['', { startTime }, ended, 'fine'],
  [
    '',
    { startTime },
    { startTime, ...holds('SuccessCriteriaMet', 'Complete') },
    'status.completionTime: Required value: completionTime is required for Complete jobs',
  ],
  [
    '',
    { startTime },
    { startTime, completionTime, ...holds('Complete') },
    'status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition',
  ],
  [
    '',
    { startTime },
    { startTime, ...holds('Failed') },
    'status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true condition',
  ],
  [
    '',
    { startTime },
    { ...ended, active: 1, terminating: 1 },
    'status.active: Invalid value: 1: active>0 is invalid for finished job\nstatus.terminating: Invalid value: 1: terminating>0 is invalid for finished job',
  ],
  [
    '',
    { startTime },
    { ...ended, uncountedTerminatedPods: { failed: ['b'] } },
    'status.uncountedTerminatedPods: Invalid value: {"Succeeded":null,"Failed":["b"]}: must be empty for finished job',
  ],
  [
    '',
    { startTime },
    { startTime, completionTime },
    'status.completionTime: Invalid value: "2026-01-01T00:01:00Z": cannot set completionTime when there is no Complete=True condition',
  ],
  // What is over stays so.
  [
    '',
    ended,
    { startTime, ...holds('SuccessCriteriaMet') },
    'status.conditions: Invalid value: cannot disable the terminal Complete=True condition',
  ],
  [
    '',
    ended,
    { ...ended, completionTime: startTime },
    `status.completionTime: Invalid value: "${startTime}": field is immutable`,
  ],
  ['', { startTime }, {}, 'status.startTime: Invalid value: null: field is immutable for unsuspended job once set'],
  ['suspend: true', { startTime }, {}, 'fine'],
  // Indexes.
  [indexed, {}, { completedIndexes: '0,2-3', failedIndexes: '1' }, 'fine'],
  [
    indexed,
    {},
    { completedIndexes: '0,2-3', failedIndexes: '3' },
    'status.failedIndexes: Invalid value: "3": failedIndexes and completedIndexes overlap at index: 3',
  ],
  [
    indexed,
    {},
    { completedIndexes: '7' },
    'status.completedIndexes: Invalid value: "7": error parsing completedIndexes: too large index: "7"',
  ],
  [
    '',
    {},
    { completedIndexes: '0' },
    'status.completedIndexes: Invalid value: "0": cannot set non-empty completedIndexes when non-indexed completion mode',
  ],
])('of a job with {%s} goes from %j to %j: %s', (spec, from, to, refusal) => {
  expect(refusalOfStatus(job(spec), to, from)).toBe(refusal);
});
