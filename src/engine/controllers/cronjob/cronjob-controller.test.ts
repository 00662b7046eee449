import { describe, expect, test } from 'vitest';
import { cronJobs, jobs } from '../../../api/generated/resources.ts';
import { controllerCluster } from '../../testing/controller-cluster.ts';
import { jobController } from '../job/job-controller.ts';
import { cronJobController } from './cronjob-controller.ts';
import { parseSchedule } from './schedule.ts';

describe('cron schedules', () => {
  test.each([
    ['* * * * *', '2026-01-02T03:05:00Z'],
    ['*/15 * * * *', '2026-01-02T03:15:00Z'],
    ['0 9-17/4 * * *', '2026-01-02T09:00:00Z'],
    ['30 4 1 * *', '2026-02-01T04:30:00Z'],
    ['0 0 * * MON', '2026-01-05T00:00:00Z'],
    ['0 0 13 * FRI', '2026-01-09T00:00:00Z'],
    ['0 0 29 2 *', '2028-02-29T00:00:00Z'],
    ['@hourly', '2026-01-02T04:00:00Z'],
    ['@every 90s', '2026-01-02T03:05:35Z'],
  ])('%s is next due at %s', (text, expected) => {
    const next = parseSchedule(text)?.next(Date.parse('2026-01-02T03:04:05Z'));
    expect(next).toBe(Date.parse(expected));
  });

  test.each(['', '* * * *', '60 * * * *', '* * 0 * *', '*/0 * * * *', '5-1 * * * *', '@never'])(
    '%j is none',
    (text) => {
      expect(parseSchedule(text)).toBeUndefined();
    },
  );

  test('the 30th of February never comes', () => {
    expect(parseSchedule('0 0 30 2 *')?.next(0)).toBeUndefined();
  });
});

const cron = (extra: string): string => `
apiVersion: batch/v1
kind: CronJob
metadata: {name: hello}
spec:
  schedule: '* * * * *'
  ${extra}
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: c, image: busybox}]
`;

describe('the cron job controller', () => {
  test('makes a job a minute and keeps as many as the history limit says', () => {
    const cluster = controllerCluster([cronJobController, jobController]);
    cluster.kubelet.exitCode = 0;
    cluster.apply(cron('successfulJobsHistoryLimit: 1'));
    cluster.run(200_000);
    expect(cluster.list(jobs, 'default')).toHaveLength(1);
    expect(
      cluster
        .events('CronJob')
        .replace(/hello-\d+/g, 'hello-N')
        .split('\n')
        .slice(0, 5)
        .join('\n'),
    ).toMatchInlineSnapshot(`
      "Normal SuccessfulCreate CronJob/hello: Created job hello-N
      Normal SawCompletedJob CronJob/hello: Saw completed job: hello-N, condition: Complete
      Normal SuccessfulCreate CronJob/hello: Created job hello-N
      Normal SuccessfulDelete CronJob/hello: Deleted job hello-N
      Normal SawCompletedJob CronJob/hello: Saw completed job: hello-N, condition: Complete"
    `);
    expect(cluster.get(cronJobs, 'hello', 'default').status).toMatchObject({
      lastScheduleTime: '2026-01-02T03:07:00Z',
    });
  });

  test.each([
    ['Allow', 2],
    ['Forbid', 1],
    ['Replace', 1],
  ])('with concurrencyPolicy %s there are %i jobs after two minutes', (policy, count) => {
    const cluster = controllerCluster([cronJobController, jobController]);
    cluster.apply(cron(`concurrencyPolicy: ${policy}`));
    cluster.run(120_000);
    expect(cluster.list(jobs, 'default').filter(({ metadata }) => !metadata?.deletionTimestamp)).toHaveLength(count);
  });
});
