// Aligns text with tabs into columns, by the rules of Go's text/tabwriter.
//
// A cell ends at a tab; what follows the last tab of a line is not part of any column. A column is a run of adjacent
// lines that have a cell there, and is as wide as its widest cell plus padding:
//
//   a\tbb\tc        a    bb  c
//   aaa\tb\tc   →   aaa  b   c
//   x               x                 (ends the columns: below, they start anew)
//   y\tz            y  z

export interface TabOptions {
  readonly minWidth?: number;
  readonly padding?: number;
  /** A column of empty cells takes no room. */
  readonly discardEmptyColumns?: boolean;
  /** How wide columns have been so far: none becomes narrower again. Grows. */
  readonly widths?: number[];
}

/** The text with its columns aligned by spaces. */
export function alignTabs(text: string, options: TabOptions = {}): string {
  const lines = text.split('\n').map((line) => line.split('\t'));
  const widths = lines.map((): number[] => []);
  const last = lines.length;
  const measure = { minWidth: options.minWidth ?? 0, padding: options.padding ?? 2 };
  const { discardEmptyColumns: discard = false, widths: known } = options;
  sizeColumns({ lines, widths, ...measure, discard, known }, 0, 0, last);
  return lines.map((cells, i) => layOut(cells, widths[i] ?? [])).join('\n');
}

/** The number of code points, which is what a terminal's columns are counted in. */
export function textWidth(text: string): number {
  let width = 0;
  for (const _ of text) width++;
  return width;
}

interface Table {
  readonly lines: readonly (readonly string[])[];
  /** Widths of the cells of each line, filled column by column. */
  readonly widths: readonly number[][];
  readonly minWidth: number;
  readonly padding: number;
  readonly discard: boolean;
  readonly known: number[] | undefined;
}

function sizeColumns(table: Table, column: number, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    if (!hasCell(table, i, column)) continue;
    const start = i;
    let width = table.minWidth;
    let empty = true;
    for (; i < to && hasCell(table, i, column); i++) {
      const cell = textWidth(table.lines[i]?.[column] ?? '');
      if (cell > 0) empty = false;
      width = Math.max(width, cell + table.padding);
    }
    if (empty && table.discard) width = 0;
    if (table.known) {
      width = Math.max(width, table.known[column] ?? 0);
      table.known[column] = width;
    }
    for (let line = start; line < i; line++) table.widths[line]?.push(width);
    sizeColumns(table, column + 1, start, i);
  }
}

function hasCell(table: Table, line: number, column: number): boolean {
  return column < (table.lines[line]?.length ?? 0) - 1;
}

function layOut(cells: readonly string[], widths: readonly number[]): string {
  let line = '';
  for (const [i, cell] of cells.entries()) {
    const width = widths[i];
    line += cell;
    if (width !== undefined) line += ' '.repeat(Math.max(0, width - textWidth(cell)));
  }
  return line;
}
