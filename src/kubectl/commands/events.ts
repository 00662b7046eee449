// `kubectl events`: what happened, oldest first, of a namespace or of one object.

import { objectsAt, textAt } from '../../base/fields.ts';
import { humanDuration } from '../../base/human-duration.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { formatTime, parseTime } from '../../base/time.ts';
import { resourcePath } from '../client/url.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { flag } from '../flags.ts';
import { objectFormats, objectPrinter, printFlags } from '../print/printer.ts';
import { escapeTerminal, TableWriter } from '../print/table-writer.ts';
import { splitPair } from '../resource/arguments.ts';
import { apiVersionOf } from '../resource/info.ts';

export const events: Command = {
  use: `events [(-o|--output=)${objectFormats.join('|')}] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]`,
  long: `Display events.

 Prints a table of events of the namespace, of all namespaces, or of one resource.`,
  example: `# Recent events of the current namespace
kubectl events

# Of all namespaces
kubectl events --all-namespaces

# Of one pod, and go on listing them as they come
kubectl events --for pod/web-pod-13je7 --watch

# As YAML
kubectl events -oyaml

# Of some types
kubectl events --types=Warning,Normal`,
  flags: [
    ...printFlags(),
    flag.bool('watch', 'After listing, watch for more events.', { shorthand: 'w' }),
    flag.bool('all-namespaces', 'List the events of all namespaces, whatever --namespace says.', { shorthand: 'A' }),
    flag.string('for', 'Only events about this resource (TYPE/NAME).'),
    flag.stringSlice('types', 'Only events of these types.'),
    flag.bool('no-headers', 'Print no headers (default format).'),
    flag.int64('chunk-size', 'Ask for large lists in pieces of this size. 0 turns it off.', {
      default: '500',
      idle: "upstream's command takes it and always asks for 500",
    }),
  ],
  run: async (context) => {
    const types = context.flags.strings('types');
    if (types.some((type) => !/^(normal|warning)$/i.test(type)))
      throw new CommandError('valid --types are Normal or Warning');
    const query = await selection(context);
    return context.flags.bool('watch') ? watch(context, query) : list(context, query);
  },
};

interface Selection {
  readonly path: string;
  readonly fieldSelector: string | undefined;
}

async function selection(context: Context): Promise<Selection> {
  const ns = context.flags.bool('all-namespaces') ? '' : context.namespace().ns;
  const path = resourcePath({ group: '', version: 'v1', resource: 'events' }, { ns });
  const about = context.flags.string('for');
  if (about === '') return { path, fieldSelector: undefined };
  if (!about.includes('/')) throw new CommandError(`--for must be in resource/name form`);
  const { type, name } = splitPair(about);
  const resource = await context.mapper().resource(type.toLowerCase());
  return {
    path,
    fieldSelector: `involvedObject.kind=${resource.kind},involvedObject.apiVersion=${apiVersionOf(resource)},involvedObject.name=${name}`,
  };
}

async function list(context: Context, { path, fieldSelector }: Selection): Promise<void> {
  const found: JsonObject[] = [];
  let next: string | undefined;
  do {
    const page: JsonObject = await context
      .client()
      .object({ path, query: { fieldSelector, limit: 500, continue: next } });
    found.push(...objectsAt(page, 'items').filter((event) => isWanted(context, event)));
    next = textAt(page, 'metadata.continue') || undefined;
  } while (next);
  if (found.length === 0) {
    const where = context.flags.bool('all-namespaces')
      ? 'No events found.'
      : `No events found in ${context.namespace().ns} namespace.`;
    context.err(`${where}\n`);
    return;
  }
  const items = found.map(withType).sort((a, b) => eventTime(a) - eventTime(b));
  if (context.flags.string('output') || context.flags.string('template')) {
    const printed: JsonObject = { kind: 'EventList', apiVersion: 'v1', metadata: {}, items };
    // A typed list has no names to print: upstream prints nothing for -o name.
    const text = objectPrinter(context).print(printed);
    if (context.flags.string('output') !== 'name') context.out(text);
    return;
  }
  const table = new EventTable(context);
  for (const event of items) table.add(event);
  context.out(table.flush());
}

async function watch(context: Context, { path, fieldSelector }: Selection): Promise<void> {
  const stream = await context.client().stream({ path, query: { fieldSelector, limit: 500, watch: true } });
  const printer = context.flags.string('output') ? objectPrinter(context) : undefined;
  const table = new EventTable(context);
  try {
    for (;;) {
      const piece = await stream.read();
      if (!piece) return;
      const change = piece.kind === 'json' && isObject(piece.value) ? piece.value : undefined;
      if (!change || !isObject(change.object) || change.type === 'DELETED' || change.type === 'BOOKMARK') continue;
      if (!isWanted(context, change.object)) continue;
      if (printer) context.out(printer.print(withType(change.object)));
      else {
        table.add(change.object);
        context.out(table.flush());
      }
      await context.output.flush();
    }
  } finally {
    stream.close();
  }
}

function isWanted(context: Context, event: JsonObject): boolean {
  const types = context.flags.strings('types');
  const type = textAt(event, 'type').toLowerCase();
  return types.length === 0 || types.some((wanted) => wanted.toLowerCase() === type);
}

function withType(event: JsonObject): JsonObject {
  return {
    kind: 'Event',
    apiVersion: 'v1',
    ...event,
    source: event.source ?? {},
    firstTimestamp: event.firstTimestamp ?? null,
    lastTimestamp: event.lastTimestamp ?? null,
    eventTime: event.eventTime ?? null,
    reportingComponent: event.reportingComponent ?? '',
    reportingInstance: event.reportingInstance ?? '',
  };
}

function eventTime(event: JsonObject): number {
  const text = textAt(event, 'series.lastObservedTime') || textAt(event, 'lastTimestamp') || textAt(event, 'eventTime');
  return parseTime(text || formatTime(0)) ?? 0;
}

class EventTable {
  private readonly writer = new TableWriter();
  private headersDone: boolean;

  constructor(private readonly context: Context) {
    this.headersDone = context.flags.bool('no-headers');
  }

  add(event: JsonObject): void {
    const all = this.context.flags.bool('all-namespaces');
    if (!this.headersDone)
      this.writer.row([...(all ? ['NAMESPACE'] : []), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE']);
    this.headersDone = true;
    this.writer.row([
      ...(all ? [textAt(event, 'metadata.namespace')] : []),
      interval(event, this.context.now()),
      escapeTerminal(textAt(event, 'type')),
      escapeTerminal(textAt(event, 'reason')),
      `${escapeTerminal(textAt(event, 'involvedObject.kind'))}/${escapeTerminal(textAt(event, 'involvedObject.name'))}`,
      escapeTerminal(textAt(event, 'message').trim()),
    ]);
  }

  flush(): string {
    return this.writer.flush();
  }
}

/** `5s (x3 over 2m)` */
function interval(event: JsonObject, now: number): string {
  const since = (text: string) => {
    const time = parseTime(text);
    return time === undefined ? '<unknown>' : humanDuration(now - time);
  };
  const first = since(textAt(event, 'eventTime') || textAt(event, 'firstTimestamp'));
  const series = isObject(event.series) ? event.series : undefined;
  if (series) return `${since(textAt(series, 'lastObservedTime'))} (x${series.count} over ${first})`;
  const count = typeof event.count === 'number' ? event.count : 0;
  return count > 1 ? `${since(textAt(event, 'lastTimestamp'))} (x${count} over ${first})` : first;
}
