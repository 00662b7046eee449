// Resizing a pod in place: cpu and memory of its containers may change, nothing else. Models ValidatePodResize.

import { alike } from '../../api/alike.ts';
import { type FieldError, forbidden, invalid } from '../../api/field-error.ts';
import type {
  Container,
  ContainerResizePolicy,
  Pod,
  PodSpec,
  ResourceRequirements,
} from '../../api/generated/types.ts';
import { qosClass } from '../pod-qos.ts';
import { validatePodUnit } from './pods.ts';

type ResourceList = Readonly<Record<string, string>>;

const noSpec: PodSpec = { containers: [] };
const mirrorAnnotation = 'kubernetes.io/config.mirror';
const resizable = ['cpu', 'memory'];

/** Adds what is wrong with resizing a pod so. */
export function validatePodResize(pod: Pod, before: Pod, errors: FieldError[]): void {
  const spec = pod.spec ?? noSpec;
  const old = before.spec ?? noSpec;
  validatePodUnit(errors, spec);
  if (before.metadata?.annotations && Object.hasOwn(before.metadata.annotations, mirrorAnnotation)) {
    errors.splice(0, errors.length, forbidden('[]', 'static pods cannot be resized'));
    return;
  }
  if (old.os?.name === 'windows') {
    errors.splice(0, errors.length, forbidden('[]', 'windows pods cannot be resized'));
    return;
  }
  if ((before.status?.qosClass || qosClass(old)) !== qosClass(spec)) {
    const detail = 'Pod QOS Class may not change as a result of resizing';
    errors.push(invalid('spec', before.status?.qosClass ?? '', detail));
  }
  const running = before.status?.containerStatuses?.find(({ state }) => state?.running);
  if (running && !running.resources) errors.push(forbidden('spec', 'Pod running on node without support for resize'));
  validatePodLevel(errors, spec.resources, old.resources);
  if ((before.status?.nodeAllocatableResourceClaimStatuses?.length ?? 0) > 0)
    errors.push(forbidden('spec', 'pods with node allocatable resource claims cannot be resized'));
  if (!validateOrder(errors, spec, old)) return;
  for (const kind of ['initContainers', 'containers'] as const)
    for (const [i, container] of (spec[kind] ?? []).entries())
      validateRemoved(errors, `spec.${kind}[${i}].resources`, container.resources, old[kind]?.[i]?.resources);
  validateMutable(errors, spec, old);
}

function validatePodLevel(
  errors: FieldError[],
  now: ResourceRequirements | undefined,
  before: ResourceRequirements | undefined,
): void {
  const field = 'spec.resources';
  for (const what of ['requests', 'limits'] as const)
    if (isRemoved(now?.[what], before?.[what]))
      errors.push(forbidden(`${field}.${what}`, `pod-level resource ${what} cannot be removed`));
  if (!isResize(now, before)) errors.push(forbidden('spec', 'only cpu and memory resources are mutable at pod-level'));
}

/** Whether the containers are the same ones in the same order. */
function validateOrder(errors: FieldError[], spec: PodSpec, old: PodSpec): boolean {
  const found = errors.length;
  for (const kind of ['containers', 'initContainers'] as const) {
    const now = spec[kind] ?? [];
    const before = old[kind] ?? [];
    if (now.length !== before.length)
      errors.push(forbidden(`spec.${kind}`, `${kind} may not be added or removed on resize`));
    else
      for (const [i, { name }] of before.entries())
        if (now[i]?.name !== name)
          errors.push(forbidden(`spec.${kind}[${i}].name`, `${kind} may not be renamed or reordered on resize`));
  }
  return errors.length === found;
}

function validateRemoved(
  errors: FieldError[],
  field: string,
  now: ResourceRequirements | undefined,
  before: ResourceRequirements | undefined,
): void {
  for (const what of ['requests', 'limits'] as const)
    if (isRemoved(now?.[what], before?.[what]))
      errors.push(forbidden(`${field}.${what}`, `resource ${what} cannot be removed`));
}

function isRemoved(now: ResourceList | undefined, before: ResourceList | undefined): boolean {
  return Object.keys(before ?? {}).some((name) => !Object.hasOwn(now ?? {}, name));
}

function validateMutable(errors: FieldError[], spec: PodSpec, old: PodSpec): void {
  for (const [i, container] of spec.containers.entries())
    if (!isResizeOnly(container, old.containers[i]))
      errors.push(forbidden('spec', 'only cpu and memory resources are mutable'));
  for (const [i, container] of (spec.initContainers ?? []).entries()) {
    const before = old.initContainers?.[i];
    const at = `spec.initContainers[${i}]`;
    if (alike(container, before)) continue;
    if (!isResizeOnly(container, before))
      errors.push(forbidden(at, 'only cpu and memory resources for init or sidecar containers are mutable'));
    if (container.restartPolicy !== 'Always' && container.resizePolicy?.some(isRestart)) {
      const detail = 'non-sidecar init containers with a resize policy of RestartContainer cannot be resized';
      errors.push(forbidden(at, detail));
    }
  }
}

function isRestart({ restartPolicy }: ContainerResizePolicy): boolean {
  return restartPolicy === 'RestartContainer';
}

function isResizeOnly(container: Container, before: Container | undefined): boolean {
  const { resources, ...others } = container;
  const { resources: resourcesBefore, ...othersBefore } = before ?? container;
  return alike(others, othersBefore) && isResize(resources, resourcesBefore);
}

function isResize(now: ResourceRequirements | undefined, before: ResourceRequirements | undefined): boolean {
  return (
    alike(fixed(now?.requests), fixed(before?.requests)) &&
    alike(fixed(now?.limits), fixed(before?.limits)) &&
    alike(now?.claims, before?.claims)
  );
}

/** What of a resource list no resize may touch. */
function fixed(list: ResourceList | undefined): ResourceList {
  return Object.fromEntries(Object.entries(list ?? {}).filter(([name]) => !resizable.includes(name)));
}
