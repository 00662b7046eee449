// The words for merged objects that do not fit the schema.
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { restoreProblem } from './restore-problem.ts';

const rows: readonly (readonly [yaml: string, problem: string | undefined])[] = [
  ['metadata: {labels: str}', 'cannot restore map from string'],
  ['spec: {containers: {}}', 'cannot restore slice from map'],
  ['spec: [1]', 'cannot restore struct from: slice'],
  ['spec: {restartPolicy: 5}', 'cannot convert int64 to v1.RestartPolicy'],
  ['spec: {nodeName: true}', 'unrecognized type: string'],
  ['spec: {priority: x}', 'unrecognized type: int32'],
  ['spec: {priority: 1.5}', 'cannot convert float64 to int32'],
  [
    'spec: {overhead: {cpu: x}}',
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ],
  ['spec: {containers: [{name: a, bogus: 1}], nodeName: null}', undefined],
];
test.each(rows)('%s: %s', (yaml, problem) => {
  expect(restoreProblem('core.v1.Pod', parse(yaml))).toBe(problem);
});
