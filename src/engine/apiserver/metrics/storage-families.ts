// Families about what is stored, and about what this server has asked of etcd.
import { Counts, Histograms } from '../../../base/metric-counts.ts';
import { counter, gauge, labelText, type MetricFamily } from '../../../base/metrics-text.ts';
import { durationBounds } from '../request-tally.ts';
import { histogram, type MeasuredRequests, stored } from './request-families.ts';

/** Seconds that etcd is taken to need: in virtual time a lone member answers at once. */
const etcdSeconds = { get: 0.0008, list: 0.0012, create: 0.0025, update: 0.0025, delete: 0.0025 };

/** The number of addresses of a range that may be given out, and how many have been. */
export interface AddressUse {
  readonly cidr: string;
  readonly allocated: number;
  readonly available: number;
}

export function storageFamilies(
  measured: MeasuredRequests & { readonly storageBytes: number },
): readonly MetricFamily[] {
  const objects = new Counts();
  const deprecatedObjects = new Counts();
  const received = new Counts();
  const requests = new Counts();
  const durations = new Histograms(durationBounds);
  for (const { group, resource, storage } of stored(measured.registry)) {
    const { size, writes } = measured.storages.at(storage);
    const about = labelText({ group, resource });
    objects.add(about, size);
    deprecatedObjects.add(labelText({ resource: group === '' ? resource : `${resource}.${group}` }), size);
    const changes = writes.create + writes.update + writes.delete;
    if (changes > 0) received.add(about, changes);
    const get = gets(measured, group, resource) + writes.update;
    for (const [operation, count] of Object.entries({ ...writes, get, list: 1 })) {
      if (count === 0) continue;
      const labels = labelText({ group, operation, resource });
      requests.add(labels, count);
      durations.of(labels).observe(etcdSeconds[operation as keyof typeof etcdSeconds], count); // edge: one of the keys above
    }
  }
  const failure = 'In case of a fetching error, the value will be -1.';
  return [
    gauge(
      'apiserver_resource_objects',
      `[ALPHA] Number of stored objects at the time of last check split by kind. ${failure}`,
      objects.series(),
    ),
    gauge(
      'apiserver_storage_objects',
      `[STABLE] (Deprecated since 1.34.0) [DEPRECATED, consider using apiserver_resource_objects instead] Number of stored objects at the time of last check split by kind. ${failure}`,
      deprecatedObjects.series(),
    ),
    counter(
      'apiserver_storage_events_received_total',
      '[BETA] Number of etcd events received split by kind.',
      received.series(),
    ),
    gauge('apiserver_storage_size_bytes', '[STABLE] Size of the storage database file physically allocated in bytes.', [
      { labels: 'storage_cluster_id="etcd-0"', value: measured.storageBytes },
    ]),
    histogram(
      'etcd_request_duration_seconds',
      '[ALPHA] Etcd request latency in seconds for each operation and object type.',
      durations.series(),
    ),
    counter(
      'etcd_requests_total',
      '[ALPHA] Etcd request counts for each operation and object type.',
      requests.series(),
    ),
  ];
}

/** Objects that were asked for one by one: the watch cache answers all else. */
function gets({ tally }: MeasuredRequests, group: string, resource: string): number {
  let count = 0;
  for (const cell of tally.cells())
    if (cell.verb === 'get' && cell.group === group && cell.resource === resource) count += cell.count;
  return count;
}
