// What Jobs and CronJobs are refused for.
import { describe, expect, test } from 'vitest';
import { refusalOf, refusalOfChange } from '../testing/refusal.ts';

const pods = 'spec: {restartPolicy: Never, containers: [{name: c, image: a}]}';

function job(spec: string, template = pods): string {
  const lines = `${spec}\ntemplate: {${template}}`.replace(/^/gm, '  ');
  return `apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec:\n${lines}`;
}

const indexed = 'completionMode: Indexed\ncompletions: 3';

describe('a job', () => {
  test.each([
    [
      'podFailurePolicy: {rules: [{action: Explode, onExitCodes: {operator: In, values: [2, 0, 2]}}]}',
      [
        'spec.podFailurePolicy.rules[0].action: Unsupported value: "Explode": supported values: "Count", "FailIndex", "FailJob", "Ignore"',
        'spec.podFailurePolicy.rules[0].onExitCodes.values[1]: Invalid value: 0: must not be 0 for the In operator',
        'spec.podFailurePolicy.rules[0].onExitCodes.values[2]: Duplicate value: 2',
        'spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: [2,0,2]: must be ordered',
      ],
    ],
    [
      'podFailurePolicy: {rules: [{action: FailIndex, onExitCodes: {containerName: z, operator: NotIn, values: []}}]}',
      [
        'spec.podFailurePolicy.rules[0].action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set',
        'spec.podFailurePolicy.rules[0].onExitCodes.containerName: Invalid value: "z": must be one of the container or initContainer names in the pod template',
        'spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: []: at least one value is required',
      ],
    ],
    [
      'podFailurePolicy: {rules: [{action: Ignore}, {action: "", onPodConditions: [{type: "a b", status: Maybe}]}]}',
      [
        'spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required',
        'spec.podFailurePolicy.rules[1].action: Required value: valid values: ["Count" "FailIndex" "FailJob" "Ignore"]',
        `spec.podFailurePolicy.rules[1].onPodConditions[0].type: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
        'spec.podFailurePolicy.rules[1].onPodConditions[0].status: Unsupported value: "Maybe": supported values: "False", "True", "Unknown"',
      ],
    ],
    [
      'successPolicy: {rules: [{succeededCount: 1}]}',
      [
        'spec.successPolicy: Invalid value: {"Rules":[{"SucceededIndexes":null,"SucceededCount":1}]}: requires indexed completion mode',
      ],
    ],
    [
      `${indexed}\nsuccessPolicy: {rules: [{}, {succeededIndexes: "0-2,1", succeededCount: 4}, {succeededIndexes: "0,5"}]}`,
      [
        'spec.successPolicy.rules[0]: Required value: at least one of succeededCount or succeededIndexes must be specified',
        'spec.successPolicy.rules[1].succeededIndexes: Invalid value: "0-2,1": error parsing succeededIndexes: non-increasing order, previous: 2, current: 1',
        'spec.successPolicy.rules[1].succeededCount: Invalid value: 4: must be less than or equal to 3 (the number of specified completions)',
        'spec.successPolicy.rules[1].succeededCount: Invalid value: 4: must be less than or equal to 0 (the number of indexes in the specified succeededIndexes field)',
        'spec.successPolicy.rules[2].succeededIndexes: Invalid value: "0,5": error parsing succeededIndexes: too large index: "5"',
      ],
    ],
    [
      'managedBy: mine',
      ['spec.managedBy: Invalid value: "mine": must be a domain-prefixed path (such as "acme.io/foo")'],
    ],
    [
      'completionMode: Indexed\ncompletions: 200000\nparallelism: 20000\nbackoffLimitPerIndex: 1',
      [
        'spec.maxFailedIndexes: Required value: must be specified when completions is above 100000',
        'spec.parallelism: Invalid value: 20000: must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per index',
      ],
    ],
  ])('with %s is refused', (spec, refusals) => {
    expect(refusalOf(job(spec)).split('\n')).toEqual(refusals);
  });

  test('copied from another one keeps what the server made for that one, and is refused', () => {
    const copied = `metadata: {labels: {controller-uid: other, job-name: j}}, ${pods}`;
    expect(refusalOf(job('selector: {matchLabels: {controller-uid: other}}', copied))).toBe(
      [
        `spec.template.metadata.labels[controller-uid]: Invalid value: {"batch.kubernetes.io/controller-uid":"u-1","batch.kubernetes.io/job-name":"j","controller-uid":"other","job-name":"j"}: must be 'u-1'`,
        'spec.selector: Invalid value: {"matchLabels":{"batch.kubernetes.io/controller-uid":"u-1","controller-uid":"other"}}: `selector` not auto-generated',
      ].join('\n'),
    );
  });

  test('may ask for other resources while it is suspended, and not afterwards', () => {
    const more = 'spec: {restartPolicy: Never, containers: [{name: c, image: a, resources: {requests: {cpu: 1}}}]}';
    expect(refusalOfChange(job('suspend: true'), job('suspend: true', more))).toBe('fine');
    expect(refusalOfChange(job('suspend: false'), job('suspend: false', more))).toContain('field is immutable');
  });
});
