// The Events section: what happened to the object, oldest first, with ages and how often.
import { numberAt, textAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import type { DescriptionWriter } from './description-writer.ts';
import { ageSince } from './metadata.ts';

/** Writes the section. `now` is in milliseconds since the epoch. */
export function writeEvents(w: DescriptionWriter, events: readonly JsonObject[], now: number): void {
  if (events.length === 0) {
    w.field(0, 'Events', '<none>');
    return;
  }
  w.flush();
  w.write(0, 'Events:\n  Type\tReason\tAge\tFrom\tMessage\n');
  w.line(1, '----\t------\t----\t----\t-------');
  for (const event of [...events].sort((a, b) => lastSeen(a) - lastSeen(b))) {
    const source = textAt(event, 'source.component') || textAt(event, 'reportingComponent');
    const row = [textAt(event, 'type'), textAt(event, 'reason'), eventAge(event, now), source, eventMessage(event)];
    w.line(1, row.join('\t'));
  }
}

/** `5s`, or `5s (x2 over 19s)` for one that came again. */
export function eventAge(event: JsonObject, now: number): string {
  const first = ageSince(textAt(event, 'eventTime') || textAt(event, 'firstTimestamp'), now);
  const repeats = numberAt(event, 'series.count');
  if (repeats !== undefined)
    return `${ageSince(textAt(event, 'series.lastObservedTime'), now)} (x${repeats} over ${first})`;
  const count = numberAt(event, 'count') ?? 0;
  return count > 1 ? `${ageSince(textAt(event, 'lastTimestamp'), now)} (x${count} over ${first})` : first;
}

function eventMessage(event: JsonObject): string {
  const field = textAt(event, 'involvedObject.fieldPath');
  const message = textAt(event, 'message').trim();
  return field === '' ? message : `${field}: ${message}`;
}

function lastSeen(event: JsonObject): number {
  const timestamp = textAt(event, 'lastTimestamp');
  return timestamp === '' ? Number.MIN_SAFE_INTEGER : Date.parse(timestamp);
}
