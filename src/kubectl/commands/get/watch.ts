// `kubectl get --watch`: what is there, then each change as it comes.
import { isList, isObject, type JsonObject } from '../../../base/json.ts';
import { statusOf } from '../../client/refusal.ts';
import type { Context } from '../../context.ts';
import { CommandError, isNotFound, StatusError } from '../../errors.ts';
import { formatJson } from '../../print/json.ts';
import { objectPrinter, withoutManagedFields } from '../../print/printer.ts';
import { sortInfos } from '../../print/sort.ts';
import { isTable } from '../../print/table.ts';
import { TableWriter } from '../../print/table-writer.ts';
import { findResources } from '../../resource/builder.ts';
import { infoPath, isListObject, type LoadedInfo, typedItem } from '../../resource/info.ts';
import { getFormats, isHumanReadable } from './formats.ts';
import { tablePrinter } from './table.ts';
import { getWanted } from './wanted.ts';

export async function getWatch(context: Context): Promise<void> {
  const { flags } = context;
  const wanted = getWanted(context, isHumanReadable(context));
  const result = await findResources(context, {
    ...wanted,
    continueOnError: false,
    flatten: false,
    singleType: true,
    chunkSize: flags.number('chunk-size'),
  });
  const infos = await result.infos().catch((error: unknown) => {
    if (isNotFound(error) && flags.bool('ignore-not-found')) return [];
    throw error;
  });
  const [info, second] = infos;
  if (!info) return;
  const merged = second ? mergePages(infos, info) : info;
  if (second && !infos.every((one) => one.name === ''))
    throw new CommandError(
      `watch is only supported on individual resources and resource collections - ${infos.length} resources were found`,
    );
  const printer = new WatchPrinter(context, info);
  const collection = info.name === '';
  printer.existing(merged, flags.bool('watch-only'));
  printer.output = collection;
  await follow(context, merged, printer);
}

/** The pages of one list as one. */
function mergePages(infos: readonly LoadedInfo[], first: LoadedInfo): LoadedInfo {
  const last = infos.at(-1) ?? first;
  const key = isTable(first.object) ? 'rows' : 'items';
  const parts = infos.flatMap(({ object }) => (isList(object[key]) ? object[key] : []));
  return { ...first, object: { ...last.object, ...first.object, metadata: last.object.metadata ?? {}, [key]: parts } };
}

async function follow(context: Context, info: LoadedInfo, printer: WatchPrinter): Promise<void> {
  const wanted = getWanted(context, isHumanReadable(context));
  const collection = info.name === '';
  const metadata = isObject(info.object.metadata) ? info.object.metadata : {};
  const stream = await context.client().stream({
    path: infoPath({ ...info, name: '' }),
    query: {
      ...wanted.query,
      watch: true,
      resourceVersion: collection && typeof metadata.resourceVersion === 'string' ? metadata.resourceVersion : '0',
      labelSelector: wanted.labelSelector || undefined,
      fieldSelector: collection ? wanted.fieldSelector || undefined : `metadata.name=${info.name}`,
    },
    ...(wanted.accept ? { accept: wanted.accept } : {}),
  });
  try {
    for (;;) {
      const piece = await stream.read();
      if (!piece) return;
      const event = piece.kind === 'json' && isObject(piece.value) ? piece.value : undefined;
      if (!event || !isObject(event.object)) continue;
      if (event.type === 'BOOKMARK') continue;
      if (event.type === 'ERROR') throw new StatusError(statusOf(event.object));
      printer.event(String(event.type), event.object);
      await context.output.flush();
    }
  } finally {
    stream.close();
  }
}

class WatchPrinter {
  /** Whether what comes is printed: the first event of a single object repeats what was printed already. */
  output = true;
  private readonly writer = new TableWriter();
  private readonly table;
  private readonly objects;

  constructor(
    private readonly context: Context,
    info: LoadedInfo,
  ) {
    const human = isHumanReadable(context);
    this.table = human ? tablePrinter(context, info.resource, false) : undefined;
    this.objects = human ? undefined : objectPrinter(context, { formats: getFormats });
  }

  existing(info: LoadedInfo, silent: boolean): void {
    this.output = !silent;
    const { object } = info;
    const items =
      isListObject(object) && isList(object.items)
        ? object.items.filter(isObject).map((item) => typedItem(item, object))
        : [object];
    const sortBy = this.context.flags.string('sort-by');
    const sorted = sortBy
      ? sortInfos(
          items.map((item) => ({ object: item })),
          sortBy,
        ).map((one) => one.object)
      : items;
    for (const item of sorted) this.print(this.context.flags.bool('output-watch-events') ? 'ADDED' : undefined, item);
    this.context.out(this.writer.flush());
  }

  event(type: string, object: JsonObject): void {
    this.print(this.context.flags.bool('output-watch-events') ? type : undefined, object);
    this.context.out(this.writer.flush());
    this.output = true;
  }

  private print(type: string | undefined, object: JsonObject): void {
    if (this.table) this.table.print(object, this.writer, { ...(type ? { event: type } : {}), skipRows: !this.output });
    else if (this.output && this.objects)
      this.context.out(type ? this.eventText(type, object) : this.objects.print(object));
  }
  /** Events are one line each in JSON. */
  private eventText(type: string, object: JsonObject): string {
    const { flags } = this.context;
    if (flags.string('output') !== 'json') return this.objects?.print({ type, object }) ?? '';
    const shown = flags.bool('show-managed-fields') ? object : withoutManagedFields(object);
    return `{"type":${JSON.stringify(type)},"object":${formatJson(shown, { indent: '', sorted: true })}}\n`;
  }
}
