// What a kubelet tells at /metrics and /metrics/probes of its pods, its runtime and its probes.
//
// Left out: what has no counterpart here: resource managers, device plugins' calls, volumes' sizes, cgroups.
import type { Pod } from '../../../api/generated/types.ts';
import { Counts, exponentialBounds, Histogram } from '../../../base/metric-counts.ts';
import { counter, gauge, labelText, type MetricFamily, type Series } from '../../../base/metrics-text.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Kubelet } from './kubelet.ts';

export interface MeasuredKubelet {
  readonly kubelet: Kubelet;
  readonly runtime: Runtime;
  readonly node: string;
  readonly startedAt: number;
  readonly now: number;
}

const sourceAnnotation = 'kubernetes.io/config.source';
const mirrorAnnotation = 'kubernetes.io/config.mirror';

export function kubeletFamilies(measured: MeasuredKubelet): readonly MetricFamily[] {
  return [
    ...podFamilies(measured),
    ...startFamilies(measured),
    ...runtimeFamilies(measured),
    ...loopFamilies(measured),
  ];
}

function podFamilies({ kubelet, runtime, node }: MeasuredKubelet): readonly MetricFamily[] {
  const pods = kubelet.listPods();
  const statics = pods.filter(isStatic).length;
  const active = pods.filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
  const activeStatics = active.filter(isStatic).length;
  const states = new Counts();
  const sizes = new Histogram(exponentialBounds(1, 2, 5));
  let running = 0;
  for (const { sandbox, containers } of runtime.pods.values()) {
    if (sandbox?.ready) running++;
    for (const { state } of containers) states.add(labelText({ container_state: state }));
  }
  for (const { spec } of pods) sizes.observe(spec?.containers.length ?? 0);
  const bySource = (all: number, own: number): readonly Series[] => [
    { labels: 'static=""', value: all - own },
    { labels: 'static="true"', value: own },
  ];
  const ephemeral = pods.reduce((sum, { spec }) => sum + (spec?.ephemeralContainers?.length ?? 0), 0);
  return [
    gauge(
      'kubelet_active_pods',
      '[ALPHA] The number of pods the kubelet considers active and which are being considered when admitting new pods. static is true if the pod is not from the apiserver.',
      bySource(active.length, activeStatics),
    ),
    histogram('kubelet_containers_per_pod_count', '[ALPHA] The number of containers per pod.', sizes.series()),
    gauge(
      'kubelet_desired_pods',
      '[ALPHA] The number of pods the kubelet is being instructed to run. static is true if the pod is not from the apiserver.',
      bySource(pods.length, statics),
    ),
    gauge(
      'kubelet_managed_ephemeral_containers',
      '[ALPHA] Current number of ephemeral containers in pods managed by this kubelet.',
      ephemeral,
    ),
    gauge(
      'kubelet_mirror_pods',
      '[ALPHA] The number of mirror pods the kubelet will try to create (one per admitted static pod)',
      statics,
    ),
    gauge('kubelet_node_name', "[ALPHA] The node's name. The count is always 1.", [
      { labels: labelText({ node }), value: 1 },
    ]),
    gauge('kubelet_running_containers', '[ALPHA] Number of containers currently running', states.series()),
    gauge('kubelet_running_pods', '[ALPHA] Number of pods that have a running pod sandbox', running),
  ];
}

function isStatic({ metadata }: Pod): boolean {
  const { [sourceAnnotation]: source = 'api', [mirrorAnnotation]: mirror } = metadata?.annotations ?? {};
  return source !== 'api' || mirror !== undefined;
}

function startFamilies({ runtime }: MeasuredKubelet): readonly MetricFamily[] {
  const { tally } = runtime;
  return [
    histogram(
      'kubelet_image_pull_duration_seconds',
      '[ALPHA] Duration in seconds to pull an image.',
      tally.pullsBySize.series(),
    ),
    histogram(
      'kubelet_pod_start_duration_seconds',
      '[ALPHA] Duration in seconds from kubelet seeing a pod for the first time to the pod starting to run',
      tally.starts.series(),
    ),
    histogram(
      'kubelet_pod_start_sli_duration_seconds',
      '[ALPHA] Seconds from the creation of a pod until all its containers have started, without those of pulling images.',
      tally.startsAlone.series(),
    ),
    histogram(
      'kubelet_pod_start_total_duration_seconds',
      '[ALPHA] Seconds from the creation of a pod until all its containers have started, those of pulling images included.',
      tally.startsInAll.series(),
    ),
    histogram(
      'kubelet_pod_worker_duration_seconds',
      '[ALPHA] Duration in seconds to sync a single pod. Broken down by operation type: create, update, or sync',
      tally.rounds.series(),
    ),
  ];
}

/** Seconds that an answer of the runtime is taken to need. */
const operationSeconds = 0.004;

function runtimeFamilies({ runtime, startedAt, now }: MeasuredKubelet): readonly MetricFamily[] {
  const { tally } = runtime;
  const seconds = Math.floor((now - startedAt) / 1000);
  const done = (operation: Parameters<typeof tally.did>[0]): number => tally.operations.get(operation) ?? 0;
  const containers = done('start_container');
  const counts = new Map<string, number>([
    ...tally.operations,
    ['container_status', containers * 3],
    ['list_containers', seconds],
    ['list_images', Math.floor(seconds / 30)],
    ['list_podsandbox', seconds],
    ['podsandbox_status', done('run_podsandbox') * 3],
    ['status', Math.floor(seconds / 5)],
    ['version', Math.floor(seconds / 60) + 1],
  ]);
  const operations = [...counts].filter(([, value]) => value > 0).sort();
  const bounds = exponentialBounds(0.005, 2.5, 14);
  const durationOf = (operation: string, count: number): Histogram => {
    if (operation === 'pull_image') return tally.pulls;
    const histogram = new Histogram(bounds);
    histogram.observe(operationSeconds, count);
    return histogram;
  };
  const failures = [...tally.failures].sort();
  const labels = (operation_type: string): string => labelText({ operation_type });
  const sandboxes = new Histogram([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]);
  sandboxes.observe(0.2, done('run_podsandbox'));
  return [
    histogram(
      'kubelet_run_podsandbox_duration_seconds',
      '[ALPHA] Duration in seconds of the run_podsandbox operations. Broken down by RuntimeClass.Handler.',
      sandboxes.series(labelText({ runtime_handler: '' })),
    ),
    histogram(
      'kubelet_runtime_operations_duration_seconds',
      '[ALPHA] Duration in seconds of runtime operations. Broken down by operation type.',
      operations.flatMap(([operation, count]) => durationOf(operation, count).series(labels(operation))),
    ),
    counter(
      'kubelet_runtime_operations_errors_total',
      '[ALPHA] Cumulative number of runtime operation errors by operation type.',
      failures.map(([operation, value]) => ({ labels: labels(operation), value })),
    ),
    counter(
      'kubelet_runtime_operations_total',
      '[ALPHA] Cumulative number of runtime operations by operation type.',
      operations.map(([operation, value]) => ({ labels: labels(operation), value })),
    ),
    counter('kubelet_started_containers_total', '[ALPHA] Cumulative number of containers started', [
      { labels: labelText({ container_type: 'container' }), value: containers },
      { labels: labelText({ container_type: 'podsandbox' }), value: done('run_podsandbox') },
    ]),
    counter('kubelet_started_pods_errors_total', '[ALPHA] Cumulative number of errors when starting pods', 0),
    counter('kubelet_started_pods_total', '[ALPHA] Cumulative number of pods started', done('run_podsandbox')),
  ];
}

/** What goes on by itself: looking at all pods once a second. */
function loopFamilies({ runtime, startedAt, now }: MeasuredKubelet): readonly MetricFamily[] {
  const looks = Math.floor((now - startedAt) / 1000);
  const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
  const [durations, intervals] = [new Histogram(bounds), new Histogram(bounds)];
  durations.observe(0.003, looks);
  intervals.observe(1, looks);
  const { evictions } = runtime.tally;
  const year = 365 * 86_400;
  return [
    gauge(
      'kubelet_certificate_manager_client_ttl_seconds',
      "[ALPHA] Seconds until the kubelet's client certificate expires; negative once it has, +Inf where there is none.",
      year - looks,
    ),
    counter(
      'kubelet_certificate_manager_client_expiration_renew_errors',
      '[ALPHA] Counter of certificate renewal errors.',
      0,
    ),
    gauge('kubelet_cgroup_version', '[ALPHA] cgroup version on the hosts.', 2),
    counter(
      'kubelet_evictions',
      '[ALPHA] Cumulative number of pod evictions by eviction signal',
      evictions > 0 ? [{ labels: labelText({ eviction_signal: 'memory.available' }), value: evictions }] : [],
    ),
    gauge(
      'kubelet_pleg_last_seen_seconds',
      '[ALPHA] Timestamp in seconds when PLEG was last seen active.',
      Math.floor(now / 1000),
    ),
    histogram(
      'kubelet_pleg_relist_duration_seconds',
      '[ALPHA] Duration in seconds for relisting pods in PLEG.',
      durations.series(),
    ),
    histogram(
      'kubelet_pleg_relist_interval_seconds',
      '[ALPHA] Interval in seconds between relisting in PLEG.',
      intervals.series(),
    ),
  ];
}

const probeTypes = { liveness: 'Liveness', readiness: 'Readiness', startup: 'Startup' } as const;

/** What came of probes. */
export function probeFamilies({ kubelet }: MeasuredKubelet): readonly MetricFamily[] {
  const results = new Counts();
  const durations: Series[] = [];
  for (const { pod, container, kind, successful, failed } of kubelet.probeRuns()) {
    const { name = '', namespace = '', uid = '' } = pod.metadata ?? {};
    const about = { container, namespace, pod: name };
    const probe_type = probeTypes[kind];
    const histogram = new Histogram([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]);
    histogram.observe(0.002, successful + failed);
    durations.push(...histogram.series(labelText({ ...about, probe_type })));
    for (const [result, count] of Object.entries({ failed, successful }))
      if (count > 0) results.add(labelText({ ...about, pod_uid: uid, probe_type, result }), count);
  }
  return [
    histogram('prober_probe_duration_seconds', '[ALPHA] Duration in seconds for a probe response.', durations),
    counter(
      'prober_probe_total',
      '[BETA] Cumulative number of a liveness, readiness or startup probe for a container by result.',
      results.series(),
    ),
  ];
}

function histogram(name: string, help: string, series: readonly Series[]): MetricFamily {
  return { name, help, type: 'histogram', series };
}
