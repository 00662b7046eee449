// What the scheduler tells at /metrics of its queues, attempts and plugins.
import { Counts, exponentialBounds, Histograms } from '../../base/metric-counts.ts';
import { counter, gauge, labelText, type MetricFamily } from '../../base/metrics-text.ts';
import type { SchedulerCache } from './cache.ts';
import type { Plugin } from './framework.ts';
import type { SchedulingQueue } from './queue.ts';
import type { SchedulingTally } from './scheduling-tally.ts';

export interface MeasuredScheduler {
  readonly queue: Pick<SchedulingQueue, 'pending'>;
  readonly cache: Pick<SchedulerCache, 'counts'>;
  readonly tally: SchedulingTally;
  readonly plugins: readonly Plugin[];
  /** E.g. `default-scheduler`. */
  readonly profile: string;
}

/** Seconds that all plugins of an extension point are taken to need. */
const pointSeconds = 0.000_08;

export function schedulerFamilies(measured: MeasuredScheduler): readonly MetricFamily[] {
  const { queue, cache, tally, profile } = measured;
  const attempts = [...tally.attempts].sort();
  const labelsOf = (result: string): string => labelText({ profile, result });
  const pending = Object.entries(queue.pending()).map(([name, value]) => ({
    labels: labelText({ queue: name }),
    value,
  }));
  const held = Object.entries(cache.counts()).map(([type, value]) => ({ labels: labelText({ type }), value }));
  const arrivals = tally
    .arrivals()
    .map(({ event, queue: name, count }) => ({ labels: labelText({ event, queue: name }), value: count }));
  return [
    gauge(
      'scheduler_cache_size',
      '[ALPHA] Number of nodes, pods, and assumed (bound) pods in the scheduler cache.',
      held,
    ),
    gauge(
      'scheduler_pending_pods',
      "[STABLE] Number of pending pods, by the queue type: to be tried ('active'), waiting after a failure ('backoff'), tried in vain ('unschedulable'), or kept from being tried ('gated').",
      pending,
    ),
    histogram(
      'scheduler_pod_scheduling_attempts',
      '[STABLE] Number of attempts to successfully schedule a pod.',
      tally.tries.series(),
    ),
    histogram(
      'scheduler_pod_scheduling_sli_duration_seconds',
      '[BETA] E2e latency for a pod being scheduled, from the time the pod enters the scheduling queue and might involve multiple scheduling attempts.',
      tally.slis.series().map((series) => ({ ...series, labels: withAttempts(series.labels ?? '') })),
    ),
    counter(
      'scheduler_preemption_attempts_total',
      '[STABLE] Total preemption attempts in the cluster till now',
      tally.preemptions,
    ),
    histogram('scheduler_preemption_victims', '[STABLE] Number of selected preemption victims', tally.victims.series()),
    counter(
      'scheduler_queue_incoming_pods_total',
      '[STABLE] Number of pods added to scheduling queues by event and queue type.',
      arrivals,
    ),
    counter(
      'scheduler_schedule_attempts_total',
      "[STABLE] Number of attempts to schedule pods, by the result. 'unschedulable' means a pod could not be scheduled, while 'error' means an internal scheduler problem.",
      attempts.map(([result, { count }]) => ({ labels: labelsOf(result), value: count })),
    ),
    histogram(
      'scheduler_scheduling_attempt_duration_seconds',
      '[STABLE] Scheduling attempt latency in seconds (scheduling algorithm + binding)',
      attempts.flatMap(([result, each]) => each.series(labelsOf(result))),
    ),
    ...pluginFamilies(measured),
  ];
}

/** Each decision runs each extension point once. */
function pluginFamilies({ tally, plugins, profile }: MeasuredScheduler): readonly MetricFamily[] {
  let total = 0;
  for (const { count } of tally.attempts.values()) total += count;
  const placed = tally.tries.count;
  const runs: readonly (readonly [point: string, count: number])[] = [
    ['Bind', placed],
    ['Filter', total],
    ['Permit', placed],
    ['PostBind', placed],
    ['PostFilter', tally.attempts.get('unschedulable')?.count ?? 0],
    ['PreBind', placed],
    ['PreFilter', total],
    ['PreScore', placed],
    ['Reserve', placed],
    ['Score', placed],
  ];
  const points = new Histograms(exponentialBounds(0.0001, 2, 12));
  for (const [extension_point, count] of runs)
    if (count > 0) points.of(labelText({ extension_point, profile, status: 'Success' })).observe(pointSeconds, count);
  const evaluations = new Counts();
  for (const plugin of plugins)
    for (const point of pointsOf(plugin))
      evaluations.add(
        labelText({ extension_point: point, plugin: plugin.name, profile }),
        point.endsWith('Score') ? placed : total,
      );
  return [
    histogram(
      'scheduler_framework_extension_point_duration_seconds',
      '[STABLE] Latency for running all plugins of a specific extension point.',
      points.series(),
    ),
    counter(
      'scheduler_plugin_evaluation_total',
      '[BETA] Number of attempts to schedule pods by each plugin and the extension point (available only in PreFilter, Filter, PreScore, and Score).',
      evaluations.series(),
    ),
  ];
}

function pointsOf(plugin: Plugin): readonly string[] {
  const points: string[] = [];
  if (plugin.preFilter || plugin.nodeNames) points.push('PreFilter');
  if (plugin.nodeFilter || plugin.preFilter) points.push('Filter');
  if (plugin.preScore) points.push('PreScore');
  if (plugin.nodeScore || plugin.preScore) points.push('Score');
  return points;
}

/** `3,le="1"` as `attempts="3",le="1"`. */
function withAttempts(labels: string): string {
  const [attempts = '', le] = labels.split(',');
  return `attempts="${attempts}"${le === undefined ? '' : `,${le}`}`;
}

function histogram(name: string, help: string, series: MetricFamily['series']): MetricFamily {
  return { name, help, type: 'histogram', series };
}
