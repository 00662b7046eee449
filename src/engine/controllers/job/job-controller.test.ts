import { describe, expect, test } from 'vitest';
import { jobs, pods } from '../../../api/generated/resources.ts';
import { type ControllerCluster, controllerCluster } from '../../testing/controller-cluster.ts';
import { garbageCollector } from '../garbage-collector/garbage-collector.ts';
import { jobController } from './job-controller.ts';
import { ttlAfterFinishedController } from './ttl-after-finished-controller.ts';

const job = (spec: string): string => `
apiVersion: batch/v1
kind: Job
metadata: {name: job}
spec:
  ${spec}
  template:
    spec:
      restartPolicy: Never
      containers: [{name: c, image: busybox}]
`;

function run(spec: string, exitCode: number | undefined, ms: number): ControllerCluster {
  const cluster = controllerCluster([jobController]);
  cluster.kubelet.exitCode = exitCode;
  cluster.apply(job(spec));
  cluster.run(ms);
  return cluster;
}

function summary(cluster: ControllerCluster): string {
  const { status } = cluster.get(jobs, 'job', 'default');
  const conditions = (status?.conditions ?? []).map(({ type, reason }) => `${type} ${reason}`).join(', ');
  return `succeeded ${status?.succeeded ?? 0} failed ${status?.failed ?? 0} [${status?.completedIndexes ?? ''}]: ${conditions}`;
}

describe('the job controller', () => {
  // spec, exit code, how long it takes, what the status says
  test.each([
    [
      'completions: 1',
      0,
      8000,
      'succeeded 1 failed 0 []: SuccessCriteriaMet CompletionsReached, Complete CompletionsReached',
    ],
    [
      '{completions: 4, parallelism: 2}',
      0,
      12_000,
      'succeeded 4 failed 0 []: SuccessCriteriaMet CompletionsReached, Complete CompletionsReached',
    ],
    [
      '{completions: 3, parallelism: 3, completionMode: Indexed}',
      0,
      8000,
      'succeeded 3 failed 0 [0-2]: SuccessCriteriaMet CompletionsReached, Complete CompletionsReached',
    ],
    [
      'backoffLimit: 0',
      1,
      8000,
      'succeeded 0 failed 1 []: FailureTarget BackoffLimitExceeded, Failed BackoffLimitExceeded',
    ],
    [
      'backoffLimit: 2',
      1,
      60_000,
      'succeeded 0 failed 3 []: FailureTarget BackoffLimitExceeded, Failed BackoffLimitExceeded',
    ],
    [
      'activeDeadlineSeconds: 3',
      undefined,
      8000,
      'succeeded 0 failed 1 []: FailureTarget DeadlineExceeded, Failed DeadlineExceeded',
    ],
    ['suspend: true', 0, 3000, 'succeeded 0 failed 0 []: Suspended JobSuspended'],
    [
      '{completions: 5, parallelism: 5, completionMode: Indexed, successPolicy: {rules: [{succeededIndexes: "0-1"}]}}',
      0,
      8000,
      'succeeded 5 failed 0 [0-4]: SuccessCriteriaMet SuccessPolicy, Complete SuccessPolicy',
    ],
    [
      'podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [7]}}]}',
      7,
      8000,
      'succeeded 0 failed 1 []: FailureTarget PodFailurePolicy, Failed PodFailurePolicy',
    ],
  ])('%s with exit code %s', (spec, exitCode, ms, expected) => {
    const block = spec.startsWith('{') ? spec.slice(1, -1).replace(/, (?=[a-zA-Z]+:(?![^[{]*[\]}]))/g, '\n  ') : spec;
    expect(summary(run(block, exitCode, ms))).toBe(expected);
  });

  test('waits 10 s, then 20 s before it tries again', () => {
    const cluster = run('backoffLimit: 5', 1, 5000);
    expect(cluster.list(pods, 'default')).toHaveLength(1);
    cluster.run(10_000);
    expect(cluster.list(pods, 'default')).toHaveLength(2);
    cluster.run(10_000);
    expect(cluster.list(pods, 'default')).toHaveLength(2);
    cluster.run(12_000);
    expect(cluster.list(pods, 'default')).toHaveLength(3);
  });

  test('lets its pods go only once they are counted', () => {
    const cluster = run('completions: 1', undefined, 3000);
    expect(cluster.list(pods, 'default')[0]?.metadata?.finalizers).toEqual(['batch.kubernetes.io/job-tracking']);
    cluster.kubelet.exitCode = 0;
    cluster.run(5000);
    expect(cluster.list(pods, 'default')[0]?.metadata?.finalizers ?? []).toEqual([]);
    expect(cluster.get(jobs, 'job', 'default').status?.uncountedTerminatedPods).toEqual({});
    expect(cluster.events('Job').replace(/job-\w+/g, 'job-X')).toMatchInlineSnapshot(`
      "Normal SuccessfulCreate Job/job: Created pod: job-X
      Normal Completed Job/job: Job completed"
    `);
  });

  test('a job goes some time after it has ended, with its pods', () => {
    const cluster = controllerCluster([jobController, ttlAfterFinishedController, garbageCollector]);
    cluster.kubelet.exitCode = 0;
    cluster.apply(job('ttlSecondsAfterFinished: 10'));
    cluster.run(8000);
    expect(cluster.list(jobs, 'default')).toHaveLength(1);
    cluster.run(10_000);
    expect(cluster.list(jobs, 'default')).toHaveLength(0);
    expect(cluster.list(pods, 'default')).toHaveLength(0);
  });
});
