// What docker lists: in columns, by ids alone, or as a template says.
import { type DockerCall, option, table } from './command.ts';
import { fillRowTemplate, fillTitleTemplate } from './template.ts';

type Row = Readonly<Record<string, string>>;

export interface ListForm {
  /** Titles of the columns, and the field of a row that each shows. */
  readonly columns: Row;
  /** The field that `--quiet` shows. */
  readonly id: string;
  /** Titles that only a template asks for. */
  readonly titles?: Row;
  /** What docker calls a row where a template names a field that it lacks. */
  readonly type: string;
}

export async function printList(call: DockerCall, rows: readonly Row[], form: ListForm): Promise<number> {
  await call.out(listed(call, rows, form));
  return 0;
}

export const listOptions = [
  option.flag('quiet', 'Only display IDs', 'q'),
  option.text('format', 'Format output using a Go template'),
  option.list('filter', 'Filter output based on conditions provided', 'f'),
  option.flag('no-trunc', "Don't truncate output"),
];

function listed({ options }: DockerCall, rows: readonly Row[], { columns, id, titles, type }: ListForm): string {
  const template = options.text('format');
  if (options.has('quiet')) return rows.map((row) => `${row[id] ?? ''}\n`).join('');
  if (template === 'json') return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const names = Object.keys(columns);
  if (template === undefined || template === 'table')
    return table([names, ...rows.map((row) => names.map((name) => row[columns[name] ?? ''] ?? ''))]);
  const [, wanted] = /^table\s+([\s\S]*)$/.exec(template) ?? [];
  if (wanted === undefined) return rows.map((row) => `${fillRowTemplate(template, row, type)}\n`).join('');
  const fields = Object.fromEntries(
    [...Object.entries(columns), ...Object.entries(titles ?? {})].map(([title, field]) => [field, title]),
  );
  const lines = [fillTitleTemplate(wanted, fields), ...rows.map((row) => fillRowTemplate(wanted, row, type))];
  return table(lines.map((line) => line.split('\t')));
}
