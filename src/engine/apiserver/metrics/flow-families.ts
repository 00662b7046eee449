// Families of priority and fairness: flows, their levels and seats.
import type { UserInfo } from '../../../api/request.ts';
import { Counts, Histograms } from '../../../base/metric-counts.ts';
import { counter, gauge, labelText, type MetricFamily, type Series } from '../../../base/metrics-text.ts';
import type { Fairness } from '../fairness/fairness.ts';
import type { RequestTally } from '../request-tally.ts';
import { histogram, usualSeconds } from './request-families.ts';

const serverSeats = 600;
const bounds = [0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30];

export function flowFamilies(fairness: Fairness, tally: RequestTally): readonly MetricFamily[] {
  const dispatched = new Counts();
  const rejected = new Counts();
  const waits = new Histograms(bounds);
  const executions = new Histograms(bounds);
  const noted = (flow_schema: string, priority_level: string, count: number): void => {
    const labels = { flow_schema, priority_level };
    dispatched.add(labelText(labels), count);
    executions.of(labelText({ ...labels, type: 'regular' })).observe(usualSeconds.write, count);
    if (priority_level !== 'exempt') waits.of(labelText({ execute: 'true', ...labels })).observe(0, count);
  };
  for (const flow of fairness.bySchema.values()) {
    const { schema, level } = flow;
    if (flow.dispatched > 0) noted(schema, level, flow.dispatched);
    const labels = { flow_schema: schema, priority_level: level, reason: 'concurrency-limit' };
    if (flow.rejected > 0) rejected.add(labelText(labels), flow.rejected);
  }
  for (const [schema, level, count] of flowsInside(fairness, tally)) noted(schema, level, count);
  return [
    counter(
      'apiserver_flowcontrol_dispatched_requests_total',
      '[BETA] Number of requests executed by API Priority and Fairness subsystem',
      dispatched.series(),
    ),
    counter(
      'apiserver_flowcontrol_rejected_requests_total',
      '[BETA] Number of requests rejected by API Priority and Fairness subsystem',
      rejected.series(),
    ),
    histogram(
      'apiserver_flowcontrol_request_wait_duration_seconds',
      '[BETA] Length of time a request spent waiting in its queue',
      waits.series(),
    ),
    histogram(
      'apiserver_flowcontrol_request_execution_seconds',
      '[ALPHA] Duration of initial stage (for a WATCH) or any (for a non-WATCH) stage of request execution in the API Priority and Fairness subsystem',
      executions.series(),
    ),
    ...seatFamilies(fairness),
    ...nowFamilies(fairness),
  ];
}

/** Requests of components, by the flow that they would be of. */
function* flowsInside(fairness: Fairness, { byUser }: RequestTally): Generator<readonly [string, string, number]> {
  for (const [user, cells] of byUser)
    for (const [resource, { group, count }] of cells) {
      const flow = fairness.classify(requestOf(user, group, resource));
      if (flow) yield [flow.schema.metadata?.name ?? '', flow.level.metadata?.name ?? '', count];
    }
}

function requestOf(user: UserInfo, group: string, resource: string): Parameters<Fairness['classify']>[0] {
  const place = { group, version: 'v1', resource, namespace: 'kube-system', name: undefined, subresource: undefined };
  return { user, verb: 'update', route: { kind: 'resource', verb: 'update', ...place, rest: '' } };
}

function seatFamilies(fairness: Fairness): readonly MetricFamily[] {
  const nominal = fairness.nominalSeats();
  const levels = fairness.levels().map(([{ metadata, spec }]) => {
    const name = metadata?.name ?? '';
    const seats = nominal.get(name) ?? 0;
    const { lendablePercent = 0 } = (spec?.type === 'Exempt' ? spec.exempt : spec?.limited) ?? {};
    const borrowing = spec?.limited?.borrowingLimitPercent;
    const lower = seats - Math.round((seats * lendablePercent) / 100);
    const upper = seats + (borrowing === undefined ? serverSeats : Math.round((seats * borrowing) / 100));
    return { name, seats, lower, upper };
  });
  const share = serverSeats / levels.reduce((sum, { lower }) => sum + lower, 0);
  const family = (name: string, help: string, value: (level: (typeof levels)[number]) => number): MetricFamily =>
    gauge(
      `apiserver_flowcontrol_${name}`,
      help,
      levels.map((level): Series => ({ labels: labelText({ priority_level: level.name }), value: value(level) })),
    );
  return [
    family(
      'current_limit_seats',
      '[ALPHA] current derived number of execution seats available to each priority level',
      ({ lower, upper }) => Math.min(upper, Math.round(lower * share)),
    ),
    family(
      'lower_limit_seats',
      '[ALPHA] Configured lower bound on number of execution seats available to each priority level',
      ({ lower }) => lower,
    ),
    family(
      'nominal_limit_seats',
      '[BETA] Nominal number of execution seats configured for each priority level',
      ({ seats }) => seats,
    ),
    family(
      'upper_limit_seats',
      '[ALPHA] Configured upper bound on number of execution seats available to each priority level',
      ({ upper }) => upper,
    ),
  ];
}

/** What is going on while /metrics is answered: that request alone, and those whose level has no seats. */
function nowFamilies(fairness: Fairness): readonly MetricFamily[] {
  const flows = [...fairness.bySchema.values()].map(({ schema, level }) => ({ schema, level }));
  const waiting = new Map(fairness.levels().map(([{ metadata }, counts]) => [metadata?.name, counts.waiting]));
  const series = (value: (level: string) => number): readonly Series[] =>
    flows
      .map(({ schema, level }) => ({
        labels: labelText({ flow_schema: schema, priority_level: level }),
        value: value(level),
      }))
      .sort((a, b) => (a.labels < b.labels ? -1 : 1));
  const executing = series((level) => (level === 'exempt' ? 1 : 0));
  return [
    gauge(
      'apiserver_flowcontrol_current_executing_requests',
      '[BETA] Number of requests in initial (for a WATCH) or any (for a non-WATCH) execution stage in the API Priority and Fairness subsystem',
      executing,
    ),
    gauge(
      'apiserver_flowcontrol_current_executing_seats',
      '[BETA] Seats occupied by the requests that are executed (for a WATCH, by its initial stage).',
      executing,
    ),
    gauge(
      'apiserver_flowcontrol_current_inqueue_requests',
      '[BETA] Number of requests currently pending in queues of the API Priority and Fairness subsystem',
      series((level) => waiting.get(level) ?? 0),
    ),
    gauge(
      'apiserver_flowcontrol_current_inqueue_seats',
      '[ALPHA] Number of seats currently pending in queues of the API Priority and Fairness subsystem',
      series((level) => waiting.get(level) ?? 0),
    ),
  ];
}
