// Pods: created and changed.

import { alike } from '../../api/alike.ts';
import { type FieldError, forbidden, invalid, required } from '../../api/field-error.ts';
import type { Container, Pod, PodSpec, Toleration } from '../../api/generated/types.ts';
import { dns1123Subdomain, inRange } from '../../api/names.ts';
import { appArmorAnnotation } from '../app-armor.ts';
import { internalDiff } from '../internal-form.ts';
import { assign } from '../share.ts';
import { validateTolerations } from './affinity.ts';
import { complain, sortedEntries } from './checks.ts';
import { validateImageSpaces } from './containers.ts';
import { validateNarrowing } from './gated-pods.ts';
import { validatePodSpec } from './pod-spec.ts';
import { validateProfileAnnotations, validateProfilesMatch } from './profile-annotations.ts';

const emptySpec: PodSpec = { containers: [] };

/** A spec that has a list of containers at least. */
function specOf({ spec }: Pod): PodSpec {
  return spec?.containers ? spec : { ...spec, ...emptySpec };
}

/** Adds what is wrong with pod. */
export function validatePod(pod: Pod, errors: FieldError[]): void {
  const spec = pod.spec ?? emptySpec;
  validatePodAnnotations(errors, pod);
  validatePodUnit(errors, spec);
  validateEphemeralVolumes(errors, pod);
  if ((spec.ephemeralContainers?.length ?? 0) > 0)
    errors.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'));
  if (spec.nodeName && (spec.schedulingGates?.length ?? 0) > 0)
    errors.push(forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'));
  validateProfilesMatch(errors, 'spec', { metadata: pod.metadata, spec });
}

/** Little of a pod may change: images, the deadline, tolerations that are added, gates that are removed. */
export function validatePodUpdate(pod: Pod, before: Pod, errors: FieldError[]): void {
  const spec = specOf(pod);
  const old = specOf(before);
  validateAnnotationChanges(errors, pod, before);
  if (alike(spec, old)) return;
  validatePodUnit(errors, spec);
  if (!validateImages(errors, 'spec.containers', spec.containers, old.containers)) return;
  if (!validateImages(errors, 'spec.initContainers', spec.initContainers ?? [], old.initContainers ?? [])) return;
  if (!validateDeadline(errors, spec, old)) return;
  validateAddedTolerations(errors, spec.tolerations ?? [], old.tolerations ?? []);
  validateRemovedGates(errors, spec, old);
  if (old.schedulingGates?.length) validateNarrowing(errors, spec, old);
  const munged = withChangeable(spec, old);
  if (alike(munged, old)) return;
  const diff = internalDiff('PodSpec', { from: old, to: munged });
  errors.push(forbidden('spec', `pod updates may not change fields other than ${changeable.join(',')}\n${diff}`));
}

/** Ephemeral containers are only added: those that are there stay as they are. */
export function validateEphemeralUpdate(pod: Pod, before: Pod, errors: FieldError[]): void {
  validatePodUnit(errors, pod.spec ?? emptySpec);
  if (before.metadata?.annotations && Object.hasOwn(before.metadata.annotations, mirror)) {
    errors.splice(0, errors.length, forbidden('[]', 'static pods do not support ephemeral containers'));
    return;
  }
  const field = 'spec.ephemeralContainers';
  const present = new Map((pod.spec?.ephemeralContainers ?? []).map((container) => [container.name, container]));
  for (const from of before.spec?.ephemeralContainers ?? []) {
    const to = present.get(from.name);
    const name = JSON.stringify(from.name);
    if (!to) errors.push(forbidden(field, `existing ephemeral containers ${name} may not be removed\n`));
    else if (!alike(from, to)) {
      const diff = internalDiff('EphemeralContainer', { from, to });
      errors.push(forbidden(field, `existing ephemeral containers ${name} may not be changed\n${diff}`));
    }
  }
}

const mirror = 'kubernetes.io/config.mirror';
const deletionCost = 'controller.kubernetes.io/pod-deletion-cost';

function validatePodAnnotations(errors: FieldError[], { metadata, spec }: Pod): void {
  const annotations = metadata?.annotations;
  if (!annotations) return;
  const { [mirror]: mirrored, [deletionCost]: cost } = annotations;
  if (mirrored !== undefined && !spec?.nodeName) {
    const detail = 'must set spec.nodeName if mirror pod annotation is set';
    errors.push(invalid(`metadata.annotations[${mirror}]`, mirrored, detail));
  }
  const whole = cost === undefined || (/^(0|[+-]?[1-9]\d{0,9})$/.test(cost) && !cost.startsWith('+'));
  if (!whole || Math.abs(Number(cost ?? 0) + 0.5) > 2 ** 31)
    errors.push(invalid(`metadata.annotations[${deletionCost}]`, cost ?? '', 'must be a 32bit integer'));
  validateProfileAnnotations(errors, 'metadata.annotations', { metadata, spec: spec ?? emptySpec });
}

/** Some annotations are the kubelet's, or fixed when the pod is made. */
function validateAnnotationChanges(errors: FieldError[], pod: Pod, before: Pod): void {
  const now = pod.metadata?.annotations ?? {};
  const old = before.metadata?.annotations ?? {};
  if (alike(now, old)) return;
  const refuse = (key: string, what: string): void => {
    const name = key === mirror ? 'mirror pod annotation' : 'AppArmor annotations';
    if (key === mirror || key.startsWith(appArmorAnnotation))
      errors.push(forbidden(`metadata.annotations[${key}]`, `may not ${what} ${name}`));
  };
  for (const [key, value] of sortedEntries(old)) if (now[key] !== value) refuse(key, 'remove or update');
  for (const [key] of sortedEntries(now)) if (!Object.hasOwn(old, key)) refuse(key, 'add');
  validatePodAnnotations(errors, pod);
}

/** The claims of ephemeral volumes are named after the pod. */
function validateEphemeralVolumes(errors: FieldError[], { metadata, spec }: Pod): void {
  const volumes = spec?.volumes ?? [];
  if (!volumes.some(({ ephemeral }) => ephemeral)) return;
  for (const [i, { name, ephemeral }] of volumes.entries()) {
    const claim = `${metadata?.name ?? ''}-${name}`;
    if (!ephemeral || !metadata?.name || !name) continue;
    for (const complaint of dns1123Subdomain(claim))
      errors.push(invalid(`spec.volumes[${i}].name`, name, `PVC name ${JSON.stringify(claim)}: ${complaint}`));
  }
  const made = new Set(volumes.flatMap(({ name, ephemeral }) => (ephemeral ? [`${metadata?.name}-${name}`] : [])));
  for (const [i, { persistentVolumeClaim: claim }] of volumes.entries()) {
    if (!claim || !made.has(claim.claimName)) continue;
    const detail = 'must not reference a PVC that gets created for an ephemeral volume';
    errors.push(invalid(`spec.volumes[${i}].persistentVolumeClaim.claimName`, claim.claimName, detail));
  }
}

const changeable = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
];

/** The rules that hold for the spec of every pod, however it is written. */
export function validatePodUnit(errors: FieldError[], spec: PodSpec): void {
  validatePodSpec(errors, 'spec', { spec, inPod: true });
  if (!spec.serviceAccountName)
    for (const [i, { projected }] of (spec.volumes ?? []).entries())
      for (const [j, { serviceAccountToken }] of (projected?.sources ?? []).entries())
        if (serviceAccountToken) {
          const place = `spec.volumes[${i}].projected.sources[${j}].serviceAccountToken`;
          errors.push(forbidden(place, 'must not be specified when serviceAccountName is not set'));
        }
  for (const [i, container] of (spec.containers ?? []).entries())
    validateImageSpaces(errors, `spec.containers[${i}]`, container);
  for (const [i, container] of (spec.initContainers ?? []).entries())
    validateImageSpaces(errors, `spec.initContainers[${i}]`, container);
}

/** Whether the rest is worth looking at. */
function validateImages(
  errors: FieldError[],
  field: string,
  containers: readonly Container[],
  old: readonly Container[],
): boolean {
  if (containers.length !== old.length) {
    errors.push(forbidden(field, 'pod updates may not add or remove containers'));
    return false;
  }
  for (const [i, container] of containers.entries()) {
    if (!container.image) errors.push(required(`${field}[${i}].image`));
    validateImageSpaces(errors, `${field}[${i}]`, container);
  }
  return true;
}

function validateDeadline(errors: FieldError[], spec: PodSpec, old: PodSpec): boolean {
  const place = 'spec.activeDeadlineSeconds';
  const seconds = spec.activeDeadlineSeconds;
  const before = old.activeDeadlineSeconds;
  if (seconds === undefined) {
    if (before !== undefined) errors.push(invalid(place, null, 'must not update from a positive integer to nil value'));
    return true;
  }
  const complaints = inRange(seconds, 0, 2147483647);
  complain(errors, place, seconds, complaints);
  if (complaints.length > 0) return false;
  if (before === undefined || before >= seconds) return true;
  errors.push(invalid(place, seconds, 'must be less than or equal to previous value'));
  return false;
}

function validateAddedTolerations(
  errors: FieldError[],
  tolerations: readonly Toleration[],
  old: readonly Toleration[],
): void {
  const place = 'spec.tolerations';
  const kept = old.every((before) =>
    tolerations.some((now) => alike({ ...before, tolerationSeconds: now.tolerationSeconds }, now)),
  );
  if (kept) validateTolerations(errors, place, tolerations);
  else errors.push(forbidden(place, 'existing toleration can not be modified except its tolerationSeconds'));
}

function validateRemovedGates(errors: FieldError[], spec: PodSpec, old: PodSpec): void {
  for (const [i, { name }] of (spec.schedulingGates ?? []).entries())
    if (!old.schedulingGates?.some((gate) => gate.name === name)) {
      const detail = `only deletion is allowed, but found new scheduling gate '${name}'`;
      errors.push(forbidden(`spec.schedulingGates[${i}].name`, detail));
    }
}

/** The new spec with everything that may change put back as it was. A gated pod's nodes may still be narrowed. */
function withChangeable(spec: PodSpec, old: PodSpec): PodSpec {
  const imageOf = (containers: readonly Container[] | undefined) => (container: Container, i: number) =>
    assign(container, { image: containers?.[i]?.image });
  const { activeDeadlineSeconds, schedulingGates, tolerations } = old;
  const munged = assign(spec, {
    containers: spec.containers.map(imageOf(old.containers)),
    initContainers: spec.initContainers?.map(imageOf(old.initContainers)),
    activeDeadlineSeconds,
    schedulingGates,
    tolerations,
    ...((old.terminationGracePeriodSeconds ?? 0) < 0 &&
      spec.terminationGracePeriodSeconds === 1 && {
        terminationGracePeriodSeconds: old.terminationGracePeriodSeconds,
      }),
  });
  if ((schedulingGates?.length ?? 0) === 0) return munged;
  const affinity =
    munged.affinity || old.affinity?.nodeAffinity
      ? assign(munged.affinity ?? {}, { nodeAffinity: old.affinity?.nodeAffinity })
      : undefined;
  const same = affinity && Object.keys(affinity).length === 0 && !old.affinity ? undefined : affinity;
  return assign(munged, { nodeSelector: old.nodeSelector, affinity: same });
}
