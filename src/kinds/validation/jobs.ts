// Jobs and CronJobs.

import { alike } from '../../api/alike.ts';
import { type FieldError, invalid, notSupported, required, tooLong } from '../../api/field-error.ts';
import type { Container, Job, JobSpec, PodTemplateSpec } from '../../api/generated/types.ts';
import { dns1123Label } from '../../api/names.ts';
import { internalForm } from '../internal-form.ts';
import { assign } from '../share.ts';
import { immutable, nonNegative, shownSelector } from './checks.ts';
import { validatePodFailurePolicy, validateSuccessPolicy } from './job-policies.ts';
import { compiled, hasInvalidValues, type SelectorLeniency, validateSelector } from './labels.ts';
import { domainPrefixedPath } from './paths.ts';
import { validateSelected, validateTemplate } from './pod-template.ts';

/** Adds what is wrong with job. */
export function validateJob(job: Job, errors: FieldError[]): void {
  validateWhole(job, { prefixed: true, invalidValues: false }, errors);
}

/** What may be as it was in the old object. */
interface Leniency extends SelectorLeniency {
  /** A selector that the server makes has the newer labels, too. */
  readonly prefixed: boolean;
}

function validateWhole(job: Job, leniency: Leniency, errors: FieldError[]): void {
  const { spec, metadata } = job;
  if (!spec) return;
  validateGenerated(errors, job, leniency.prefixed);
  validateJobSpec(errors, spec, leniency);
  if (spec.completionMode !== 'Indexed' || !spec.completions) return;
  const hostname = `${metadata?.name ?? ''}-${spec.completions - 1}`;
  if (dns1123Label(hostname).length > 0) {
    const detail = `will not able to create pod with invalid DNS label: ${hostname}`;
    errors.push(invalid('metadata.name', metadata?.name ?? '', detail));
  }
}

/** Adds what is wrong with changing a job so. Upstream looks at the new spec twice, and tells each problem twice. */
export function validateJobUpdate(job: Job, before: Job, errors: FieldError[]): void {
  const { spec } = job;
  const { spec: old } = before;
  if (!spec || !old) return;
  const labels = old.template.metadata?.labels ?? {};
  const leniency = {
    prefixed: [jobNameLabel, controllerLabel].every((label) => Object.hasOwn(labels, label)),
    invalidValues: hasInvalidValues(old.selector),
  };
  validateWhole(job, leniency, errors);
  validateJobSpec(errors, spec, leniency);
  if (spec.completionMode !== 'Indexed') immutable(errors, 'spec.completions', spec.completions, old.completions);
  else if (spec.completions !== old.completions && spec.completions !== undefined)
    if (spec.completions !== spec.parallelism) {
      const detail = 'can only be modified in tandem with spec.parallelism';
      errors.push(invalid('spec.completions', spec.completions, detail));
    }
  immutable(errors, 'spec.selector', spec.selector, old.selector, 'j');
  validateTemplateUpdate(errors, job, before);
  for (const name of [
    'completionMode',
    'podFailurePolicy',
    'backoffLimitPerIndex',
    'managedBy',
    'successPolicy',
  ] as const)
    immutable(errors, `spec.${name}`, spec[name], old[name], policies[name]);
}

/** How messages show them. */
const policies: { readonly [name: string]: string | undefined } = {
  podFailurePolicy: 'batch_PodFailurePolicy',
  successPolicy: 'batch_SuccessPolicy',
};

const jobNameLabel = 'batch.kubernetes.io/job-name';
const controllerLabel = 'batch.kubernetes.io/controller-uid';

/** A selector that the server makes finds this very job's pods, and no others. `prefixed`: by the newer labels, too. */
function validateGenerated(errors: FieldError[], { spec, metadata }: Job, prefixed: boolean): void {
  if (!spec?.selector || spec.manualSelector) return;
  const { uid = '', name = '' } = metadata ?? {};
  if (uid === '') errors.push(required('metadata.uid'));
  const expected = {
    'controller-uid': uid,
    'job-name': name,
    ...(prefixed && { [controllerLabel]: uid, [jobNameLabel]: name }),
  };
  const labels = spec.template?.metadata?.labels ?? {};
  for (const [label, value] of Object.entries(expected)) {
    const place = `spec.template.metadata.labels[${label}]`;
    if (!Object.hasOwn(labels, label)) errors.push(required(place, `must be '${value}'`));
    else if (labels[label] !== value) errors.push(invalid(place, labels, `must be '${value}'`));
  }
  const selector = compiled(spec.selector);
  if (selector && !selector.matches(expected))
    errors.push(invalid('spec.selector', shownSelector(spec.selector), '`selector` not auto-generated'));
}

function validateJobSpec(errors: FieldError[], spec: JobSpec, leniency: SelectorLeniency): void {
  validateCommon(errors, 'spec', spec);
  if (spec.selector) validateSelector(errors, 'spec.selector', spec.selector, leniency);
  else errors.push(required('spec.selector'));
  const selector = compiled(spec.selector);
  if (selector) validateSelected(errors, 'spec.template', { template: spec.template, selector });
}

/** What holds for jobs and for those that a CronJob will make. */
export function validateCommon(errors: FieldError[], field: string, spec: JobSpec): void {
  nonNegative(errors, `${field}.parallelism`, spec.parallelism);
  nonNegative(errors, `${field}.completions`, spec.completions);
  nonNegative(errors, `${field}.activeDeadlineSeconds`, spec.activeDeadlineSeconds);
  nonNegative(errors, `${field}.backoffLimit`, spec.backoffLimit);
  nonNegative(errors, `${field}.ttlSecondsAfterFinished`, spec.ttlSecondsAfterFinished);
  nonNegative(errors, `${field}.backoffLimitPerIndex`, spec.backoffLimitPerIndex);
  nonNegative(errors, `${field}.maxFailedIndexes`, spec.maxFailedIndexes);
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined)
    errors.push(required(`${field}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'));
  if (spec.managedBy !== undefined) {
    domainPrefixedPath(errors, `${field}.managedBy`, spec.managedBy);
    if (spec.managedBy.length > managedByMax) errors.push(tooLong(`${field}.managedBy`, managedByMax));
  }
  validateCompletionMode(errors, field, spec);
  if (spec.podFailurePolicy) validatePodFailurePolicy(errors, `${field}.podFailurePolicy`, spec);
  if (spec.successPolicy && spec.completionMode === 'Indexed')
    validateSuccessPolicy(errors, `${field}.successPolicy`, spec);
  else if (spec.successPolicy)
    errors.push(
      invalid(
        `${field}.successPolicy`,
        internalForm('batch_SuccessPolicy', spec.successPolicy),
        'requires indexed completion mode',
      ),
    );
  const replacements = spec.podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
  const replacement = spec.podReplacementPolicy;
  if (replacement !== undefined && !replacements.includes(replacement))
    errors.push(notSupported(`${field}.podReplacementPolicy`, replacement, replacements));
  validateTemplate(errors, `${field}.template`, spec.template);
  validateRestartPolicy(errors, `${field}.template.spec.restartPolicy`, spec);
}

const managedByMax = 63;
const indexedMax = 100_000;
const highMax = 10_000;

function validateCompletionMode(errors: FieldError[], field: string, spec: JobSpec): void {
  const { completionMode: mode = 'NonIndexed', completions, parallelism, maxFailedIndexes } = spec;
  if (mode === 'Indexed') {
    if (completions === undefined) errors.push(required(`${field}.completions`, 'when completion mode is Indexed'));
    if (parallelism !== undefined && parallelism > indexedMax) {
      const detail = `must be less than or equal to ${indexedMax} when completion mode is Indexed`;
      errors.push(invalid(`${field}.parallelism`, parallelism, detail));
    }
    if (completions !== undefined && maxFailedIndexes !== undefined && maxFailedIndexes > completions)
      errors.push(invalid(`${field}.maxFailedIndexes`, maxFailedIndexes, 'must be less than or equal to completions'));
    if (maxFailedIndexes !== undefined && maxFailedIndexes > indexedMax) {
      const detail = `must be less than or equal to ${indexedMax}`;
      errors.push(invalid(`${field}.maxFailedIndexes`, maxFailedIndexes, detail));
    }
    if ((completions ?? 0) > indexedMax && spec.backoffLimitPerIndex !== undefined)
      validateHighCompletions(errors, field, spec);
    return;
  }
  if (mode !== 'NonIndexed')
    return void errors.push(notSupported(`${field}.completionMode`, mode, ['NonIndexed', 'Indexed']));
  for (const name of ['backoffLimitPerIndex', 'maxFailedIndexes'] as const)
    if (spec[name] !== undefined)
      errors.push(invalid(`${field}.${name}`, spec[name], 'requires indexed completion mode'));
}

function validateHighCompletions(errors: FieldError[], field: string, spec: JobSpec): void {
  if (spec.maxFailedIndexes === undefined) {
    const detail = `must be specified when completions is above ${indexedMax}`;
    errors.push(required(`${field}.maxFailedIndexes`, detail));
  }
  const when = `when completions are above ${indexedMax} and used with backoff limit per index`;
  for (const name of ['parallelism', 'maxFailedIndexes'] as const)
    if ((spec[name] ?? 0) > highMax)
      errors.push(invalid(`${field}.${name}`, spec[name], `must be less than or equal to ${highMax} ${when}`));
}

function validateRestartPolicy(errors: FieldError[], field: string, { template, podFailurePolicy }: JobSpec): void {
  const policy = template.spec?.restartPolicy || 'Always';
  if (policy === 'Always') errors.push(required(field, 'valid values: "OnFailure", "Never"'));
  else if (policy !== 'OnFailure' && policy !== 'Never')
    errors.push(notSupported(field, policy, ['OnFailure', 'Never']));
  else if (podFailurePolicy && policy !== 'Never')
    errors.push(invalid(field, policy, 'only "Never" is supported when podFailurePolicy is specified'));
}

/** While a job is suspended and none of its pods run, where its pods may run and what they ask for can still change. */
function validateTemplateUpdate(errors: FieldError[], { spec }: Job, { spec: old, status }: Job): void {
  if (!spec || !old) return;
  const held = status?.conditions?.some(({ type, status: is }) => type === 'Suspended' && is === 'True');
  const open = old.suspend && (status?.startTime === undefined || held) && (status?.active ?? 0) === 0;
  const allowed = open ? withDirectives(spec.template, old.template) : old.template;
  if (!open) {
    if (alike(spec.template, allowed)) return;
    errors.push(invalid('spec.template', internalForm('PodTemplateSpec', spec.template), 'field is immutable'));
    return;
  }
  const { spec: wanted } = spec.template;
  if (!wanted || !allowed.spec || alike(wanted, allowed.spec)) return;
  errors.push(invalid('spec.template.spec', internalForm('PodSpec', wanted), 'field is immutable'));
}

function withDirectives(template: PodTemplateSpec, old: PodTemplateSpec): PodTemplateSpec {
  if (!template.spec || !old.spec) return old;
  const { nodeSelector, tolerations, schedulingGates, affinity, containers, initContainers } = template.spec;
  const nodeAffinity = affinity?.nodeAffinity;
  const others = assign(old.spec.affinity ?? {}, { nodeAffinity });
  const spec = assign(old.spec, {
    nodeSelector,
    tolerations,
    schedulingGates,
    affinity: affinity || Object.keys(others).length > 0 ? others : undefined,
    containers: withResources(containers, old.spec.containers),
    ...(old.spec.initContainers && { initContainers: withResources(initContainers, old.spec.initContainers) }),
  });
  return { metadata: template.metadata, spec };
}

function withResources(wanted: readonly Container[] = [], old: readonly Container[]): readonly Container[] {
  if (wanted.length !== old.length) return old;
  return old.map((container, i) =>
    wanted[i]?.name === container.name ? assign(container, { resources: wanted[i]?.resources }) : container,
  );
}
