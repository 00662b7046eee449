// What one metric of an autoscaler says: how many replicas it asks for, or why it cannot be had.
import type {
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  Pod,
} from '../../../api/generated/types.ts';
import { parseQuantity, Quantity } from '../../../api/quantity.ts';
import type { Client } from '../../client/client.ts';
import type { Work } from '../../sim/work.ts';
import { type Proposal, replicasForAverage, replicasForUtilization, type Tolerances } from './replica-calculator.ts';
import { fetchUsage, MetricError } from './resource-metrics.ts';

export interface Reading {
  readonly replicas: number;
  /** E.g. `cpu resource utilization (percentage of request)`. */
  readonly name: string;
  readonly status: MetricStatus;
}

export interface FailedReading {
  readonly reason: string;
  readonly message: string;
  /** What could not be got, for the summary. */
  readonly what: string;
}

export interface ReadingParts {
  readonly client: Client;
  readonly autoscaler: HorizontalPodAutoscaler;
  /** Of the target's pods. */
  readonly selector: string;
  readonly pods: readonly Pod[];
  readonly current: number;
  readonly now: number;
}

export function* readMetric(parts: ReadingParts, spec: MetricSpec): Work<Reading | FailedReading> {
  const source = spec.resource ?? spec.containerResource;
  if (!source) return unserved(spec);
  const reason = spec.resource ? 'FailedGetResourceMetric' : 'FailedGetContainerResourceMetric';
  const what = spec.resource ? `${source.name} resource` : `${spec.containerResource?.container} container`;
  const { name, target } = source;
  try {
    const proposal = yield* propose(parts, { name, target, container: spec.containerResource?.container });
    const average = new Quantity(BigInt(proposal.averageMilli) * 1_000_000n, name === 'memory' ? 'binary' : 'decimal');
    const { utilization } = proposal;
    const current = {
      ...(utilization !== undefined && { averageUtilization: utilization }),
      averageValue: average.toString(),
    };
    const kind = spec.resource ? 'resource' : 'container resource';
    const measured =
      utilization === undefined ? `${name} resource` : `${name} ${kind} utilization (percentage of request)`;
    const status: MetricStatus = spec.containerResource
      ? { type: spec.type, containerResource: { name, container: spec.containerResource.container, current } }
      : { type: spec.type, resource: { name, current } };
    return { replicas: proposal.replicas, name: measured, status };
  } catch (error) {
    if (!(error instanceof MetricError)) throw error;
    return { reason, message: error.message, what };
  }
}

function* propose(
  { client, autoscaler, selector, pods, current, now }: ReadingParts,
  {
    name,
    target,
    container,
  }: { readonly name: string; readonly target: MetricTarget; readonly container: string | undefined },
): Work<Proposal> {
  const { averageValue, averageUtilization } = target;
  const kind = averageValue === undefined ? 'utilization' : 'usage';
  const { namespace = '' } = autoscaler.metadata ?? {};
  try {
    if (averageValue === undefined && averageUtilization === undefined)
      throw new MetricError(
        'invalid resource metric source: neither an average utilization target nor an average value (usage) target was set',
      );
    const usage = yield* fetchUsage(client, { resource: name, namespace, selector, container });
    const tolerances = tolerancesOf(autoscaler);
    const calculation = { pods, usage, resource: name, container, current, tolerances, now };
    return averageValue === undefined
      ? replicasForUtilization(calculation, averageUtilization ?? 0)
      : replicasForAverage(calculation, parseQuantity(averageValue).milliValue());
  } catch (error) {
    if (!(error instanceof MetricError)) throw error;
    const about = fetching.test(error.message) ? `unable to get metrics for resource ${name}: ` : '';
    throw new MetricError(`failed to get ${name} ${kind}: ${about}${error.message}`);
  }
}

/** What comes of the metrics API itself. */
const fetching = /resource metrics API/;
const defaultTolerance = 0.1;

function tolerancesOf({ spec: { behavior } }: HorizontalPodAutoscaler): Tolerances {
  const read = (text: string | undefined): number =>
    text === undefined ? defaultTolerance : parseQuantity(text).toNumber();
  return { down: read(behavior?.scaleDown?.tolerance), up: read(behavior?.scaleUp?.tolerance) };
}

/** What upstream says of a metric that only an API serves which is not there. */
function unserved({ type, pods, object, external }: MetricSpec): FailedReading {
  const none = (api: string): string =>
    `unable to fetch metrics from ${api} metrics API: no ${api} metrics API registered`;
  if (pods)
    return {
      reason: 'FailedGetPodsMetric',
      message: `unable to get metric ${pods.metric.name}: ${none('custom')}`,
      what: 'pods',
    };
  if (object) {
    const { kind, name } = object.describedObject;
    const message = `unable to get metric ${object.metric.name}: ${kind} on ${name}: ${none('custom')}`;
    return { reason: 'FailedGetObjectMetric', message, what: 'object' };
  }
  const name = external?.metric.name ?? type;
  const message = `unable to get external metric ${name}: ${none('external')}`;
  return { reason: 'FailedGetExternalMetric', message, what: `${name} external` };
}
