// What workloads share: replicas, a selector that matches the template, a template whose pods may live forever.
import { type FieldError, invalid, notSupported, required } from '../api/field-error.ts';
import type { LabelSelector, PodTemplateSpec } from '../api/generated/types.ts';
import { SelectorError, selectorOf } from '../api/selectors.ts';
import { equal, type JsonValue } from '../base/json.ts';
import { validatePodSpec } from './pod-spec-validation.ts';

interface WorkloadSpec {
  readonly replicas?: number | undefined;
  readonly selector?: LabelSelector | undefined;
  readonly template?: PodTemplateSpec | undefined;
}

/** `what` is how messages call the workload, e.g. `deployment`. */
export function validateWorkload(spec: WorkloadSpec | undefined, what: string, errors: FieldError[]): void {
  const { replicas = 0, selector, template } = spec ?? {};
  if (replicas < 0) errors.push(invalid('spec.replicas', replicas, 'must be greater than or equal to 0'));
  if (!selector) errors.push(required('spec.selector'));
  else if (!selector.matchExpressions?.length && Object.keys(selector.matchLabels ?? {}).length === 0)
    errors.push(invalid('spec.selector', asValue(selector), `empty selector is invalid for ${what}`));
  const labels = template?.metadata?.labels;
  const isEmpty =
    selector && Object.keys(selector.matchLabels ?? {}).length === 0 && !selector.matchExpressions?.length;
  if (!isEmpty && !matches(selector, labels)) {
    const text = '`selector` does not match template `labels`';
    errors.push(invalid('spec.template.metadata.labels', labels ?? null, text));
  }
  validatePodSpec(template?.spec, 'spec.template.spec', errors);
  const policy = template?.spec?.restartPolicy;
  if (policy && policy !== 'Always') errors.push(notSupported('spec.template.spec.restartPolicy', policy, ['Always']));
}

/** A selector never changes. */
export function validateSelectorUpdate(
  spec: WorkloadSpec | undefined,
  old: WorkloadSpec | undefined,
  errors: FieldError[],
): void {
  if (!equal(spec?.selector, old?.selector))
    errors.push(invalid('spec.selector', asValue(spec?.selector ?? null), 'field is immutable'));
}

function matches(selector: LabelSelector | undefined, labels: Readonly<Record<string, string>> | undefined): boolean {
  try {
    return selectorOf(selector).matches(labels);
  } catch (error) {
    if (error instanceof SelectorError) return false;
    throw error;
  }
}

function asValue(value: object | null): JsonValue {
  return value as JsonValue; // edge: API objects hold nothing but JSON
}
