// Measurements as a kubelet serves them: /stats/summary and /metrics/resource.
//
// Left out: file systems, network and accelerators; swap, which no node here has.
import type { JsonObject } from '../../../base/json.ts';
import { type MetricFamily, metricsText } from '../../../base/metrics-text.ts';
import { formatTime } from '../../../base/time.ts';
import type { Measured, MeasuredContainer, MeasuredPod, Measurements } from './measurements.ts';

export function summary(measured: Measurements): JsonObject {
  const { node, at, bootedAt, memoryMax, pods } = measured;
  const amounts = (part: Measured): JsonObject => ({
    cpu: { time: formatTime(at), usageCoreNanoSeconds: Math.round(part.cpuMs * 1e6) },
    memory: { time: formatTime(at), usageBytes: part.memoryBytes, workingSetBytes: part.memoryBytes },
  });
  const { cpu, memory } = amounts(measured);
  const available = { availableBytes: memoryMax - measured.memoryBytes };
  return {
    node: {
      nodeName: node,
      startTime: formatTime(bootedAt),
      cpu: cpu ?? {},
      memory: { ...available, ...(typeof memory === 'object' && memory) },
    },
    pods: pods.map((pod) => ({
      podRef: { name: pod.name, namespace: pod.namespace, uid: pod.uid },
      startTime: formatTime(pod.startedAt),
      containers: pod.containers.map((container) => ({
        name: container.name,
        startTime: formatTime(container.startedAt),
        ...amounts(container),
      })),
      ...amounts(pod),
    })),
  };
}

/** A container or a pod as a series is labelled with. */
interface Labelled {
  readonly pod: MeasuredPod;
  readonly container?: MeasuredContainer;
}

/** What metrics-server reads. */
export function resourceText(measured: Measurements): string {
  const { pods, at } = measured;
  const containers = pods.flatMap((pod) => pod.containers.map((container) => ({ pod, container })));
  const family = (
    name: string,
    help: string,
    rest: Pick<MetricFamily, 'type' | 'series'> & { readonly level?: string },
  ): MetricFamily => ({ name, help: `[${rest.level ?? 'STABLE'}] ${help}`, type: rest.type, series: rest.series });
  const cpu = 'Cumulative cpu time consumed by the';
  const memory = 'Current working set of the';
  const cpuOf = (of: string, series: MetricFamily['series']): MetricFamily =>
    family(`${of}_cpu_usage_seconds_total`, `${cpu} ${of} in core-seconds`, { type: 'counter', series });
  const memoryOf = (of: string, series: MetricFamily['series']): MetricFamily =>
    family(`${of}_memory_working_set_bytes`, `${memory} ${of} in bytes`, { type: 'gauge', series });
  const errors = {
    help: '1 if there was an error while getting container metrics, 0 otherwise',
    series: [{ value: 0 }],
  };
  return metricsText([
    cpuOf(
      'container',
      containers.map(({ pod, container }) => ({ labels: labels({ pod, container }), value: seconds(container), at })),
    ),
    memoryOf(
      'container',
      containers.map(({ pod, container }) => ({
        labels: labels({ pod, container }),
        value: container.memoryBytes,
        at,
      })),
    ),
    family('container_start_time_seconds', 'Start time of the container since unix epoch in seconds', {
      type: 'gauge',
      series: containers.map(({ pod, container }) => ({
        labels: labels({ pod, container }),
        value: container.startedAt / 1000,
      })),
    }),
    cpuOf('node', [{ value: seconds(measured), at }]),
    memoryOf('node', [{ value: measured.memoryBytes, at }]),
    cpuOf(
      'pod',
      pods.map((pod) => ({ labels: labels({ pod }), value: seconds(pod), at })),
    ),
    memoryOf(
      'pod',
      pods.map((pod) => ({ labels: labels({ pod }), value: pod.memoryBytes, at })),
    ),
    family('resource_scrape_error', errors.help, { type: 'gauge', series: errors.series }),
    family('scrape_error', `(Deprecated since 1.29.0) ${errors.help}`, {
      type: 'gauge',
      series: errors.series,
      level: 'ALPHA',
    }),
  ]);
}

function seconds({ cpuMs }: Measured): number {
  return Math.round(cpuMs * 1000) / 1e6;
}

function labels({ pod, container }: Labelled): string {
  const own = container ? `container="${container.name}",` : '';
  return `${own}namespace="${pod.namespace}",pod="${pod.name}"`;
}
