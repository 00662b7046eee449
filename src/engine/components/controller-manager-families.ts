// What a controller manager tells of its controllers: from what its informers know, and from how often they worked.
//
// Left out: what only more counting inside controllers would tell (deletions by taints, attempts to publish …).
import {
  endpointSlices,
  horizontalPodAutoscalers,
  jobs,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
} from '../../api/generated/resources.ts';
import type { Job, Node } from '../../api/generated/types.ts';
import { Counts, exponentialBounds, Histogram } from '../../base/metric-counts.ts';
import { counter, gauge, labelText, type MetricFamily } from '../../base/metrics-text.ts';
import type { InformerFactory } from '../client/informer.ts';
import type { Meter } from '../client/meter.ts';

export function managerFamilies(meter: Meter): readonly MetricFamily[] {
  const { informers } = meter;
  if (!informers) return [];
  const worked = (controller: string): number => meter.queues.get(controller)?.works.count ?? 0;
  const slices = [...(informers.known(endpointSlices)?.list() ?? [])];
  const publisher = worked('root-ca-cert-publisher');
  return [
    ...nodeFamilies(meter, informers),
    ...jobFamilies(meter, informers),
    ...volumeFamilies(informers),
    gauge(
      'endpoint_slice_controller_desired_endpoint_slices',
      '[BETA] Number of EndpointSlices that would exist with perfect endpoint allocation',
      slices.length,
    ),
    gauge('endpoint_slice_controller_num_endpoint_slices', '[BETA] Number of EndpointSlices', slices.length),
    gauge(
      'endpoint_slice_controller_endpoints_desired',
      '[BETA] Number of endpoints desired',
      slices.reduce((sum, { endpoints }) => sum + (endpoints?.length ?? 0), 0),
    ),
    counter('endpoint_slice_controller_syncs', '[ALPHA] Number of EndpointSlice syncs', [
      { labels: labelText({ result: 'success' }), value: worked('endpointslice-controller') },
    ]),
    gauge(
      'horizontal_pod_autoscaler_controller_num_horizontal_pod_autoscalers',
      '[ALPHA] Current number of controlled HPA objects.',
      informers.known(horizontalPodAutoscalers)?.size ?? 0,
    ),
    counter(
      'root_ca_cert_publisher_sync_total',
      '[ALPHA] Number of namespace syncs happened in root ca cert publisher.',
      publisher > 0 ? [{ labels: labelText({ code: 200 }), value: publisher }] : [],
    ),
  ];
}

/** --node-monitor-period, and seconds that a look at a node is taken to need. */
const monitorPeriodMs = 5000;
const lookSeconds = 0.000_05;

function nodeFamilies(meter: Meter, informers: InformerFactory): readonly MetricFamily[] {
  const { scope, startedAt } = meter;
  const all = [...(informers.known(nodes)?.list() ?? [])];
  const evictions = meter.counts('node_collector_evictions_total');
  for (const node of all) evictions.add(labelText({ zone: zoneOf(node) }), 0);
  const zones = new Map<string, { size: number; unhealthy: number }>();
  for (const node of all) {
    const zone = zones.get(zoneOf(node)) ?? { size: 0, unhealthy: 0 };
    zone.size++;
    if (!isReady(node)) zone.unhealthy++;
    zones.set(zoneOf(node), zone);
  }
  const each = (value: (zone: { size: number; unhealthy: number }) => number): MetricFamily['series'] =>
    [...zones].sort().map(([zone, counts]) => ({ labels: labelText({ zone }), value: value(counts) }));
  const looks = Math.floor((scope.now - startedAt) / monitorPeriodMs);
  const single = new Histogram(exponentialBounds(0.001, 4, 8));
  const together = new Histogram(exponentialBounds(0.01, 4, 8));
  single.observe(lookSeconds, looks * all.length);
  together.observe(lookSeconds * all.length, looks);
  return [
    counter(
      'node_collector_evictions_total',
      '[STABLE] Number of Node evictions that happened since current instance of NodeController started.',
      evictions.series(),
    ),
    gauge(
      'node_collector_unhealthy_nodes_in_zone',
      '[ALPHA] Gauge measuring number of not Ready Nodes per zones.',
      each(({ unhealthy }) => unhealthy),
    ),
    {
      name: 'node_collector_update_all_nodes_health_duration_seconds',
      help: '[ALPHA] Duration in seconds for NodeController to update the health of all nodes.',
      type: 'histogram',
      series: together.series(),
    },
    {
      name: 'node_collector_update_node_health_duration_seconds',
      help: '[ALPHA] Duration in seconds for NodeController to update the health of a single node.',
      type: 'histogram',
      series: single.series(),
    },
    gauge(
      'node_collector_zone_health',
      '[ALPHA] Gauge measuring percentage of healthy nodes per zone.',
      each(({ size, unhealthy }) => (100 * (size - unhealthy)) / size),
    ),
    gauge(
      'node_collector_zone_size',
      '[ALPHA] Gauge measuring number of registered Nodes per zones.',
      each(({ size }) => size),
    ),
  ];
}

function zoneOf({ metadata }: Node): string {
  const region = metadata?.labels?.['topology.kubernetes.io/region'] ?? '';
  const zone = metadata?.labels?.['topology.kubernetes.io/zone'] ?? '';
  return region === '' && zone === '' ? '' : `${region}:\0:${zone}`;
}

function isReady({ status }: Node): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
}

function jobFamilies(meter: Meter, informers: InformerFactory): readonly MetricFamily[] {
  const works = meter.queues.get('job-controller')?.works;
  const syncs = works?.count ?? 0;
  const durations = new Histogram(exponentialBounds(0.004, 2, 15));
  if (works) durations.addAll(works);
  const skews = 'cronjob_controller_job_creation_skew_duration_seconds';
  const podsFinished = new Counts();
  const finished = new Counts();
  for (const { spec, status } of informers.known(jobs)?.list() ?? []) {
    const completion_mode = spec?.completionMode ?? 'NonIndexed';
    podsFinished.add(labelText({ completion_mode, result: 'failed' }), status?.failed ?? 0);
    podsFinished.add(labelText({ completion_mode, result: 'succeeded' }), status?.succeeded ?? 0);
    const end = endOf(status);
    if (end) finished.add(labelText({ completion_mode, ...end }));
  }
  const labels = { action: 'reconciling', completion_mode: 'NonIndexed', result: 'success' };
  return [
    {
      name: skews,
      help: '[STABLE] Time between when a cronjob is scheduled to be run, and when the corresponding job is created',
      type: 'histogram',
      series: meter.histogram(skews, exponentialBounds(1, 2, 10)).series(),
    },
    {
      name: 'job_controller_job_sync_duration_seconds',
      help: '[STABLE] The time it took to sync a job',
      type: 'histogram',
      series: syncs > 0 ? durations.series(labelText(labels)) : [],
    },
    counter(
      'job_controller_job_pods_finished_total',
      '[STABLE] The number of finished Pods that are fully tracked',
      podsFinished.series(),
    ),
    counter(
      'job_controller_job_syncs_total',
      '[STABLE] The number of job syncs',
      syncs > 0 ? [{ labels: labelText(labels), value: syncs }] : [],
    ),
    counter('job_controller_jobs_finished_total', '[STABLE] The number of finished jobs', finished.series()),
  ];
}

function endOf(status: Job['status']): { readonly reason: string; readonly result: string } | undefined {
  for (const { type, status: is, reason = '' } of status?.conditions ?? []) {
    if (is !== 'True') continue;
    if (type === 'Complete') return { reason: '', result: 'succeeded' };
    if (type === 'Failed') return { reason, result: 'failed' };
  }
  return undefined;
}

function volumeFamilies(informers: InformerFactory): readonly MetricFamily[] {
  const total = new Counts();
  const volumes = { bound: new Counts(), unbound: new Counts() };
  for (const { spec, status } of informers.known(persistentVolumes)?.list() ?? []) {
    const plugin_name = pluginOf(spec ?? {});
    total.add(labelText({ plugin_name, volume_mode: spec?.volumeMode ?? 'Filesystem' }));
    const of = status?.phase === 'Bound' ? volumes.bound : volumes.unbound;
    of.add(labelText({ storage_class: spec?.storageClassName ?? '' }));
  }
  const claims = { bound: new Counts(), unbound: new Counts() };
  for (const { metadata, spec, status } of informers.known(persistentVolumeClaims)?.list() ?? []) {
    const of = status?.phase === 'Bound' ? claims.bound : claims.unbound;
    const labels = { namespace: metadata?.namespace ?? '', storage_class: spec?.storageClassName ?? '' };
    of.add(labelText({ ...labels, volume_attributes_class: spec?.volumeAttributesClassName ?? '' }));
  }
  const family = (name: string, what: string, counts: Counts): MetricFamily =>
    gauge(`pv_collector_${name}_count`, `[ALPHA] Gauge measuring ${what}`, counts.series());
  return [
    family('total_pv', 'total number of persistent volumes', total),
    family('bound_pv', 'number of persistent volume currently bound', volumes.bound),
    family('unbound_pv', 'number of persistent volume currently unbound', volumes.unbound),
    family('bound_pvc', 'number of persistent volume claim currently bound', claims.bound),
    family('unbound_pvc', 'number of persistent volume claim currently unbound', claims.unbound),
  ];
}

function pluginOf(spec: { readonly csi?: { readonly driver?: string | undefined } | undefined }): string {
  if (spec.csi) return `kubernetes.io/csi:${spec.csi.driver ?? ''}`;
  const sources: Readonly<Record<string, string>> = {
    hostPath: 'kubernetes.io/host-path',
    local: 'kubernetes.io/local-volume',
    nfs: 'kubernetes.io/nfs',
  };
  return Object.entries(sources).find(([source]) => Object.hasOwn(spec, source))?.[1] ?? 'N/A';
}
