// /metrics/cadvisor: what containers, pods and the machine use, as cAdvisor labels it.
//
// Left out: network, disks and pressure, which are not measured here.

import { parseQuantity } from '../../../api/quantity.ts';
import { counter, gauge, labelText, type MetricFamily, type Series } from '../../../base/metrics-text.ts';
import type { Container } from '../runtime/container.ts';
import type { Runtime, RuntimePod } from '../runtime/runtime.ts';
import type { Measured, MeasuredContainer, Measurements } from './measurements.ts';

/** What a series is about: the machine, a pod's cgroup, a container. */
interface Row extends Measured {
  readonly labels: Readonly<Record<string, string>>;
  readonly startedAt: number;
  readonly limits?: Readonly<Record<string, string>> | undefined;
  readonly requests?: Readonly<Record<string, string>> | undefined;
}

export function containerFamilies(measured: Measurements, runtime: Runtime, cores: number): readonly MetricFamily[] {
  const { at } = measured;
  const rows = [...rowsOf(measured, runtime)];
  const own = rows.filter(({ labels }) => labels.container !== '');
  const each: Each = (of, value, more = {}) =>
    of.map((row) => ({ labels: labelText(sorted({ ...row.labels, ...more })), value: value(row), at }));
  return [
    counter(
      'container_cpu_usage_seconds_total',
      'Cumulative cpu time consumed in seconds.',
      each(rows, ({ cpuMs }) => Math.round(cpuMs * 1000) / 1e6, { cpu: 'total' }),
    ),
    gauge(
      'container_last_seen',
      'Last time a container was seen by the exporter',
      each(own, () => Math.floor(at / 1000)),
    ),
    gauge(
      'container_start_time_seconds',
      'Start time of the container since unix epoch in seconds.',
      each(rows, ({ startedAt }) => Math.floor(startedAt / 1000)),
    ),
    ...memoryFamilies(rows, own, each),
    ...specFamilies(own, each),
    ...machineFamilies(measured, cores),
  ];
}

type Each = (
  of: readonly Row[],
  value: (row: Row) => number,
  more?: Readonly<Record<string, string>>,
) => readonly Series[];

function memoryFamilies(rows: readonly Row[], own: readonly Row[], each: Each): readonly MetricFamily[] {
  const memory = each(rows, ({ memoryBytes }) => memoryBytes);
  const none = each(rows, () => 0);
  return [
    gauge('container_memory_cache', 'Number of bytes of page cache memory.', none),
    counter('container_memory_failcnt', 'Number of memory usage hits limits', none),
    gauge('container_memory_max_usage_bytes', 'Maximum memory usage recorded in bytes', memory),
    gauge('container_memory_rss', 'Size of RSS in bytes.', memory),
    gauge('container_memory_swap', 'Container swap usage in bytes.', none),
    gauge(
      'container_memory_usage_bytes',
      'Current memory usage in bytes, including all memory regardless of when it was accessed',
      memory,
    ),
    gauge('container_memory_working_set_bytes', 'Current working set in bytes.', memory),
    counter(
      'container_oom_events_total',
      'Count of out of memory events observed for the container',
      each(own, () => 0),
    ),
  ];
}

function specFamilies(own: readonly Row[], each: Each): readonly MetricFamily[] {
  const limit = ({ limits }: Row, name: string): number =>
    limits?.[name] ? parseQuantity(limits[name]).toNumber() : 0;
  const limited = own.filter((row) => limit(row, 'cpu') > 0);
  return [
    gauge(
      'container_spec_cpu_period',
      'CPU period of the container.',
      each(own, () => 100_000),
    ),
    gauge(
      'container_spec_cpu_quota',
      'CPU quota of the container.',
      each(limited, (row) => Math.round(limit(row, 'cpu') * 100_000)),
    ),
    gauge('container_spec_cpu_shares', 'CPU share of the container.', each(own, sharesOf)),
    gauge(
      'container_spec_memory_limit_bytes',
      'Memory limit for the container.',
      each(own, (row) => limit(row, 'memory')),
    ),
  ];
}

function machineFamilies({ at, memoryMax, node }: Measurements, cores: number): readonly MetricFamily[] {
  const labels = labelText({ boot_id: '', machine_id: '', system_uuid: node });
  const versions = { cadvisorRevision: '', cadvisorVersion: '', dockerVersion: '' };
  const system = { kernelVersion: '6.8.0-64-generic', osVersion: 'Debian GNU/Linux 12 (bookworm)' };
  return [
    gauge('cadvisor_version_info', 'Kernel, OS, runtime and cAdvisor by their versions, as labels; always 1.', [
      { labels: labelText({ ...versions, ...system }), value: 1 },
    ]),
    gauge('container_scrape_error', '1 if there was an error while getting container metrics, 0 otherwise', 0),
    gauge('machine_cpu_cores', 'Number of logical CPU cores.', [{ labels, value: cores, at }]),
    gauge('machine_memory_bytes', 'Amount of memory installed on the machine.', [{ labels, value: memoryMax, at }]),
  ];
}

const nothing = { container: '', image: '', name: '', namespace: '', pod: '' };

function* rowsOf(measured: Measurements, runtime: Runtime): Generator<Row> {
  yield { ...measured, labels: { ...nothing, id: '/' }, startedAt: measured.bootedAt };
  for (const pod of measured.pods) {
    const of = runtime.pods.get(pod.uid);
    const { name, namespace } = pod;
    const group = `/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod${pod.uid.replaceAll('-', '_')}.slice`;
    yield { ...pod, labels: { ...nothing, id: group, namespace, pod: name } };
    for (const measuredContainer of pod.containers) {
      const container = containerOf(of, measuredContainer);
      const { id = '', config } = container ?? {};
      const labels = {
        container: measuredContainer.name,
        id: `${group}/cri-containerd-${id}.scope`,
        image: config?.image.name ?? '',
        name: id,
        namespace,
        pod: name,
      };
      yield { ...measuredContainer, labels, ...config?.resources };
    }
  }
}

function containerOf(pod: RuntimePod | undefined, { name, startedAt }: MeasuredContainer): Container | undefined {
  return pod?.containers.find((each) => each.name === name && each.startedAt === startedAt);
}

/** As the runtime makes shares of what is requested. */
function sharesOf({ requests }: Row): number {
  const cores = requests?.cpu ? parseQuantity(requests.cpu).toNumber() : 0;
  return Math.max(2, Math.floor(cores * 1024));
}

function sorted(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
