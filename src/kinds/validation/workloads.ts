// What keeps pods running: Deployments, ReplicaSets, DaemonSets, StatefulSets, ReplicationControllers.

import { alike } from '../../api/alike.ts';
import { type FieldError, forbidden, invalid, notFound, notSupported, required } from '../../api/field-error.ts';
import type {
  DaemonSet,
  DaemonSetSpec,
  Deployment,
  DeploymentSpec,
  LabelSelector,
  PodTemplateSpec,
  ReplicaSet,
  ReplicationController,
} from '../../api/generated/types.ts';
import { selectorFromLabels } from '../../api/selectors.ts';
import { internalForm } from '../internal-form.ts';
import { amountOf, atMostWhole, immutable, intOrPercent, nonNegative, shown, shownSelector } from './checks.ts';
import { compiled, isEmptySelector, validateSelector } from './labels.ts';
import { validateReplicatedTemplate, validateRunsAlways, validateSelected, validateTemplate } from './pod-template.ts';

const noTemplate: PodTemplateSpec = {};

/** Adds what is wrong with deployment. */
export function validateDeployment({ spec }: Deployment, errors: FieldError[]): void {
  nonNegative(errors, 'spec.replicas', spec?.replicas);
  validateOwnSelector(errors, { selector: spec?.selector, kind: 'deployment' });
  const selector = compiled(spec?.selector);
  if (!selector) errors.push(invalid('spec.selector', shownSelector(spec?.selector), 'invalid label selector'));
  else {
    const template = spec?.template ?? noTemplate;
    validateReplicatedTemplate(errors, 'spec.template', { template, selector, kind: 'ReplicaSet' });
  }
  if (!spec) return;
  validateStrategy(errors, 'spec.strategy', spec);
  nonNegative(errors, 'spec.minReadySeconds', spec.minReadySeconds);
  nonNegative(errors, 'spec.revisionHistoryLimit', spec.revisionHistoryLimit);
  const deadline = spec.progressDeadlineSeconds;
  nonNegative(errors, 'spec.progressDeadlineSeconds', deadline);
  if (deadline !== undefined && deadline <= (spec.minReadySeconds ?? 0))
    errors.push(invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'));
}

/** Adds what is wrong with changing a deployment so. */
export function validateDeploymentUpdate(deployment: Deployment, old: Deployment, errors: FieldError[]): void {
  validateDeployment(deployment, errors);
  immutable(errors, 'spec.selector', deployment.spec?.selector, old.spec?.selector, 'j');
}

/** Adds what is wrong with replica set. */
export function validateReplicaSet({ spec }: ReplicaSet, errors: FieldError[]): void {
  nonNegative(errors, 'spec.replicas', spec?.replicas);
  nonNegative(errors, 'spec.minReadySeconds', spec?.minReadySeconds);
  // Upstream calls it a deployment here too.
  validateOwnSelector(errors, { selector: spec?.selector, kind: 'deployment' });
  const selector = compiled(spec?.selector);
  if (!selector)
    return void errors.push(invalid('spec.selector', shownSelector(spec?.selector), 'invalid label selector'));
  const template = spec?.template ?? noTemplate;
  validateReplicatedTemplate(errors, 'spec.template', { template, selector, kind: 'ReplicaSet' });
}

/** Adds what is wrong with changing a replica set so. */
export function validateReplicaSetUpdate(set: ReplicaSet, old: ReplicaSet, errors: FieldError[]): void {
  validateReplicaSet(set, errors);
  immutable(errors, 'spec.selector', set.spec?.selector, old.spec?.selector, 'j');
}

/** Adds what is wrong with replication controller. */
export function validateReplicationController({ spec }: ReplicationController, errors: FieldError[]): void {
  nonNegative(errors, 'spec.minReadySeconds', spec?.minReadySeconds);
  const selector = selectorFromLabels(spec?.selector);
  if (selector.isEmpty()) errors.push(required('spec.selector'));
  nonNegative(errors, 'spec.replicas', spec?.replicas);
  const { template } = spec ?? {};
  if (!template) errors.push(required('spec.template'));
  else validateReplicatedTemplate(errors, 'spec.template', { template, selector, kind: 'ReplicationController' });
}

/** Adds what is wrong with changing a replication controller so. */
export function validateReplicationControllerUpdate(
  controller: ReplicationController,
  old: ReplicationController,
  errors: FieldError[],
): void {
  validateReplicationController(controller, errors);
  for (const [key, value] of Object.entries(old.metadata?.annotations ?? {})) {
    const [prefix, broken, ...more] = key.split('/');
    if (prefix !== 'non-convertible.kubernetes.io' || broken === undefined || more.length > 0) continue;
    if (!broken.includes('selector')) errors.push(notFound(broken, value));
    else if (!alike(controller.spec?.selector, old.spec?.selector))
      errors.push(invalid('spec.selector', shown(controller.spec?.selector), 'cannot update non-convertible selector'));
  }
}

/** Adds what is wrong with daemon set. */
export function validateDaemonSet({ spec }: DaemonSet, errors: FieldError[]): void {
  validateSelector(errors, 'spec.selector', spec?.selector);
  const template = spec?.template ?? noTemplate;
  const selector = compiled(spec?.selector);
  if (selector) validateSelected(errors, 'spec.template', { template, selector });
  if (spec?.selector && isEmptySelector(spec.selector))
    errors.push(invalid('spec.selector', shownSelector(spec.selector), 'empty selector is invalid for daemonset'));
  validateTemplate(errors, 'spec.template', template);
  validateRunsAlways(errors, 'spec.template', { template, kind: 'DaemonSet' });
  if (!spec) return;
  nonNegative(errors, 'spec.minReadySeconds', spec.minReadySeconds);
  validateDaemonStrategy(errors, 'spec.updateStrategy', spec);
  nonNegative(errors, 'spec.revisionHistoryLimit', spec.revisionHistoryLimit);
}

/** Adds what is wrong with changing a daemon set so. */
export function validateDaemonSetUpdate(set: DaemonSet, old: DaemonSet, errors: FieldError[]): void {
  immutable(errors, 'spec.selector', set.spec?.selector, old.spec?.selector, 'j');
  validateDaemonSet(set, errors);
}

/** A selector that must be there and select by something. */
export function validateOwnSelector(
  errors: FieldError[],
  { selector, kind }: { readonly selector: LabelSelector | undefined; readonly kind: string },
): void {
  if (!selector) return void errors.push(required('spec.selector'));
  validateSelector(errors, 'spec.selector', selector);
  if (isEmptySelector(selector))
    errors.push(invalid('spec.selector', shownSelector(selector), `empty selector is invalid for ${kind}`));
}

function validateStrategy(errors: FieldError[], field: string, { strategy }: DeploymentSpec): void {
  const { type, rollingUpdate } = strategy ?? {};
  if (type === 'Recreate') {
    if (rollingUpdate)
      errors.push(forbidden(`${field}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'"));
  } else if (type !== 'RollingUpdate')
    errors.push(
      notSupported(field, internalForm('apps_DeploymentStrategy', strategy ?? {}), ['Recreate', 'RollingUpdate']),
    );
  else if (!rollingUpdate) errors.push(required(`${field}.rollingUpdate`, 'this should be defaulted and never be nil'));
  else {
    const { maxUnavailable, maxSurge } = rollingUpdate;
    const at = `${field}.rollingUpdate`;
    intOrPercent(errors, `${at}.maxUnavailable`, maxUnavailable);
    intOrPercent(errors, `${at}.maxSurge`, maxSurge);
    if (amountOf(maxUnavailable) === 0 && amountOf(maxSurge) === 0)
      errors.push(invalid(`${at}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
    atMostWhole(errors, `${at}.maxUnavailable`, maxUnavailable);
  }
}

function validateDaemonStrategy(errors: FieldError[], field: string, { updateStrategy }: DaemonSetSpec): void {
  const { type, rollingUpdate } = updateStrategy ?? {};
  if (type === 'OnDelete') return;
  if (type !== 'RollingUpdate') {
    const value = internalForm('apps_DaemonSetUpdateStrategy', updateStrategy ?? {});
    return void errors.push(notSupported(field, value, ['RollingUpdate', 'OnDelete']));
  }
  if (!rollingUpdate) return void errors.push(required(`${field}.rollingUpdate`));
  const { maxUnavailable, maxSurge } = rollingUpdate;
  const at = `${field}.rollingUpdate`;
  intOrPercent(errors, `${at}.maxUnavailable`, maxUnavailable);
  intOrPercent(errors, `${at}.maxSurge`, maxSurge);
  atMostWhole(errors, `${at}.maxUnavailable`, maxUnavailable);
  atMostWhole(errors, `${at}.maxSurge`, maxSurge);
  const some = amountOf(maxUnavailable) !== 0;
  const more = amountOf(maxSurge) !== 0;
  if (some && more) errors.push(invalid(`${at}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero'));
  else if (!some && !more) errors.push(required(`${at}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'));
}
