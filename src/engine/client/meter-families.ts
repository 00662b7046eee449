// What a process counts of its own work as families of metrics: requests, work queues, leases, and the process itself.
import { componentMetrics } from '../../api/component-metrics.ts';
import type { Histogram } from '../../base/metric-counts.ts';
import { counter, gauge, labelText, type MetricFamily, metricsText, type Series } from '../../base/metrics-text.ts';
import type { CallTally } from './call-tally.ts';
import type { Meter } from './meter.ts';
import type { WorkQueue } from './workqueue.ts';

export interface MeteredProcess {
  readonly meter: Meter;
  /** Where its requests go, e.g. `172.18.0.2:6443`. */
  readonly host: string;
  readonly flags: ReadonlyMap<string, string>;
  readonly memoryBytes: number;
  /** What upstream calls the queue of a controller; undefined: it has none. */
  queueName(controller: string): string | undefined;
}

/** Everything that such a process tells at /metrics. */
export function meterText(metered: MeteredProcess, own: readonly MetricFamily[] = []): string {
  const { meter, flags, host, memoryBytes } = metered;
  const { scope, startedAt, calls, informers, leases } = meter;
  let requests = 0;
  for (const { count } of calls.durations.values()) requests += count;
  const process = {
    startedAt,
    now: scope.now,
    cpuSeconds: 0.4 + requests * 0.0012 + ((scope.now - startedAt) / 1000) * 0.008,
    residentBytes: memoryBytes + (informers?.size ?? 0) * 4000,
    goroutines: 120 + meter.queues.size * 28,
    openFiles: 14,
  };
  const held = [...leases].sort().map(([name, is]) => ({ labels: labelText({ name }), value: is ? 1 : 0 }));
  return metricsText([
    ...componentMetrics({ process, flags }),
    ...callFamilies(calls, host),
    ...queueFamilies(metered),
    gauge(
      'leader_election_master_status',
      '[ALPHA] Whether this process holds the lease of that name: 1 is yes, 0 is no. Group by name.',
      held,
    ),
    ...meter.families(),
    ...own,
  ]);
}

export function callFamilies(calls: CallTally, host: string): readonly MetricFamily[] {
  const codes = [...calls.codes].flatMap(([method, counts]) =>
    [...counts].map(([code, value]): Series => ({ labels: labelText({ code, host, method }), value })),
  );
  const durations = [...calls.durations].sort();
  return [
    counter(
      'rest_client_requests_total',
      '[ALPHA] Number of HTTP requests, partitioned by status code, method, and host.',
      [...codes].sort((a, b) => ((a.labels ?? '') < (b.labels ?? '') ? -1 : 1)),
    ),
    {
      name: 'rest_client_request_duration_seconds',
      help: '[ALPHA] Request latency in seconds. Broken down by verb, and host.',
      type: 'histogram',
      series: durations.flatMap(([verb, histogram]) => histogram.series(labelText({ host, verb }))),
    },
    {
      name: 'rest_client_rate_limiter_duration_seconds',
      help: '[ALPHA] Client side rate limiter latency in seconds. Broken down by verb, and host.',
      type: 'histogram',
      series: [...calls.limits].sort().flatMap(([verb, limits]) => limits.series(labelText({ host, verb }))),
    },
  ];
}

function queueFamilies({ meter, queueName }: MeteredProcess): readonly MetricFamily[] {
  const queues = [...meter.queues].flatMap(([controller, queue]): (readonly [string, WorkQueue])[] => {
    const name = queueName(controller);
    return name === undefined ? [] : [[labelText({ name }), queue]];
  });
  queues.sort(([a], [b]) => (a < b ? -1 : 1));
  const each = (value: (queue: WorkQueue) => number): readonly Series[] =>
    queues.map(([labels, queue]) => ({ labels, value: value(queue) }));
  const histograms = (of: (queue: WorkQueue) => Histogram): readonly Series[] =>
    queues.flatMap(([labels, queue]) => of(queue).series(labels));
  return [
    counter(
      'workqueue_adds_total',
      '[BETA] Total number of adds handled by workqueue',
      each(({ adds }) => adds),
    ),
    gauge(
      'workqueue_depth',
      '[BETA] Current depth of workqueue',
      each(({ length }) => length),
    ),
    gauge(
      'workqueue_longest_running_processor_seconds',
      '[BETA] How many seconds has the longest running processor for workqueue been running.',
      each((queue) => Math.max(0, ...queue.unfinished())),
    ),
    {
      name: 'workqueue_queue_duration_seconds',
      help: '[BETA] How long in seconds an item stays in workqueue before being requested.',
      type: 'histogram',
      series: histograms(({ waits }) => waits),
    },
    counter(
      'workqueue_retries_total',
      '[BETA] Total number of retries handled by workqueue',
      each(({ retries }) => retries),
    ),
    gauge(
      'workqueue_unfinished_work_seconds',
      '[BETA] Seconds of work that is in progress and that work_duration has not seen yet; large where a worker is stuck.',
      each((queue) => queue.unfinished().reduce((sum, seconds) => sum + seconds, 0)),
    ),
    {
      name: 'workqueue_work_duration_seconds',
      help: '[BETA] How long in seconds processing an item from workqueue takes.',
      type: 'histogram',
      series: histograms(({ works }) => works),
    },
  ];
}
