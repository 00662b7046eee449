// Jobs.
import type { Job, JobSpec } from '../api/generated/types.ts';
import { parseTime } from '../api/meta.ts';
import { quote } from '../base/go/quote.ts';
import { humanDuration } from '../base/human-duration.ts';
import { ageColumn, containerColumns, nameColumn, selectorColumn, selectorText, textColumn } from './columns.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { templateDefaults } from './pod-spec-defaults.ts';
import { assign, change, changeAll, fill, fillZero } from './share.ts';

/** What the server knows about Jobs. */
export const job = defineKind<Job>({
  ...specGeneration,
  group: 'batch',
  kind: 'Job',
  defaultPropagation: 'orphan',
  unsaidPropagation:
    'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
  defaults(job) {
    const defaulted = change(job, 'spec', jobSpecDefaults);
    const labels = defaulted.spec?.template?.metadata?.labels;
    if (!labels || Object.keys(defaulted.metadata?.labels ?? {}).length > 0) return defaulted;
    return { ...defaulted, metadata: { ...defaulted.metadata, labels } };
  },
  prepareForCreate: (job) => withSelector({ ...job, status: {} }),
  prepareForUpdate: (job, old) => assign(job, { status: old.status }),
  unknownField: (field) => `field label ${quote(field)} not supported for Job`,
  fields: { 'status.successful': (job) => String(job.status?.succeeded ?? 0) },
  columns: [
    nameColumn,
    textColumn('Status', 'How the job is doing.', stateOf),
    textColumn('Completions', 'Pods that succeeded, of those wanted.', completionsOf),
    textColumn('Duration', 'Time from start to completion, or until now.', ({ status }, nowMs) => {
      const start = parseTime(status?.startTime);
      return start === undefined ? '' : humanDuration((parseTime(status?.completionTime) ?? nowMs) - start);
    }),
    ageColumn,
    ...containerColumns<Job>(({ spec }) => spec?.template.spec?.containers),
    selectorColumn(({ spec }) => selectorText(spec?.selector)),
  ],
});

/** The spec with what upstream fills in, here and in CronJobs. */
export function jobSpecDefaults(given: JobSpec): JobSpec {
  let spec = given;
  if (spec.completions === undefined && spec.parallelism === undefined)
    spec = { ...spec, completions: 1, parallelism: 1 };
  spec = fill(spec, {
    parallelism: 1,
    backoffLimit: spec.backoffLimitPerIndex === undefined ? 6 : 2147483647,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed',
    manualSelector: false,
  });
  spec = change(spec, 'podFailurePolicy', (policy) =>
    change(policy, 'rules', (rules) =>
      changeAll(rules, (rule) =>
        change(rule, 'onPodConditions', (patterns) =>
          changeAll(patterns, (pattern) => fillZero(pattern, { status: 'True' })),
        ),
      ),
    ),
  );
  return change(spec, 'template', templateDefaults);
}

/** A job finds its pods by its own uid unless the user says how; what the user says besides is for validation. */
function withSelector(job: Job): Job {
  const { spec, metadata } = job;
  if (!spec || spec.manualSelector) return job;
  // Labels that were taken over from the template are the same map upstream, which now gains more.
  const taken = metadata?.labels === undefined || metadata.labels === spec.template?.metadata?.labels;
  const { uid = '', name = '' } = metadata ?? {};
  const generated = {
    'job-name': name,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'batch.kubernetes.io/controller-uid': uid,
  };
  const labels = { ...generated, ...spec.template?.metadata?.labels };
  const template = { ...spec.template, metadata: { ...spec.template?.metadata, labels } };
  const matchLabels = { 'batch.kubernetes.io/controller-uid': uid, ...spec.selector?.matchLabels };
  return {
    ...job,
    ...(taken && { metadata: { ...metadata, labels } }),
    spec: { ...spec, selector: { ...spec.selector, matchLabels }, template },
  };
}

function stateOf({ metadata, status }: Job): string {
  const holds = (type: string) => status?.conditions?.find((one) => one.type === type)?.status === 'True';
  if (holds('Complete')) return 'Complete';
  if (holds('Failed')) return 'Failed';
  if (metadata?.deletionTimestamp !== undefined) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(holds) ?? 'Running';
}

function completionsOf({ spec, status }: Job): string {
  const succeeded = status?.succeeded ?? 0;
  if (spec?.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const parallelism = spec?.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}
