// The server's Table objects as kubectl's human-readable output.

import { goText } from '../../base/go/format.ts';
import { humanDuration } from '../../base/human-duration.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { byBytes } from '../../base/text-order.ts';
import { parseTime } from '../../base/time.ts';
import { escapeTerminal, type TableWriter } from './table-writer.ts';

export interface TableOptions {
  readonly wide: boolean;
  readonly noHeaders: boolean;
  readonly withNamespace: boolean;
  /** `deployment.apps`: put before names with a slash. */
  readonly kindPrefix: string;
  /** -L */
  readonly labelColumns: readonly string[];
  readonly showLabels: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

interface Column {
  readonly name: string;
  readonly priority: number;
  readonly isName: boolean;
}

interface Row {
  readonly cells: readonly JsonValue[];
  readonly metadata: JsonObject;
}

export function isTable(object: JsonObject): boolean {
  return (
    object.kind === 'Table' && typeof object.apiVersion === 'string' && object.apiVersion.startsWith('meta.k8s.io/')
  );
}

/** Prints tables of one resource type: headers once, and again when columns change. */
export class TablePrinter {
  private columns: readonly Column[] = [];
  private printedHeaders = false;
  private plainHeaders = false;

  constructor(private readonly options: TableOptions) {}

  /** `event` is a watch event's type. `skipRows`: columns are learned, nothing is printed. */
  print(
    object: JsonObject,
    writer: TableWriter,
    more: { readonly event?: string; readonly skipRows?: boolean } = {},
  ): void {
    if (isTable(object)) this.table(object, writer, more);
    else if (!more.skipRows) this.plain(object, writer, more.event);
  }

  private table(
    table: JsonObject,
    writer: TableWriter,
    more: { readonly event?: string; readonly skipRows?: boolean },
  ): void {
    const defined = columnsOf(table);
    const same = defined.length === 0 || JSON.stringify(defined) === JSON.stringify(this.columns);
    const headers = !this.options.noHeaders && !(this.printedHeaders && same);
    if (!same) {
      this.columns = defined;
      this.printedHeaders = false;
    }
    const rows = more.skipRows ? [] : rowsOf(table);
    if (rows.length === 0) return;
    this.printedHeaders = true;
    const shown = this.columns
      .map((column, i) => ({ column, i }))
      .filter(({ column }) => this.options.wide || column.priority === 0);
    if (headers)
      writer.row(
        this.headerCells(
          shown.map(({ column }) => column.name),
          more.event,
        ),
      );
    const nameColumn = this.options.kindPrefix === '' ? -1 : this.columns.findIndex((column) => column.isName);
    for (const row of rows) {
      const cells = shown
        .filter(({ i }) => i < row.cells.length)
        .map(({ i }) => (i === nameColumn ? `${this.options.kindPrefix}/` : '') + cellText(row.cells[i]));
      writer.row(this.rowCells(cells, row.metadata, more.event));
    }
  }

  /** What the server gave as a plain object: name and age. */
  private plain(object: JsonObject, writer: TableWriter, event: string | undefined): void {
    if (!this.options.noHeaders && !this.plainHeaders) writer.row(this.headerCells(['NAME', 'AGE'], event));
    this.plainHeaders = true;
    const metadata = isObject(object.metadata) ? object.metadata : {};
    const prefix = this.options.kindPrefix === '' ? '' : `${this.options.kindPrefix}/`;
    writer.row(this.rowCells([`${prefix}${metadata.name ?? ''}`, age(metadata, this.options.now)], metadata, event));
  }

  private headerCells(names: readonly string[], event: string | undefined): readonly string[] {
    const labels = this.options.labelColumns.map((label) => label.split('/').at(-1) ?? '');
    return [
      ...(event === undefined ? [] : ['EVENT']),
      ...(this.options.withNamespace ? ['NAMESPACE'] : []),
      ...[...names, ...labels].map((name) => name.toUpperCase()),
      ...(this.options.showLabels ? ['LABELS'] : []),
    ];
  }

  private rowCells(cells: readonly string[], metadata: JsonObject, event: string | undefined): readonly string[] {
    const labels = isObject(metadata.labels) ? metadata.labels : {};
    const label = (key: string) => (Object.hasOwn(labels, key) ? String(labels[key]) : '');
    return [
      ...(event === undefined ? [] : [event.padEnd(8)]),
      ...(this.options.withNamespace ? [typeof metadata.namespace === 'string' ? metadata.namespace : ''] : []),
      ...cells,
      ...this.options.labelColumns.map(label),
      ...(this.options.showLabels ? [labelsText(labels)] : []),
    ];
  }
}

function age(metadata: JsonObject, now: number): string {
  const created = typeof metadata.creationTimestamp === 'string' ? parseTime(metadata.creationTimestamp) : undefined;
  return created === undefined ? '<unknown>' : humanDuration(now - created);
}

/** `a=b,c=d`, sorted; `<none>` for none. */
export function labelsText(labels: JsonObject): string {
  const keys = Object.keys(labels).sort(byBytes);
  return keys.length === 0 ? '<none>' : keys.map((key) => `${key}=${labels[key]}`).join(',');
}

function columnsOf(table: JsonObject): readonly Column[] {
  const list = isList(table.columnDefinitions) ? table.columnDefinitions.filter(isObject) : [];
  return list.map((column) => ({
    name: String(column.name ?? ''),
    priority: typeof column.priority === 'number' ? column.priority : 0,
    isName: column.format === 'name' && column.type === 'string',
  }));
}

function rowsOf(table: JsonObject): readonly Row[] {
  const list = isList(table.rows) ? table.rows.filter(isObject) : [];
  return list.map((row) => {
    const object = isObject(row.object) ? row.object : {};
    return { cells: isList(row.cells) ? row.cells : [], metadata: isObject(object.metadata) ? object.metadata : {} };
  });
}

/** Only the first line of a text is shown. */
function cellText(cell: JsonValue | undefined): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell !== 'string') return escapeTerminal(goText(cell));
  const end = cell.search(/[\f\n\r]/);
  return end < 0 ? escapeTerminal(cell) : `${escapeTerminal(cell.slice(0, end))}...`;
}
