// Resizing a pod in place: which resources the node has granted it, and what of its wishes waits. Models
// pkg/kubelet/allocation of v1.36. Left out: swap, static cpu and memory policies.
//
//   spec of the API ── fits? ── yes: granted, PodResizeInProgress until the containers have it, then ResizeCompleted
//                            └─ no: the pod goes on with what it was granted, PodResizePending says why
import type {
  Container as ContainerSpec,
  Pod,
  PodCondition,
  PodSpec,
  ResourceRequirements,
} from '../../../api/generated/types.ts';
import { equal } from '../../../base/json.ts';
import { formatTime } from '../../../base/time.ts';
import type { Container } from '../runtime/container.ts';
import type { RuntimePod } from '../runtime/runtime.ts';
import type { Rejection } from './admission.ts';
import type { Tell } from './image-manager.ts';

/** What a resize needs of its kubelet. */
export interface ResizeParts {
  /** Whether the node has room for the pod as it is wished, next to all others. */
  fits(pod: Pod): Rejection | undefined;
  tell(pod: Pod): Tell;
  now(): number;
}

export class PodResize {
  private granted: PodSpec | undefined;
  /** A wished spec that waits, and how it looks with what was granted: one object, so that it does not seem to change. */
  private view: { readonly wished: PodSpec; readonly shown: PodSpec } | undefined;
  private pending: PodCondition | undefined;
  private progress: PodCondition | undefined;

  constructor(private readonly parts: ResizeParts) {}

  /** Waits for room. */
  get deferred(): boolean {
    return this.pending !== undefined;
  }

  /** In the order in which they stand in the status. */
  get conditions(): readonly PodCondition[] {
    return [this.pending, this.progress].filter((condition) => condition !== undefined);
  }

  /** The pod with the resources that it may have now: the wished ones where they fit. */
  allocate(pod: Pod): Pod {
    const { spec } = pod;
    const before = this.granted;
    if (!spec || !before || spec === before || equal(resourcesOf(spec), resourcesOf(before))) {
      this.granted = spec;
      this.pending = undefined;
      return pod;
    }
    const refused = this.parts.fits(pod);
    const generation = pod.metadata?.generation ?? 0;
    if (refused) {
      this.refuse(pod, refused, generation);
      if (this.view?.wished !== spec) this.view = { wished: spec, shown: withResources(spec, before) };
      return { ...pod, spec: this.view.shown };
    }
    this.granted = spec;
    this.pending = undefined;
    this.progress = this.condition('PodResizeInProgress', generation);
    this.parts.tell(pod)('Normal', 'ResizeStarted', `Pod resize started: ${summary(spec, generation)}`);
    return pod;
  }

  /** Looks whether the containers have what was granted. */
  settle(pod: Pod, runtime: RuntimePod | undefined): void {
    if (!this.progress || !pod.spec) return;
    const open = resizable(pod.spec).some((spec) => {
      const running = runtime?.containers.findLast(({ name }) => name === spec.name);
      return running?.state === 'running' && resizeNeeded(spec, running) !== 'none';
    });
    if (open) return;
    const generation = this.progress.observedGeneration ?? 0;
    this.progress = undefined;
    this.parts.tell(pod)('Normal', 'ResizeCompleted', `Pod resize completed: ${summary(pod.spec, generation)}`);
  }

  private refuse(pod: Pod, { reason, message }: Rejection, generation: number): void {
    const before = this.pending;
    const made = { ...this.condition('PodResizePending', generation, before), reason: 'Deferred', message };
    this.pending = made;
    if (before?.message === message && before.observedGeneration === generation) return;
    const text = `Pod resize ${reason}: ${summary(pod.spec ?? { containers: [] }, generation, message)}`;
    this.parts.tell(pod)('Warning', 'ResizeDeferred', text);
  }

  private condition(type: string, observedGeneration: number, before?: PodCondition): PodCondition {
    const now = formatTime(this.parts.now());
    const lastTransitionTime = before?.lastTransitionTime ?? now;
    return { type, status: 'True', lastProbeTime: now, lastTransitionTime, observedGeneration };
  }
}

/** What a running container needs in order to have what its spec says. */
export function resizeNeeded(spec: ContainerSpec, { resources }: Container): 'none' | 'in-place' | 'restart' {
  const changed = (['cpu', 'memory'] as const).filter(
    (name) =>
      spec.resources?.requests?.[name] !== resources?.requests?.[name] ||
      spec.resources?.limits?.[name] !== resources?.limits?.[name],
  );
  if (changed.length === 0) return 'none';
  const restarts = spec.resizePolicy?.some(
    ({ resourceName, restartPolicy }) =>
      restartPolicy === 'RestartContainer' && changed.some((name) => name === resourceName),
  );
  return restarts ? 'restart' : 'in-place';
}

function resizable({ containers, initContainers = [] }: PodSpec): readonly ContainerSpec[] {
  return [...initContainers, ...containers];
}

function resourcesOf(spec: PodSpec): readonly unknown[] {
  return [spec.resources, ...resizable(spec).map(({ resources }) => resources)];
}

/** The wished spec with the resources of another one. */
function withResources(spec: PodSpec, from: PodSpec): PodSpec {
  const known = new Map(resizable(from).map(({ name, resources }) => [name, resources]));
  const granted = (container: ContainerSpec): ContainerSpec => {
    const resources: ResourceRequirements | undefined = known.get(container.name);
    return resources ? { ...container, resources } : container;
  };
  return {
    ...spec,
    containers: spec.containers.map(granted),
    ...(spec.initContainers && { initContainers: spec.initContainers.map(granted) }),
    ...(from.resources && { resources: from.resources }),
  };
}

/** As the events tell it. */
function summary({ initContainers, containers }: PodSpec, generation: number, error?: string): string {
  const of = (specs: readonly ContainerSpec[] | undefined) =>
    specs && specs.length > 0 ? specs.map(({ name, resources = {} }) => ({ name, resources })) : undefined;
  return JSON.stringify({ initContainers: of(initContainers), containers: of(containers), generation, error });
}
