// StatefulSets.

import { alike } from '../../api/alike.ts';
import { type FieldError, forbidden, invalid, notSupported, required } from '../../api/field-error.ts';
import type { PodTemplateSpec, StatefulSet, StatefulSetSpec } from '../../api/generated/types.ts';
import { dns1123Label } from '../../api/names.ts';
import { internalForm } from '../internal-form.ts';
import { assign } from '../share.ts';
import { amountOf, atMostWhole, complain, intOrPercent, nonNegative, shownSelector } from './checks.ts';
import { validateClaimSpec } from './claim-spec.ts';
import { compiled, validateAnnotations, validateLabels } from './labels.ts';
import { validateRunsAlways, validateSelected, validateTemplate } from './pod-template.ts';
import { validateOwnSelector } from './workloads.ts';

/** Adds what is wrong with stateful set. */
export function validateStatefulSet({ spec }: StatefulSet, errors: FieldError[]): void {
  if (spec) validateSpec(errors, spec, { isNew: true, looksAtTemplate: true });
}

/** Adds what is wrong with changing a stateful set so. */
export function validateStatefulSetUpdate(set: StatefulSet, old: StatefulSet, errors: FieldError[]): void {
  const { spec } = set;
  const before = old.spec;
  if (!spec || !before) return;
  validateSpec(errors, spec, { isNew: false, looksAtTemplate: !isBroken(before) });
  const { replicas, template, updateStrategy, minReadySeconds, ordinals, revisionHistoryLimit } = before;
  const { persistentVolumeClaimRetentionPolicy } = before;
  const kept = { replicas, template, updateStrategy, minReadySeconds, ordinals, revisionHistoryLimit };
  if (!alike(assign(spec, { ...kept, persistentVolumeClaimRetentionPolicy }), before)) {
    const fields =
      "'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds'";
    errors.push(forbidden('spec', `updates to statefulset spec for fields other than ${fields} are forbidden`));
  }
}

/** What was stored before a rule was made must stay changeable: its template is then let be. */
function isBroken(spec: StatefulSetSpec): boolean {
  const errors: FieldError[] = [];
  validateSpec(errors, spec, { isNew: false, looksAtTemplate: true });
  return errors.length > 0;
}

interface Scrutiny {
  readonly isNew: boolean;
  readonly looksAtTemplate: boolean;
}

function validateSpec(errors: FieldError[], spec: StatefulSetSpec, { isNew, looksAtTemplate }: Scrutiny): void {
  const management = spec.podManagementPolicy ?? '';
  if (management === '') errors.push(required('spec.podManagementPolicy'));
  else if (management !== 'OrderedReady' && management !== 'Parallel')
    errors.push(invalid('spec.podManagementPolicy', management, "must be 'OrderedReady' or 'Parallel'"));
  validateStrategy(errors, 'spec.updateStrategy', spec);
  const policy = spec.persistentVolumeClaimRetentionPolicy;
  for (const [name, value] of Object.entries(policy ?? {}))
    if (value !== 'Retain' && value !== 'Delete')
      errors.push(notSupported(`spec.persistentVolumeClaimRetentionPolicy.${name}`, value, ['Retain', 'Delete']));
  if (isNew)
    for (const [i, claim] of (spec.volumeClaimTemplates ?? []).entries())
      validateClaimSpec(errors, `spec.volumeClaimTemplates[${i}].spec`, claim.spec ?? {});
  nonNegative(errors, 'spec.replicas', spec.replicas);
  nonNegative(errors, 'spec.minReadySeconds', spec.minReadySeconds);
  nonNegative(errors, 'spec.ordinals.start', spec.ordinals?.start);
  if (isNew && spec.serviceName) complain(errors, 'spec.serviceName', spec.serviceName, dns1123Label(spec.serviceName));
  validateOwnSelector(errors, { selector: spec.selector, kind: 'statefulset' });
  validatePods(errors, spec, looksAtTemplate);
}

function validatePods(errors: FieldError[], spec: StatefulSetSpec, looksAtTemplate: boolean): void {
  const selector = compiled(spec.selector);
  if (!selector) errors.push(invalid('spec.selector', shownSelector(spec.selector), ''));
  else {
    const template = withClaims(spec);
    if (!selector.isEmpty()) validateSelected(errors, 'spec.template', { template, selector });
    if (looksAtTemplate) validateTemplate(errors, 'spec.template', template);
    validateLabels(errors, 'spec.template.labels', template.metadata?.labels);
    validateAnnotations(errors, 'spec.template.annotations', template.metadata?.annotations);
  }
  validateRunsAlways(errors, 'spec.template', { template: spec.template, kind: 'StatefulSet' });
}

/** The template with the volumes that its claims will give it, and without the names that each pod gets. */
function withClaims({ template, volumeClaimTemplates = [] }: StatefulSetSpec): PodTemplateSpec {
  const { spec } = template;
  if (!spec || (volumeClaimTemplates.length === 0 && !spec.subdomain && !spec.hostname)) return template;
  const names = new Set(volumeClaimTemplates.map(({ metadata }) => metadata?.name ?? ''));
  const claimed = [...names].map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  const others = (spec.volumes ?? []).filter(({ name }) => !names.has(name));
  const volumes = [...claimed, ...others];
  return { ...template, spec: assign(spec, { volumes, subdomain: undefined, hostname: undefined }) };
}

function validateStrategy(errors: FieldError[], field: string, { updateStrategy }: StatefulSetSpec): void {
  const { type = '', rollingUpdate } = updateStrategy ?? {};
  const place = `${field}.rollingUpdate`;
  if (type === '') errors.push(required(field));
  else if (type === 'OnDelete') {
    if (rollingUpdate)
      errors.push(
        invalid(
          place,
          internalForm('apps_RollingUpdateStatefulSetStrategy', rollingUpdate),
          "only allowed for updateStrategy 'RollingUpdate'",
        ),
      );
  } else if (type !== 'RollingUpdate') {
    const value = internalForm('apps_StatefulSetUpdateStrategy', updateStrategy ?? {});
    errors.push(invalid(field, value, "must be 'RollingUpdate' or 'OnDelete'"));
  } else if (rollingUpdate) {
    nonNegative(errors, `${place}.partition`, rollingUpdate.partition);
    const { maxUnavailable } = rollingUpdate;
    if (maxUnavailable === undefined) return;
    intOrPercent(errors, `${place}.maxUnavailable`, maxUnavailable);
    if (amountOf(maxUnavailable) === 0) errors.push(invalid(`${place}.maxUnavailable`, maxUnavailable, 'cannot be 0'));
    atMostWhole(errors, `${place}.maxUnavailable`, maxUnavailable);
  }
}
