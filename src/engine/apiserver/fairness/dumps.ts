// /debug/api_priority_and_fairness/…: what the levels, their queues and their requests are at, as CSV in columns.
import { alignTabs } from '../../../base/tab-writer.ts';
import type { Fairness } from './fairness.ts';

const root = '/debug/api_priority_and_fairness/';

/** The text at a path; undefined: there is none. */
export function fairnessDump(path: string, fairness: Fairness): string | undefined {
  if (!path.startsWith(root)) return undefined;
  switch (path.slice(root.length)) {
    case 'dump_priority_levels':
      return table([levelColumns, ...levelRows(fairness)]);
    case 'dump_queues':
      return table([queueColumns, ...queueRows(fairness)]);
    case 'dump_requests':
      return table([requestColumns]);
    default:
      return undefined;
  }
}

const levelColumns = [
  'PriorityLevelName',
  'ActiveQueues',
  'IsIdle',
  'IsQuiescing',
  'WaitingRequests',
  'ExecutingRequests',
  'DispatchedRequests',
  'RejectedRequests',
  'TimedoutRequests',
  'CancelledRequests',
];

function levelRows(fairness: Fairness): readonly (readonly string[])[] {
  return fairness.levels().map(([{ metadata }, { dispatched, rejected, timedOut, waiting }]) => {
    const active = waiting > 0 ? 1 : 0;
    const numbers = [waiting, 0, dispatched, rejected, timedOut, 0].map(String);
    return [metadata?.name ?? '', String(active), String(waiting === 0), 'false', ...numbers];
  });
}

const queueColumns = [
  'PriorityLevelName',
  'Index',
  'PendingRequests',
  'ExecutingRequests',
  'SeatsInUse',
  'NextDispatchR',
  'InitialSeatsSum',
  'MaxSeatsSum',
  'TotalWorkSum',
];

function queueRows(fairness: Fairness): readonly (readonly string[])[] {
  return fairness.levels().flatMap(([{ metadata, spec }, { waiting }]) => {
    const { type, queuing } = spec?.limited?.limitResponse ?? {};
    if (type !== 'Queue') return [];
    const count = queuing?.queues ?? 64;
    return [...Array(count).keys()].map((index) => {
      const pending = index === 0 ? waiting : 0;
      const numbers = [index, pending, 0, 0].map(String);
      return [metadata?.name ?? '', ...numbers, '0.00000000ss', String(pending), String(pending), '0.00000000ss'];
    });
  });
}

/** Those that wait or run; here every request is over at once. */
const requestColumns = [
  'PriorityLevelName',
  'FlowSchemaName',
  'QueueIndex',
  'RequestIndexInQueue',
  'FlowDistingsher',
  'ArriveTime',
  'InitialSeats',
  'FinalSeats',
  'AdditionalLatency',
  'StartTime',
];

function table(rows: readonly (readonly string[])[]): string {
  const text = rows.map((row) => `${row.join(',\t')}\n`).join('');
  return alignTabs(text, { minWidth: 8, padding: 1 });
}
