// One look at an autoscaler: asks the metrics API what its target's pods use, and gives the target as many replicas as
// that asks for, within the autoscaler's bounds and rules.
//
// Left out: targets of custom kinds; metrics of pods, objects and the outside, whose APIs nobody serves here.
import {
  deployments,
  horizontalPodAutoscalers,
  pods,
  replicaSets,
  replicationControllers,
  statefulSets,
} from '../../../api/generated/resources.ts';
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerCondition,
  HorizontalPodAutoscalerStatus,
  MetricStatus,
  Pod,
} from '../../../api/generated/types.ts';
import { formatTime } from '../../../api/meta.ts';
import type { Resource } from '../../../api/resource.ts';
import { parseSelector } from '../../../api/selectors.ts';
import { ApiError } from '../../../api/status.ts';
import { equal } from '../../../base/json.ts';
import type { Controller, ControllerContext } from '../../client/controller.ts';
import type { Work } from '../../sim/work.ts';
import { kindName } from '../shared/kind-name.ts';
import { type FailedReading, type Reading, readMetric } from './metric-readings.ts';
import { periodMs } from './period.ts';
import { limited, rememberChange, type ScalingMemory } from './scaling-limits.ts';

/** The scale subresource of a target. */
interface Scaled {
  readonly metadata?: { readonly name?: string | undefined; readonly namespace?: string | undefined } | undefined;
  readonly spec?: { readonly replicas?: number | undefined } | undefined;
  readonly status?: { readonly replicas?: number | undefined; readonly selector?: string | undefined } | undefined;
}

const targets: readonly Resource<Scaled>[] = [deployments, replicaSets, replicationControllers, statefulSets];

/** What one look at an autoscaler makes of its status. */
interface Look {
  readonly autoscaler: HorizontalPodAutoscaler;
  readonly key: string;
  readonly resource: Resource<Scaled>;
  readonly scaled: Scaled;
  readonly current: number;
  readonly conditions: HorizontalPodAutoscalerCondition[];
}

/** What the metrics ask for; a text says why nothing is to be done about them. */
type Outcome =
  | { readonly kind: 'failed'; readonly statuses: readonly MetricStatus[]; readonly problem: string }
  | {
      readonly kind: 'computed';
      readonly statuses: readonly MetricStatus[];
      readonly desired: number;
      readonly metric: string;
    };

export class Autoscaling implements Controller {
  private readonly memories = new Map<string, ScalingMemory>();
  /** What the targets of autoscalers select, by the autoscaler's key. */
  private readonly selectors = new Map<string, string>();

  constructor(private readonly context: ControllerContext) {}

  *reconcile(key: string): Work<void> {
    const { informers, queue } = this.context;
    const autoscaler = informers.informer(horizontalPodAutoscalers).lister.get(key);
    if (!autoscaler) {
      this.memories.delete(key);
      this.selectors.delete(key);
      return;
    }
    queue.addAfter(key, periodMs);
    const conditions = [...(autoscaler.status?.conditions ?? [])];
    try {
      const { resource, scaled } = yield* this.target(autoscaler);
      const message = "the HPA controller was able to get the target's current scale";
      this.set(conditions, { type: 'AbleToScale', status: 'True', reason: 'SucceededGetScale', message });
      yield* this.adjust({ autoscaler, key, resource, scaled, current: scaled.spec?.replicas ?? 1, conditions });
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof NoTarget)) throw error;
      this.warn(autoscaler, 'FailedGetScale', error.message);
      const message = `the HPA controller was unable to get the target's current scale: ${error.message}`;
      this.set(conditions, { type: 'AbleToScale', status: 'False', reason: 'FailedGetScale', message });
      yield* this.write(autoscaler, { ...(autoscaler.status ?? { desiredReplicas: 0 }), conditions });
    }
  }

  private *target(autoscaler: HorizontalPodAutoscaler): Work<{ resource: Resource<Scaled>; scaled: Scaled }> {
    const { kind, name, apiVersion = 'v1' } = autoscaler.spec.scaleTargetRef;
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
    const resource = targets.find((one) => one.kind === kind && one.group === group);
    if (!resource) throw new NoTarget(`no matches for kind "${kind}" in group "${group}"`);
    const { namespace } = autoscaler.metadata ?? {};
    const scaled = yield* this.context.client.get(resource, { namespace, name, subresource: 'scale' });
    return { resource, scaled };
  }

  private *adjust(look: Look): Work<void> {
    const { autoscaler, current } = look;
    const { minReplicas = 1, maxReplicas } = autoscaler.spec;
    this.memoryOf(look);
    if (current === 0) {
      const message = 'scaling is disabled since the replica count of the target is zero';
      this.set(look.conditions, { type: 'ScalingActive', status: 'False', reason: 'ScalingDisabled', message });
      yield* this.finish(look, { to: 0, statuses: [] });
    } else if (current > maxReplicas)
      yield* this.rescale(look, { to: maxReplicas, why: 'Current number of replicas above Spec.MaxReplicas' });
    else if (current < minReplicas)
      yield* this.rescale(look, { to: minReplicas, why: 'Current number of replicas below Spec.MinReplicas' });
    else yield* this.follow(look);
  }

  /** Does what the metrics ask for. */
  private *follow(look: Look): Work<void> {
    const { autoscaler, current, conditions } = look;
    const outcome = yield* this.compute(look);
    const { statuses } = outcome;
    if (outcome.kind === 'failed') {
      const desiredReplicas = autoscaler.status?.desiredReplicas ?? 0;
      yield* this.write(autoscaler, { ...this.statusOf(look, statuses), desiredReplicas });
      this.warn(autoscaler, 'FailedComputeMetricsReplicas', outcome.problem);
      return;
    }
    const { desired, metric } = outcome;
    const wish = { autoscaler, current, desired, now: this.context.scope.now };
    const limit = limited(this.memoryOf(look), wish);
    for (const condition of limit.conditions) this.set(conditions, condition);
    const why = desired > current ? `${metric} above target` : desired < current ? 'All metrics below target' : '';
    if (limit.replicas === current) yield* this.finish(look, { to: current, statuses });
    else yield* this.rescale(look, { to: limit.replicas, why, statuses });
  }

  /** Every metric is looked at; the one that asks for most counts. */
  private *compute(look: Look): Work<Outcome> {
    const { autoscaler, conditions, current } = look;
    const specs = autoscaler.spec.metrics ?? [];
    const { selector = '' } = look.scaled.status ?? {};
    const podsBelow = this.podsOf(look, selector);
    if (typeof podsBelow === 'string') return { kind: 'failed', statuses: specs.map(() => unread), problem: podsBelow };
    const { client, scope } = this.context;
    const readings: (Reading | FailedReading)[] = [];
    for (const spec of specs) {
      const parts = { client, autoscaler, selector, pods: podsBelow, current, now: scope.now };
      const reading = yield* readMetric(parts, spec);
      if ('reason' in reading) this.warn(autoscaler, reading.reason, reading.message);
      readings.push(reading);
    }
    const statuses = readings.map((reading) => ('reason' in reading ? unread : reading.status));
    const best = readings.reduce<Reading | undefined>(
      (most, reading) => ('reason' in reading || (most && reading.replicas <= most.replicas) ? most : reading),
      undefined,
    );
    const failures = readings.filter((reading) => 'reason' in reading);
    const [first] = failures;
    if (first && (!best || best.replicas < current)) {
      const message = `the HPA was unable to compute the replica count: ${first.message}`;
      this.set(conditions, { type: 'ScalingActive', status: 'False', reason: first.reason, message });
      const count = `invalid metrics (${failures.length} invalid out of ${specs.length})`;
      const problem = `${count}, first error is: failed to get ${first.what} metric value: ${first.message}`;
      return { kind: 'failed', statuses, problem };
    }
    const message = `the HPA was able to successfully calculate a replica count from ${best?.name ?? ''}`;
    this.set(conditions, { type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound', message });
    return { kind: 'computed', statuses, desired: best?.replicas ?? current, metric: best?.name ?? '' };
  }

  /** The target's pods, or why they cannot be told. */
  private podsOf({ autoscaler, key, conditions }: Look, selector: string): readonly Pod[] | string {
    const type = 'ScalingActive';
    if (selector === '') {
      const message = "the HPA target's scale is missing a selector";
      this.warn(autoscaler, 'SelectorRequired', 'selector is required');
      this.set(conditions, { type, status: 'False', reason: 'InvalidSelector', message });
      return 'selector is required';
    }
    this.selectors.set(key, selector);
    const { namespace = '' } = autoscaler.metadata ?? {};
    const parsed = parseSelector(selector);
    const there = this.context.informers.informer(pods).lister.inNamespace(namespace);
    const selected = [...there].filter(({ metadata }) => parsed.matches(metadata?.labels ?? {}));
    const others = [...this.selectors].filter(([other, text]) => {
      if (other !== key && !other.startsWith(`${namespace}/`)) return false;
      const matcher = parseSelector(text);
      return selected.some(({ metadata }) => matcher.matches(metadata?.labels ?? {}));
    });
    if (others.length <= 1) return selected;
    const message = `pods by selector ${selector} are controlled by multiple HPAs: [${others.map(([other]) => other).join(' ')}]`;
    this.warn(autoscaler, 'AmbiguousSelector', message);
    this.set(conditions, { type, status: 'False', reason: 'AmbiguousSelector', message });
    return message;
  }

  private *rescale(
    look: Look,
    {
      to,
      why,
      statuses = [],
    }: { readonly to: number; readonly why: string; readonly statuses?: readonly MetricStatus[] },
  ): Work<void> {
    const { autoscaler, resource, scaled, current, conditions } = look;
    const { client, events, scope } = this.context;
    const spec = { ...scaled.spec, replicas: to };
    try {
      yield* client.update(resource, { ...scaled, spec }, 'scale');
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.warn(autoscaler, 'FailedRescale', `New size: ${to}; reason: ${why}; error: ${error.message}`);
      const message = `the HPA controller was unable to update the target scale: ${error.message}`;
      this.set(conditions, { type: 'AbleToScale', status: 'False', reason: 'FailedUpdateScale', message });
      const desiredReplicas = autoscaler.status?.desiredReplicas ?? 0;
      yield* this.write(autoscaler, { ...this.statusOf(look, statuses), desiredReplicas });
      return;
    }
    const message = `the HPA controller was able to update the target scale to ${to}`;
    this.set(conditions, { type: 'AbleToScale', status: 'True', reason: 'SucceededRescale', message });
    const details = {
      type: 'Normal',
      reason: 'SuccessfulRescale',
      message: `New size: ${to}; reason: ${why}`,
    } as const;
    events.record(autoscaler, details, kindName(horizontalPodAutoscalers));
    rememberChange(this.memoryOf(look), { autoscaler, current, desired: to, now: scope.now });
    yield* this.finish(look, { to, statuses, lastScaleTime: formatTime(scope.now) });
  }

  private *finish(
    look: Look,
    {
      to,
      statuses,
      lastScaleTime,
    }: { readonly to: number; readonly statuses: readonly MetricStatus[]; readonly lastScaleTime?: string },
  ): Work<void> {
    const status = { ...this.statusOf(look, statuses), desiredReplicas: to };
    yield* this.write(look.autoscaler, lastScaleTime === undefined ? status : { ...status, lastScaleTime });
  }

  private statusOf(
    { autoscaler, current, conditions }: Look,
    statuses: readonly MetricStatus[],
  ): Omit<HorizontalPodAutoscalerStatus, 'desiredReplicas'> {
    const { lastScaleTime, observedGeneration } = autoscaler.status ?? {};
    return {
      ...(observedGeneration !== undefined && { observedGeneration }),
      ...(lastScaleTime !== undefined && { lastScaleTime }),
      currentReplicas: current,
      ...(statuses.length > 0 && { currentMetrics: statuses }),
      conditions,
    };
  }

  private memoryOf({ key, current }: Look): ScalingMemory {
    const known = this.memories.get(key);
    if (known) return known;
    const recommendations = [{ count: current, at: this.context.scope.now }];
    const made: ScalingMemory = { recommendations, ups: [], downs: [] };
    this.memories.set(key, made);
    return made;
  }

  private set(
    conditions: HorizontalPodAutoscalerCondition[],
    wish: Omit<HorizontalPodAutoscalerCondition, 'lastTransitionTime'>,
  ): void {
    const at = conditions.findIndex(({ type }) => type === wish.type);
    const before = conditions[at];
    const kept = before?.status === wish.status ? before.lastTransitionTime : undefined;
    const condition = { ...wish, lastTransitionTime: kept ?? formatTime(this.context.scope.now) };
    if (at < 0) conditions.push(condition);
    else conditions[at] = condition;
  }

  private *write(autoscaler: HorizontalPodAutoscaler, status: HorizontalPodAutoscalerStatus): Work<void> {
    if (equal(status, autoscaler.status)) return;
    yield* this.context.client.updateStatus(horizontalPodAutoscalers, { ...autoscaler, status });
  }

  private warn(autoscaler: HorizontalPodAutoscaler, reason: string, message: string): void {
    this.context.events.record(autoscaler, { type: 'Warning', reason, message }, kindName(horizontalPodAutoscalers));
  }
}

/** The status of a metric that could not be read. */
const unread: MetricStatus = { type: '' };

/** The target is of a kind that cannot be scaled. */
class NoTarget extends Error {
  override name = 'NoTarget';
}
