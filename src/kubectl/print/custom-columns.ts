// `-o custom-columns=NAME:.metadata.name,…` and custom-columns-file.

import { goText } from '../../base/go/format.ts';
import { isList, isObject, type JsonObject } from '../../base/json.ts';
import { CommandError } from '../errors.ts';
import { JsonPath } from './jsonpath.ts';
import { relaxedPath } from './relaxed-path.ts';
import { escapeTerminal, TableWriter } from './table-writer.ts';

interface CustomColumn {
  readonly header: string;
  readonly path: string;
}

export function parseCustomColumns(spec: string): readonly CustomColumn[] {
  if (spec === '') throw new CommandError('custom-columns format specified but no custom columns given');
  return spec.split(',').map((part) => {
    const colon = part.indexOf(':');
    if (colon < 0)
      throw new CommandError(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    return { header: part.slice(0, colon), path: relaxedPath(part.slice(colon + 1)) };
  });
}

/** A file's two lines: headers, then paths, parted by blanks. */
export function parseCustomColumnsFile(content: string): readonly CustomColumn[] {
  const lines = content.replace(/\n$/, '').split('\n');
  const form = 'Expected format is one line of space separated headers, one line of space separated column specs.';
  if (content === '') throw new CommandError(`invalid template, missing header line. ${form}`);
  if (lines[1] === undefined) throw new CommandError(`invalid template, missing spec line. ${form}`);
  const words = (line: string) => line.split(/\s+/).filter(Boolean);
  const headers = words(lines[0] ?? '');
  const paths = words(lines[1]);
  if (headers.length !== paths.length)
    throw new CommandError(
      `number of headers (${headers.length}) and field specifications (${paths.length}) don't match`,
    );
  return headers.map((header, i) => ({ header, path: relaxedPath(paths[i] ?? '') }));
}

export class CustomColumnsPrinter {
  private headersPrinted = false;
  private readonly paths: readonly JsonPath[];
  private readonly writer = new TableWriter();

  constructor(
    private readonly columns: readonly CustomColumn[],
    private readonly noHeaders: boolean,
  ) {
    this.paths = columns.map(({ path }) => new JsonPath(path, { allowMissingKeys: true }));
  }

  print(object: JsonObject): string {
    if (!this.noHeaders && !this.headersPrinted) this.writer.row(this.columns.map(({ header }) => header));
    this.headersPrinted = true;
    const objects = isList(object.items) ? object.items.filter(isObject) : [object];
    for (const one of objects) this.writer.row(this.paths.map((path) => cell(path, one)));
    return this.writer.flush();
  }
}

function cell(path: JsonPath, object: JsonObject): string {
  const found = path.find(object);
  const none = (found[0]?.length ?? 0) === 0 ? ['<none>'] : [];
  return [...none, ...found.flat().map((value) => escapeTerminal(goText(value)))].join(',');
}
