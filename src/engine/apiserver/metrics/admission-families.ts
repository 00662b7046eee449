// Families about admission: its steps, its plugins, its webhooks.
import { Counts, Histograms } from '../../../base/metric-counts.ts';
import { counter, labelText, type MetricFamily } from '../../../base/metrics-text.ts';
import type { RequestCell, RequestTally } from '../request-tally.ts';
import { histogram } from './request-families.ts';

const bounds = [0.005, 0.025, 0.1, 0.5, 1, 2.5];
/** Seconds that a plugin, and a step of all of them, is taken to need. */
const pluginSeconds = 0.000_02;
const stepSeconds = 0.000_4;

/** `plugins`: those that run, by their names. */
export function admissionFamilies(tally: RequestTally, plugins: readonly string[]): readonly MetricFamily[] {
  const operations = new Counts();
  const totals = new Map<string, number>();
  for (const cell of tally.cells()) {
    const operation = operationOf(cell);
    if (operation === undefined) continue;
    totals.set(operation, (totals.get(operation) ?? 0) + cell.count);
    operations.add(operation, cell.count);
  }
  const steps = new Histograms(bounds);
  const controllers = new Histograms(bounds);
  for (const [operation, count] of totals) {
    for (const type of ['admit', 'validate'])
      steps.of(labelText({ operation, rejected: 'false', type })).observe(stepSeconds, count);
    for (const name of plugins)
      for (const type of typesOf(name, operation))
        controllers.of(labelText({ name, operation, rejected: 'false', type })).observe(pluginSeconds, count);
  }
  return [
    histogram(
      'apiserver_admission_controller_admission_duration_seconds',
      '[STABLE] Admission controller latency histogram in seconds, identified by name and broken out for each operation and API resource and type (validate or admit).',
      controllers.series(),
    ),
    histogram(
      'apiserver_admission_step_admission_duration_seconds',
      '[STABLE] Admission sub-step latency histogram in seconds, broken out for each operation and API resource and step type (validate or admit).',
      steps.series(),
    ),
    ...webhookFamilies(tally),
  ];
}

function webhookFamilies({ webhooks }: RequestTally): readonly MetricFamily[] {
  return [
    histogram(
      'apiserver_admission_webhook_admission_duration_seconds',
      '[STABLE] Admission webhook latency histogram in seconds, identified by name and broken out for each operation and API resource and type (validate or admit).',
      webhooks.durations.series(),
    ),
    counter(
      'apiserver_admission_webhook_fail_open_count',
      '[ALPHA] Admission webhook fail open count, identified by name and broken out for each admission type (validating or admit).',
      webhooks.failedOpen.series(),
    ),
    counter(
      'apiserver_admission_webhook_rejection_count',
      '[ALPHA] Requests that webhooks have refused, or that were refused because one failed, by the kind of the failure.',
      webhooks.rejections.series(),
    ),
    counter(
      'apiserver_admission_webhook_request_total',
      '[ALPHA] Calls of webhooks, by the HTTP code that they came to and whether they refused.',
      webhooks.requests.series(),
    ),
  ];
}

const connections: ReadonlySet<string> = new Set(['attach', 'exec', 'portforward', 'proxy']);

/** What admission was asked about; undefined: it was not, or the request ended before. */
function operationOf({ verb, code, subresource, group }: RequestCell): string | undefined {
  if (code >= 400) return undefined;
  if (group === '' && connections.has(subresource)) return 'CONNECT';
  if (verb === 'create' || (verb === 'patch' && code === 201)) return 'CREATE';
  if (verb === 'update' || verb === 'patch') return 'UPDATE';
  return verb === 'delete' || verb === 'deletecollection' ? 'DELETE' : undefined;
}

/** Which operations a plugin looks at in each of its two rounds: Create, Update, Delete, coNnect. */
const rounds: Readonly<Record<string, { readonly admit?: string; readonly validate?: string }>> = {
  CertificateApproval: { validate: 'U' },
  CertificateSigning: { validate: 'U' },
  CertificateSubjectRestriction: { validate: 'C' },
  ClusterTrustBundleAttest: { validate: 'CU' },
  DefaultIngressClass: { admit: 'C' },
  DefaultStorageClass: { admit: 'C' },
  DefaultTolerationSeconds: { admit: 'CU' },
  LimitRanger: { admit: 'CU', validate: 'CU' },
  MutatingAdmissionPolicy: { admit: 'CUDN' },
  MutatingAdmissionWebhook: { admit: 'CUDN' },
  NamespaceLifecycle: { admit: 'CUD' },
  NodeRestriction: { admit: 'CUD' },
  PersistentVolumeClaimResize: { validate: 'U' },
  PodResizeValidator: { validate: 'U' },
  PodSecurity: { validate: 'CU' },
  PodTopologyLabels: { admit: 'C' },
  Priority: { admit: 'CUD', validate: 'CUD' },
  ResourceQuota: { validate: 'CU' },
  RuntimeClass: { admit: 'C', validate: 'C' },
  ServiceAccount: { admit: 'CU', validate: 'CU' },
  StorageObjectInUseProtection: { admit: 'C' },
  TaintNodesByCondition: { admit: 'C' },
  ValidatingAdmissionPolicy: { validate: 'CUDN' },
  ValidatingAdmissionWebhook: { validate: 'CUDN' },
};

function typesOf(plugin: string, operation: string): readonly ('admit' | 'validate')[] {
  const own = Object.hasOwn(rounds, plugin) ? rounds[plugin] : undefined;
  const letter = operation === 'CONNECT' ? 'N' : (operation[0] ?? '');
  return (['admit', 'validate'] as const).filter((type) => own?.[type]?.includes(letter));
}
