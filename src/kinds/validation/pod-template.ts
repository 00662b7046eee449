// Templates of pods in workloads.
import { type FieldError, forbidden, invalid, notSupported } from '../../api/field-error.ts';
import type { PodTemplateSpec } from '../../api/generated/types.ts';
import type { Selector } from '../../api/selectors.ts';
import { remember } from '../share.ts';
import { shown } from './checks.ts';
import { validateAnnotations, validateLabels } from './labels.ts';
import { validatePodSpec } from './pod-spec.ts';
import { validateProfileAnnotations, validateProfilesMatch } from './profile-annotations.ts';

/** Adds what is wrong with a template, found out once for each. */
export function validateTemplate(errors: FieldError[], field: string, template: PodTemplateSpec): void {
  for (const problem of problemsOf(template)) errors.push({ ...problem, field: `${field}${problem.field}` });
}

/** A template whose pods a selector must find and that run always; `kind` names who keeps them. */
export function validateReplicatedTemplate(
  errors: FieldError[],
  field: string,
  given: { readonly template: PodTemplateSpec; readonly selector: Selector | undefined; readonly kind: string },
): void {
  const { template, selector } = given;
  if (selector && !selector.isEmpty()) validateSelected(errors, field, { template, selector });
  validateTemplate(errors, field, template);
  validateRunsAlways(errors, field, given);
}

/** The selector must match the template's labels. */
export function validateSelected(
  errors: FieldError[],
  field: string,
  { template, selector }: { readonly template: PodTemplateSpec; readonly selector: Selector },
): void {
  const labels = template.metadata?.labels;
  if (!selector.matches(labels))
    errors.push(
      invalid(`${field}.metadata.labels`, shown(labels ?? null), '`selector` does not match template `labels`'),
    );
}

/** Restart policy Always, and no deadline. */
export function validateRunsAlways(
  errors: FieldError[],
  field: string,
  { template, kind }: { readonly template: PodTemplateSpec; readonly kind: string },
): void {
  const { restartPolicy = '', activeDeadlineSeconds } = template.spec ?? {};
  if (restartPolicy !== 'Always') errors.push(notSupported(`${field}.spec.restartPolicy`, restartPolicy, ['Always']));
  if (activeDeadlineSeconds !== undefined)
    errors.push(forbidden(`${field}.spec.activeDeadlineSeconds`, `activeDeadlineSeconds in ${kind} is not Supported`));
}

const problemsOf = remember((template: PodTemplateSpec): readonly FieldError[] => {
  const errors: FieldError[] = [];
  validateLabels(errors, '.labels', template.metadata?.labels);
  validateAnnotations(errors, '.annotations', template.metadata?.annotations);
  const spec = template.spec ?? { containers: [] };
  const annotated = { metadata: template.metadata, spec };
  validateProfileAnnotations(errors, '.annotations', annotated);
  validatePodSpec(errors, '.spec', { spec, inPod: false });
  validateProfilesMatch(errors, '.spec', annotated);
  if ((spec.ephemeralContainers?.length ?? 0) > 0)
    errors.push(forbidden('.spec.ephemeralContainers', 'ephemeral containers not allowed in pod template'));
  return errors;
});
