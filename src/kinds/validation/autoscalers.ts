// HorizontalPodAutoscalers: what they scale, by which metrics, how fast.
import { type FieldError, forbidden, invalid, notSupported, required } from '../../api/field-error.ts';
import type {
  CrossVersionObjectReference,
  HorizontalPodAutoscaler,
  HPAScalingPolicy,
  HPAScalingRules,
  MetricSpec,
  MetricTarget,
} from '../../api/generated/types.ts';
import { dns1123Label, pathSegmentName } from '../../api/names.ts';
import { parseQuantity, quantityProblem } from '../../api/quantity.ts';
import { complain, requireName } from './checks.ts';
import { containerResourceName } from './resources.ts';

const windowSecondsMax = 3600;
const periodSecondsMax = 1800;

/** Adds what is wrong with an autoscaler. The version of what is scaled is not looked at again. */
export function validateAutoscaler(
  { spec }: HorizontalPodAutoscaler,
  errors: FieldError[],
  old?: HorizontalPodAutoscaler,
): void {
  if (!spec) return;
  const { minReplicas, maxReplicas = 0, scaleTargetRef, metrics = [], behavior } = spec;
  const least = old?.spec?.minReplicas === 0 ? 0 : 1;
  if (minReplicas !== undefined && minReplicas < least)
    errors.push(invalid('spec.minReplicas', minReplicas, `must be greater than or equal to ${least}`));
  if (maxReplicas === 0) errors.push(required('spec.maxReplicas', 'must be set and greater than 0'));
  else if (maxReplicas < 0) errors.push(invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to 1'));
  if (minReplicas !== undefined && maxReplicas < minReplicas)
    errors.push(invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`'));
  const before = old?.spec?.scaleTargetRef;
  const same = before && before.apiVersion === scaleTargetRef?.apiVersion && before.kind === scaleTargetRef?.kind;
  const needsGroup = same ? undefined : scaleTargetRef?.kind !== 'ReplicationController';
  validateReference(errors, 'spec.scaleTargetRef', { reference: scaleTargetRef, needsGroup });
  for (const [i, metric] of metrics.entries()) validateMetric(errors, `spec.metrics[${i}]`, metric);
  const toZero = metrics.some(({ type }) => type === 'Object' || type === 'External');
  if (minReplicas === 0 && !toZero) {
    const detail = 'must specify at least one Object or External metric to support scaling to zero replicas';
    errors.push(forbidden('spec.metrics', detail));
  }
  for (const name of ['scaleUp', 'scaleDown'] as const)
    if (behavior?.[name]) validateRules(errors, `spec.behavior.${name}`, behavior[name]);
}

type Reference = Partial<CrossVersionObjectReference> | undefined;

/** `needsGroup`: undefined where any version will do. */
function validateReference(
  errors: FieldError[],
  field: string,
  { reference, needsGroup }: { readonly reference: Reference; readonly needsGroup: boolean | undefined },
): void {
  requireName(errors, `${field}.kind`, { name: reference?.kind, valid: pathSegmentName });
  requireName(errors, `${field}.name`, { name: reference?.name, valid: pathSegmentName });
  const problem = needsGroup === undefined ? undefined : versionProblem(reference, needsGroup);
  if (problem !== undefined) errors.push(invalid(`${field}.apiVersion`, reference?.apiVersion ?? '', problem));
}

function versionProblem(reference: Reference, needsGroup: boolean): string | undefined {
  const version = reference?.apiVersion ?? '';
  const slashes = version.split('/').length - 1;
  if (slashes > 1) return `unexpected GroupVersion string: ${version}`;
  const group = slashes === 1 && version !== '/' ? version.slice(0, version.indexOf('/')) : '';
  return needsGroup && group === '' ? 'apiVersion must specify API group' : undefined;
}

function validateRules(errors: FieldError[], field: string, rules: HPAScalingRules): void {
  const { stabilizationWindowSeconds: seconds, selectPolicy, policies = [], tolerance } = rules;
  const window = `${field}.stabilizationWindowSeconds`;
  if (seconds !== undefined && seconds < 0)
    errors.push(invalid(window, seconds, 'must be greater than or equal to zero'));
  if (seconds !== undefined && seconds > windowSecondsMax)
    errors.push(invalid(window, seconds, `must be less than or equal to ${windowSecondsMax}`));
  const choices = ['Disabled', 'Max', 'Min'];
  if (selectPolicy !== undefined && !choices.includes(selectPolicy))
    errors.push(notSupported(`${field}.selectPolicy`, selectPolicy, choices));
  if (policies.length === 0) errors.push(required(`${field}.policies`, 'must specify at least one Policy'));
  for (const [i, policy] of policies.entries()) validatePolicy(errors, `${field}.policies[${i}]`, policy);
  if (tolerance !== undefined && quantityProblem(tolerance) === undefined && parseQuantity(tolerance).sign() < 0)
    errors.push(invalid(`${field}.tolerance`, tolerance, 'must be greater than or equal to 0'));
}

function validatePolicy(
  errors: FieldError[],
  field: string,
  { type = '', value = 0, periodSeconds = 0 }: Partial<HPAScalingPolicy>,
): void {
  if (type !== 'Pods' && type !== 'Percent') errors.push(notSupported(`${field}.type`, type, ['Percent', 'Pods']));
  if (value <= 0) errors.push(invalid(`${field}.value`, value, 'must be greater than zero'));
  if (periodSeconds <= 0) errors.push(invalid(`${field}.periodSeconds`, periodSeconds, 'must be greater than zero'));
  if (periodSeconds > periodSecondsMax)
    errors.push(invalid(`${field}.periodSeconds`, periodSeconds, `must be less than or equal to ${periodSecondsMax}`));
}

/** In the order in which they are looked at; only the first that is there is looked into. */
const sources = ['object', 'external', 'pods', 'resource', 'containerResource'] as const;
type Source = (typeof sources)[number];
const sourceTypes = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];

function validateMetric(errors: FieldError[], field: string, metric: MetricSpec): void {
  const { type = '' } = metric as { readonly type?: string }; // edge: what a schema requires may still be missing
  if (type === '') errors.push(required(`${field}.type`, 'must specify a metric source type'));
  const known = sourceTypes.includes(type);
  if (!known) errors.push(notSupported(`${field}.type`, type, sourceTypes));
  const present = sources.filter((name) => metric[name] !== undefined);
  const [first] = present;
  if (first) validateSource(errors, `${field}.${first}`, { metric, source: first });
  const expected = sources.find((name) => name === type.charAt(0).toLowerCase() + type.slice(1));
  if (!known || !expected) errors.push(notSupported(`${field}.type`, type, sourceTypes));
  else if (metric[expected] === undefined)
    errors.push(required(`${field}.${expected}`, 'must populate information for the given metric source'));
  if (present.length === 1) return;
  for (const name of present)
    if (name !== expected) errors.push(forbidden(`${field}.${name}`, 'must populate the given metric source only'));
}

function validateSource(
  errors: FieldError[],
  field: string,
  { metric, source }: { readonly metric: MetricSpec; readonly source: Source },
): void {
  const { target = noTarget } = metric[source] ?? {};
  const { value, averageValue } = target;
  const each = `${field}.target.averageValue`;
  if (source === 'object')
    validateReference(errors, `${field}.describedObject`, {
      reference: metric.object?.describedObject,
      needsGroup: false,
    });
  if (source === 'resource' || source === 'containerResource')
    return void validateUsage(errors, field, { metric, source });
  validateMetricName(errors, `${field}.metric.name`, metric[source]?.metric?.name);
  validateTarget(errors, `${field}.target`, target);
  if (source === 'pods') {
    if (averageValue === undefined) errors.push(required(each, 'must specify a positive target averageValue'));
    return;
  }
  if (value === undefined && averageValue === undefined) {
    const detail = source === 'object' ? 'value or averageValue' : 'value for metric or a per-pod target';
    errors.push(required(each, `must set either a target ${detail}`));
  }
  if (source === 'external' && value !== undefined && averageValue !== undefined)
    errors.push(forbidden(`${field}.target.value`, 'may not set both a target value for metric and a per-pod target'));
}

const noTarget: MetricTarget = { type: '' };

function validateUsage(
  errors: FieldError[],
  field: string,
  { metric, source }: { readonly metric: MetricSpec; readonly source: 'resource' | 'containerResource' },
): void {
  const { name = '', target = noTarget } = metric[source] ?? {};
  if (name === '') errors.push(required(`${field}.name`, 'must specify a resource name'));
  else if (source === 'containerResource') containerResourceName(errors, `${field}.name`, name);
  if (source === 'containerResource') {
    const { container = '' } = metric.containerResource ?? {};
    if (container === '') errors.push(required(`${field}.container`, 'must specify a container'));
    else complain(errors, `${field}.container`, container, dns1123Label(container));
  }
  validateTarget(errors, `${field}.target`, target);
  const { averageUtilization, averageValue } = target;
  if (averageUtilization === undefined && averageValue === undefined) {
    const detail = 'must set either a target raw value or a target utilization';
    errors.push(required(`${field}.target.averageUtilization`, detail));
  } else if (averageUtilization !== undefined && averageValue !== undefined) {
    const detail = 'may not set both a target raw value and a target utilization';
    errors.push(forbidden(`${field}.target.averageValue`, detail));
  }
}

function validateMetricName(errors: FieldError[], field: string, name: string | undefined): void {
  if (!name) errors.push(required(field, 'must specify a metric name'));
  else complain(errors, field, name, pathSegmentName(name));
}

function validateTarget(errors: FieldError[], field: string, target: Partial<MetricTarget>): void {
  const { type = '', averageUtilization } = target;
  if (type === '') errors.push(required(`${field}.type`, 'must specify a metric target type'));
  if (!['Utilization', 'Value', 'AverageValue'].includes(type))
    errors.push(invalid(`${field}.type`, type, 'must be either Utilization, Value, or AverageValue'));
  for (const name of ['value', 'averageValue'] as const) {
    const amount = target[name];
    if (amount !== undefined && quantityProblem(amount) === undefined && parseQuantity(amount).sign() <= 0)
      errors.push(invalid(`${field}.${name}`, amount, 'must be positive'));
  }
  if (averageUtilization !== undefined && averageUtilization < 1)
    errors.push(invalid(`${field}.averageUtilization`, averageUtilization, 'must be greater than 0'));
}
