// /metrics and /metrics/slis: what this API server counts, in Prometheus' text form.
//
// Left out: what is below these families in upstream (watch cache, work queues of its own controllers, clients of its
// loopback, gRPC).

import { componentMetrics } from '../../../api/component-metrics.ts';
import type { APIService } from '../../../api/generated/types.ts';
import { Counts, exponentialBounds, Histogram, Histograms } from '../../../base/metric-counts.ts';
import { counter, gauge, labelText, type MetricFamily, metricsText } from '../../../base/metrics-text.ts';
import { startTime } from '../../../base/process-metrics.ts';
import type { ApiCore } from '../api-core.ts';
import { healthPaths } from '../health.ts';
import { admissionFamilies } from './admission-families.ts';
import { flowFamilies } from './flow-families.ts';
import { histogram, requestFamilies, stored } from './request-families.ts';
import { storageFamilies } from './storage-families.ts';

export interface MeasuredServer {
  readonly api: ApiCore;
  readonly startedAt: number;
  readonly now: number;
  storageBytes(): number;
}

export function serverMetrics(measured: MeasuredServer): string {
  const { api, startedAt, now } = measured;
  const { tally, flags, fairness, admission, storages, registry } = api;
  const total = requestsOf(api);
  const process = {
    startedAt,
    now,
    cpuSeconds: 1.2 + total * 0.0008 + ((now - startedAt) / 1000) * 0.03,
    residentBytes: 230e6 + stored(registry).reduce((sum, { storage }) => sum + storages.at(storage).size, 0) * 12_000,
    goroutines: 640 + [...registry.all()].length,
    openFiles: 96,
  };
  return metricsText([
    ...componentMetrics({ process, flags }),
    ...requestFamilies({ tally, registry, storages }),
    ...storageFamilies({ tally, registry, storages, storageBytes: measured.storageBytes() }),
    ...admissionFamilies(tally, admission.names),
    ...flowFamilies(fairness, tally),
    ...userFamilies(measured, total),
    ...auditFamilies(api),
    unavailableServices(api),
  ]);
}

/** What health checks came to. */
export function serverSlis({ api, startedAt }: MeasuredServer): string {
  const asked = (path: string): number => api.tally.byPath.get(`200 ${path}`) ?? 0;
  const results = new Map<string, number>();
  const totals = new Map<string, number>();
  for (const type of ['healthz', 'livez', 'readyz'] as const) {
    for (const path of healthPaths(type)) {
      const name = path.slice(type.length + 2);
      const count = asked(`/${type}`) + asked(path);
      if (name === '' || count === 0) continue;
      results.set(labelText({ name, type }), 1);
      totals.set(labelText({ name, status: 'success', type }), count);
    }
  }
  const series = (values: ReadonlyMap<string, number>) => [...values].map(([labels, value]) => ({ labels, value }));
  return metricsText([
    gauge(
      'kubernetes_healthcheck',
      '[STABLE] This metric records the result of a single healthcheck.',
      series(results),
    ),
    counter(
      'kubernetes_healthchecks_total',
      '[STABLE] This metric records the results of all healthcheck.',
      series(totals),
    ),
    startTime('[ALPHA] ', startedAt),
  ]);
}

function requestsOf({ tally }: ApiCore): number {
  let total = 0;
  for (const { count } of tally.cells()) total += count;
  for (const count of tally.byPath.values()) total += count;
  return total;
}

const expirationBounds = [
  0, 1800, 3600, 7200, 21_600, 43_200, 86_400, 172_800, 345_600, 604_800, 2_592_000, 7_776_000, 15_552_000, 31_104_000,
];
const checkBounds = exponentialBounds(0.001, 2, 15);
const checkSeconds = 0.000_06;
const yearMs = 365 * 86_400_000;

function userFamilies({ api, now }: MeasuredServer, total: number): readonly MetricFamily[] {
  const { tally, authenticator } = api;
  let withCertificate = 0;
  for (const [{ name }, cells] of tally.byUser)
    if (!name.startsWith('system:serviceaccount:')) for (const { count } of cells.values()) withCertificate += count;
  const { since } = authenticator.authority.origin;
  const certificates = new Histogram(expirationBounds);
  if (withCertificate > 0) certificates.observe(Math.max(0, (since + yearMs - now) / 1000), withCertificate);
  const checks = (result: string) => {
    const durations = new Histograms(checkBounds);
    durations.of(labelText({ result })).observe(checkSeconds, total);
    return durations.series();
  };
  const one = (labels: Readonly<Record<string, string>>) => [{ labels: labelText(labels), value: total }];
  return [
    histogram(
      'apiserver_client_certificate_expiration_seconds',
      '[ALPHA] Distribution of the remaining lifetime on the certificate used to authenticate a request.',
      certificates.series(),
    ),
    counter(
      'authenticated_user_requests',
      '[ALPHA] Counter of authenticated requests broken out by username.',
      one({ username: 'other' }),
    ),
    counter('authentication_attempts', '[ALPHA] Counter of authenticated attempts.', one({ result: 'success' })),
    histogram(
      'authentication_duration_seconds',
      '[ALPHA] Authentication duration in seconds broken out by result.',
      checks('success'),
    ),
    counter(
      'authorization_attempts_total',
      "[ALPHA] Counter of authorization attempts broken down by result. It can be either 'allowed', 'denied', 'no-opinion' or 'error'.",
      one({ result: 'allowed' }),
    ),
    histogram(
      'authorization_duration_seconds',
      '[ALPHA] Authorization duration in seconds broken out by result.',
      checks('allowed'),
    ),
  ];
}

function unavailableServices({ storages }: ApiCore): MetricFamily {
  const series = storages
    .at('apiregistration.k8s.io/apiservices')
    .list(undefined)
    .map(({ metadata, status }) => {
      const { conditions = [] } = (status ?? {}) as NonNullable<APIService['status']>; // edge: an object of that resource
      const available = conditions.some(({ type, status: is }) => type === 'Available' && is === 'True');
      return { labels: labelText({ name: metadata?.name ?? '' }), value: available ? 0 : 1 };
    });
  const help = '[ALPHA] Gauge of APIServices which are marked as unavailable broken down by APIService name.';
  return gauge('aggregator_unavailable_apiservice', help, series);
}

function auditFamilies({ auditor }: ApiCore): readonly MetricFamily[] {
  const levels = new Counts();
  for (const [level, count] of auditor?.levels ?? []) levels.add(labelText({ level }), count);
  return [
    counter(
      'apiserver_audit_event_total',
      '[ALPHA] Counter of audit events generated and sent to the audit backend.',
      auditor?.events ?? 0,
    ),
    counter(
      'apiserver_audit_level_total',
      '[ALPHA] Counter of policy levels for audit events (1 per request).',
      levels.series(),
    ),
    counter(
      'apiserver_audit_requests_rejected_total',
      '[ALPHA] Counter of apiserver requests rejected due to an error in audit logging backend.',
      0,
    ),
  ];
}
