// What every component of Kubernetes tells of itself at /metrics beside its own families.
import { counter, gauge, labelText, type MetricFamily } from '../base/metrics-text.ts';
import { type GoProcess, goVersion, processMetrics } from '../base/process-metrics.ts';
import { featureGates } from './feature-gates.ts';

/** Which Kubernetes this is, as `/version` says it too. */
const build = {
  build_date: '2026-06-01T00:00:00Z',
  compiler: 'gc',
  git_commit: '98b35193b2ac7a23a673325f5e9b830ecd5ba406',
  git_tree_state: 'clean',
  git_version: 'v1.36.2',
  go_version: goVersion,
  major: '1',
  minor: '36',
  platform: 'linux/amd64',
};

/**
 * Build, feature gates, registry and process of a component. `flags`: its command line, for `feature-gates`.
 *
 *   metricsText([...componentMetrics({ process, flags }), gauge('kubelet_running_pods', …)])
 */
export function componentMetrics(component: {
  readonly process: GoProcess;
  readonly flags: ReadonlyMap<string, string>;
}): readonly MetricFamily[] {
  const set = new Map(
    (component.flags.get('feature-gates') ?? '').split(',').map((gate): readonly [string, boolean] => {
      const [name = '', value = ''] = gate.trim().split('=');
      return [name, /^(1|t|true)$/i.test(value)];
    }),
  );
  const features = featureGates.flatMap(({ stage, on, names }) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => ({ labels: labelText({ name, stage }), value: (set.get(name) ?? on) ? 1 : 0 })),
  );
  return [
    ...processMetrics(component.process),
    gauge('kubernetes_build_info', '[BETA] What was built when, and from what, as labels; always 1.', [
      { labels: labelText(build), value: 1 },
    ]),
    gauge(
      'version_info',
      '[ALPHA] The versions that the component, by its name as a label, is compatible with; always 1.',
      [{ labels: labelText({ binary: '1.36.2', component: 'kube', emulation: '1.36', min_compat: '1.35' }), value: 1 }],
    ),
    gauge(
      'kubernetes_feature_enabled',
      '[BETA] This metric records the data about the stage and enablement of a k8s feature.',
      [...features].sort((a, b) => (a.labels < b.labels ? -1 : 1)),
    ),
    counter('disabled_metrics_total', '[BETA] The count of disabled metrics.', 0),
    counter('hidden_metrics_total', '[BETA] The count of hidden metrics.', 0),
  ];
}
