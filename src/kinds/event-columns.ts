// What `kubectl get events` shows, of events in the core group's form and in that of events.k8s.io.
import type { CoreEvent, Event } from '../api/generated/types.ts';
import { parseTime } from '../api/meta.ts';
import { elapsed, nameColumn, textColumn, wide } from './columns.ts';
import type { Column } from './kind.ts';

/** Last Seen, Type, Reason, Object, Message and what `-o wide` adds. */
export const eventColumns: readonly Column<CoreEvent & Partial<Event>>[] = [
  textColumn('Last Seen', 'Time since the event was last seen.', lastSeen),
  textColumn('Type', 'Normal or Warning.', ({ type }) => type ?? ''),
  textColumn('Reason', 'What happened, in a word.', ({ reason }) => reason ?? ''),
  textColumn('Object', 'What it happened to.', (event) => {
    const { kind = '', name = '' } = objectOf(event);
    return name === '' ? kind.toLowerCase() : `${kind.toLowerCase()}/${name}`;
  }),
  wide(textColumn('Subobject', 'Which part of the object it happened to.', (event) => objectOf(event).fieldPath ?? '')),
  wide(textColumn('Source', 'Who tells, and from where.', sourceText)),
  textColumn('Message', 'What happened.', ({ message, note }) => (message ?? note ?? '').trim()),
  wide(textColumn('First Seen', 'Time since the event was first seen.', firstSeen)),
  // Upstream calls it a string, and shows a number.
  wide({ ...textColumn('Count', 'How often it was seen.', () => ''), cell: timesSeen }),
  wide(nameColumn),
];

type EitherEvent = Partial<CoreEvent> & Partial<Event>;

function objectOf({ involvedObject, regarding }: EitherEvent) {
  return involvedObject ?? regarding ?? {};
}

function firstSeen({ firstTimestamp, deprecatedFirstTimestamp, eventTime }: EitherEvent, nowMs: number): string {
  return elapsed(firstTimestamp ?? deprecatedFirstTimestamp ?? eventTime, nowMs);
}

function lastSeen(event: EitherEvent, nowMs: number): string {
  if (event.series) return elapsed(event.series.lastObservedTime, nowMs);
  const last = event.lastTimestamp ?? event.deprecatedLastTimestamp;
  return parseTime(last ?? undefined) === undefined ? firstSeen(event, nowMs) : elapsed(last, nowMs);
}

function timesSeen({ series, count, deprecatedCount }: EitherEvent): number {
  return series ? (series.count ?? 0) : count || deprecatedCount || 1;
}

function sourceText(event: EitherEvent): string {
  const source = event.source ?? event.deprecatedSource;
  const component = source?.component || event.reportingComponent || event.reportingController || '';
  const instance = source?.host || event.reportingInstance || '';
  return instance === '' ? component : `${component}, ${instance}`;
}
