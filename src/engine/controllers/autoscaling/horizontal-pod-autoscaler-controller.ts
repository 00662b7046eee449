// The horizontal pod autoscaler. There is no metrics server here: as in any cluster without one it keeps its targets
// within their bounds and says for each metric that nothing measures it.
//
// Left out: targets of custom kinds.
import {
  deployments,
  horizontalPodAutoscalers,
  replicaSets,
  replicationControllers,
  statefulSets,
} from '../../../api/generated/resources.ts';
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerCondition,
  HorizontalPodAutoscalerStatus,
  MetricSpec,
} from '../../../api/generated/types.ts';
import { formatTime } from '../../../api/meta.ts';
import type { Resource } from '../../../api/resource.ts';
import { ApiError } from '../../../api/status.ts';
import { equal } from '../../../base/json.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { kindName } from '../shared/kind-name.ts';

export const horizontalPodAutoscalerController = defineController({
  name: 'horizontal-pod-autoscaler',
  setup: (context) => new Autoscaling(context),
});

/** How often each autoscaler is looked at; the first time after as long. */
const periodMs = 15_000;

/** The scale subresource of a target. */
interface Scaled {
  readonly metadata?: { readonly name?: string | undefined; readonly namespace?: string | undefined } | undefined;
  readonly spec?: { readonly replicas?: number | undefined } | undefined;
}

const targets: readonly Resource<Scaled>[] = [deployments, replicaSets, replicationControllers, statefulSets];

/** What one look at an autoscaler makes of its status. */
interface Look {
  readonly autoscaler: HorizontalPodAutoscaler;
  readonly conditions: HorizontalPodAutoscalerCondition[];
}

class Autoscaling implements Controller {
  private readonly context: ControllerContext;

  constructor(context: ControllerContext) {
    const { informers, queue } = context;
    this.context = context;
    const wait = (autoscaler: HorizontalPodAutoscaler): void => queue.addAfter(keyOf(autoscaler), periodMs);
    informers.informer(horizontalPodAutoscalers).on({ added: wait, updated: wait });
  }

  *reconcile(key: string): Work<void> {
    const { informers, queue } = this.context;
    const autoscaler = informers.informer(horizontalPodAutoscalers).lister.get(key);
    if (!autoscaler) return;
    queue.addAfter(key, periodMs);
    const look: Look = { autoscaler, conditions: [...(autoscaler.status?.conditions ?? [])] };
    try {
      const { resource, scaled } = yield* this.target(autoscaler);
      yield* this.adjust(look, resource, scaled);
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof NoTarget)) throw error;
      this.tell(autoscaler, 'FailedGetScale', error.message);
      const message = `the HPA controller was unable to get the target's current scale: ${error.message}`;
      this.set(look, { type: 'AbleToScale', status: 'False', reason: 'FailedGetScale', message });
      yield* this.write(look, autoscaler.status ?? { desiredReplicas: 0 });
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

  private *adjust(look: Look, resource: Resource<Scaled>, scaled: Scaled): Work<void> {
    const { autoscaler } = look;
    const { minReplicas = 1, maxReplicas } = autoscaler.spec;
    const current = scaled.spec?.replicas ?? 1;
    const message = "the HPA controller was able to get the target's current scale";
    this.set(look, { type: 'AbleToScale', status: 'True', reason: 'SucceededGetScale', message });
    if (current === 0) {
      const disabled = 'scaling is disabled since the replica count of the target is zero';
      this.set(look, { type: 'ScalingActive', status: 'False', reason: 'ScalingDisabled', message: disabled });
      yield* this.write(look, { ...autoscaler.status, currentReplicas: 0, desiredReplicas: 0 });
    } else if (current > maxReplicas)
      yield* this.rescale(look, { resource, scaled, current, to: maxReplicas, why: 'above Spec.MaxReplicas' });
    else if (current < minReplicas)
      yield* this.rescale(look, { resource, scaled, current, to: minReplicas, why: 'below Spec.MinReplicas' });
    else yield* this.missMetrics(look, current);
  }

  private *rescale(
    look: Look,
    {
      resource,
      scaled,
      current,
      to,
      why,
    }: { resource: Resource<Scaled>; scaled: Scaled; current: number; to: number; why: string },
  ): Work<void> {
    const { client, events, scope } = this.context;
    yield* client.update(resource, { ...scaled, spec: { ...scaled.spec, replicas: to } }, 'scale');
    const message = `the HPA controller was able to update the target scale to ${to}`;
    this.set(look, { type: 'AbleToScale', status: 'True', reason: 'SucceededRescale', message });
    const text = `New size: ${to}; reason: Current number of replicas ${why}`;
    const details = { type: 'Normal', reason: 'SuccessfulRescale', message: text } as const;
    events.record(look.autoscaler, details, kindName(horizontalPodAutoscalers));
    const lastScaleTime = formatTime(scope.now);
    yield* this.write(look, {
      ...look.autoscaler.status,
      currentReplicas: current,
      desiredReplicas: to,
      lastScaleTime,
    });
  }

  /** Every metric fails; the first one's failure is the condition. */
  private *missMetrics(look: Look, current: number): Work<void> {
    const { autoscaler } = look;
    const failures = (autoscaler.spec.metrics ?? []).map(missing);
    for (const { reason, message } of failures) this.tell(autoscaler, reason, message);
    const [first] = failures;
    if (!first) return;
    const message = `the HPA was unable to compute the replica count: ${first.message}`;
    this.set(look, { type: 'ScalingActive', status: 'False', reason: first.reason, message });
    const desiredReplicas = autoscaler.status?.desiredReplicas ?? 0;
    yield* this.write(look, { ...autoscaler.status, currentReplicas: current, desiredReplicas });
    const count = `invalid metrics (${failures.length} invalid out of ${failures.length})`;
    const text = `${count}, first error is: failed to get ${first.what} metric value: ${first.message}`;
    this.tell(autoscaler, 'FailedComputeMetricsReplicas', text);
  }

  private set({ conditions }: Look, wish: Omit<HorizontalPodAutoscalerCondition, 'lastTransitionTime'>): void {
    const at = conditions.findIndex(({ type }) => type === wish.type);
    const before = conditions[at];
    const kept = before?.status === wish.status ? before.lastTransitionTime : undefined;
    const condition = { ...wish, lastTransitionTime: kept ?? formatTime(this.context.scope.now) };
    if (at < 0) conditions.push(condition);
    else conditions[at] = condition;
  }

  private *write({ autoscaler, conditions }: Look, status: HorizontalPodAutoscalerStatus): Work<void> {
    const next = { ...status, conditions };
    if (equal(next, autoscaler.status)) return;
    yield* this.context.client.updateStatus(horizontalPodAutoscalers, { ...autoscaler, status: next });
  }

  private tell(autoscaler: HorizontalPodAutoscaler, reason: string, message: string): void {
    this.context.events.record(autoscaler, { type: 'Warning', reason, message }, kindName(horizontalPodAutoscalers));
  }
}

/** The target is of a kind that cannot be scaled. */
class NoTarget extends Error {
  override name = 'NoTarget';
}

interface Missing {
  readonly reason: string;
  readonly message: string;
  readonly what: string;
}

/** What upstream says of a metric when the API that would serve it is not there. */
function missing({ type, resource, containerResource, pods, object, external }: MetricSpec): Missing {
  const away = (api: string, group: string): string =>
    `unable to fetch metrics from ${api} metrics API: the server could not find the requested resource (get ${group})`;
  const measured = resource ?? containerResource;
  if (measured) {
    const usage = measured.target.averageValue === undefined ? 'utilization' : 'usage';
    const fetching = `unable to get metrics for resource ${measured.name}: ${away('resource', 'pods.metrics.k8s.io')}`;
    const message = `failed to get ${measured.name} ${usage}: ${fetching}`;
    if (resource) return { reason: 'FailedGetResourceMetric', message, what: `${resource.name} resource` };
    return { reason: 'FailedGetContainerResourceMetric', message, what: `${containerResource?.container} container` };
  }
  const none = (api: string): string =>
    `unable to fetch metrics from ${api} metrics API: no ${api} metrics API registered`;
  if (pods)
    return {
      reason: 'FailedGetPodsMetric',
      message: `unable to get metric ${pods.metric.name}: ${none('custom')}`,
      what: 'pods',
    };
  if (object) {
    const { kind } = object.describedObject;
    const message = `unable to get metric ${object.metric.name}: ${kind} on ${object.describedObject.name}: ${none('custom')}`;
    return { reason: 'FailedGetObjectMetric', message, what: 'object' };
  }
  const name = external?.metric.name ?? type;
  const message = `unable to get external metric ${name}: ${none('external')}`;
  return { reason: 'FailedGetExternalMetric', message, what: `${name} external` };
}
