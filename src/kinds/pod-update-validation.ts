// What may change in a pod that exists: images, tolerations by addition, deadlines downwards. Nothing else.
import { type FieldError, forbidden, invalid } from '../api/field-error.ts';
import type { Container, Pod, PodSpec } from '../api/generated/types.ts';
import { equal } from '../base/json.ts';
import { validatePodSpec } from './pod-spec-validation.ts';

const mutable =
  '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

export function validatePodUpdate(pod: Pod, old: Pod, errors: FieldError[]): void {
  if (pod.spec === old.spec) return;
  validatePodSpec(pod.spec, 'spec', errors);
  const spec = pod.spec;
  const before = old.spec;
  if (!spec?.containers || !before) return;
  if (spec.containers.length !== before.containers.length) {
    errors.push(forbidden('spec.containers', 'pod updates may not add or remove containers'));
    return;
  }
  if ((spec.initContainers?.length ?? 0) !== (before.initContainers?.length ?? 0)) {
    errors.push(forbidden('spec.initContainers', 'pod updates may not add or remove containers'));
    return;
  }
  validateDeadline(spec, before, errors);
  const tolerations = spec.tolerations ?? [];
  for (const known of before.tolerations ?? []) {
    const kept = tolerations.some((one) =>
      equal({ ...one, tolerationSeconds: undefined }, { ...known, tolerationSeconds: undefined }),
    );
    if (kept) continue;
    errors.push(forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds'));
    return;
  }
  // Upstream adds a diff of the two specs to this message; it is left out here.
  if (!equal(fixedPart(spec), fixedPart(before)))
    errors.push(forbidden('spec', `pod updates may not change fields other than ${mutable}`));
}

function validateDeadline(spec: PodSpec, before: PodSpec, errors: FieldError[]): void {
  const wanted = spec.activeDeadlineSeconds;
  const old = before.activeDeadlineSeconds;
  if (old === undefined) return;
  if (wanted === undefined)
    errors.push(invalid('spec.activeDeadlineSeconds', null, 'must not update from a positive integer to nil value'));
  else if (wanted > old)
    errors.push(invalid('spec.activeDeadlineSeconds', wanted, 'must be less than or equal to previous value'));
}

function fixedPart(spec: PodSpec): object {
  const { activeDeadlineSeconds, tolerations, schedulingGates, nodeSelector, affinity, ...rest } = spec;
  const gated = schedulingGates !== undefined ? {} : { nodeSelector, affinity };
  return {
    ...rest,
    ...gated,
    containers: spec.containers.map(withoutImage),
    initContainers: spec.initContainers?.map(withoutImage),
  };
}

function withoutImage({ image, ...rest }: Container): object {
  return rest;
}
