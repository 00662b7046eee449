// What pods use, as the resource metrics API (metrics.k8s.io) tells it: thousandths of the resource's unit, by pod.
import type { KubeObject } from '../../../api/meta.ts';
import { parseQuantity } from '../../../api/quantity.ts';
import type { Resource } from '../../../api/resource.ts';
import { ApiError } from '../../../api/status.ts';
import { parseTime } from '../../../base/time.ts';
import type { Client } from '../../client/client.ts';
import { TransportError } from '../../client/transport.ts';
import type { Work } from '../../sim/work.ts';

interface PodMetrics extends KubeObject {
  readonly timestamp?: string;
  readonly window?: string;
  readonly containers?: readonly { readonly name: string; readonly usage: Readonly<Record<string, string>> }[];
}

const podMetrics: Resource<PodMetrics> = {
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  resource: 'pods',
  kind: 'PodMetrics',
  namespaced: true,
};

export interface PodUsage {
  readonly milli: number;
  readonly at: number;
  readonly windowMs: number;
}

/** Why a replica count cannot be computed, in upstream's words. */
export class MetricError extends Error {
  override name = 'MetricError';
}

export interface UsageQuestion {
  readonly resource: string;
  readonly namespace: string;
  readonly selector: string;
  /** Of this container alone. */
  readonly container: string | undefined;
}

/** By the pod's name. Throws MetricError. */
export function* fetchUsage(client: Client, question: UsageQuestion): Work<Map<string, PodUsage>> {
  const { resource, namespace, selector, container } = question;
  const usage = new Map<string, PodUsage>();
  const items = yield* fetchMetrics(client, { namespace, labelSelector: selector });
  for (const { metadata, timestamp, window = '', containers = [] } of items) {
    const asked = container === undefined ? containers : containers.filter(({ name }) => name === container);
    const amounts = asked.map(({ usage: used }) => (Object.hasOwn(used, resource) ? used[resource] : undefined));
    if (amounts.length === 0 || amounts.includes(undefined)) continue;
    const milli = amounts.reduce((sum, amount) => sum + parseQuantity(amount ?? '0').milliValue(), 0);
    usage.set(metadata?.name ?? '', { milli, at: parseTime(timestamp) ?? 0, windowMs: windowMs(window) });
  }
  return usage;
}

function* fetchMetrics(
  client: Client,
  options: { readonly namespace: string; readonly labelSelector: string },
): Work<readonly PodMetrics[]> {
  const unable = 'unable to fetch metrics from resource metrics API';
  try {
    const { items } = yield* client.list(podMetrics, options);
    if (items.length > 0) return items;
  } catch (error) {
    if (!(error instanceof ApiError) && !(error instanceof TransportError)) throw error;
    const unknown = error.message === 'the server could not find the requested resource';
    throw new MetricError(`${unable}: ${error.message}${unknown ? ' (get pods.metrics.k8s.io)' : ''}`);
  }
  throw new MetricError('no metrics returned from resource metrics API');
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Go's durations: `15.003s`, `1m0.1s`. */
function windowMs(text: string): number {
  let total = 0;
  for (const [, amount, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smh])/g))
    total += Number(amount) * (unitMs[unit] ?? 0);
  return total;
}
