// Rows of cells as aligned columns, as kubectl's tabwriter does it: widths grow and are remembered between flushes.
import { textWidth } from '../../base/tab-writer.ts';

const widthMin = 6;
const padding = 3;

/** The last cell of a row is not padded and does not widen its column for shorter rows. */
export class TableWriter {
  private rows: (readonly string[])[] = [];
  private widths: number[] = [];

  /** A new table begins: widths are forgotten. */
  reset(): void {
    this.widths = [];
  }

  row(cells: readonly string[]): void {
    this.rows.push(cells);
  }

  /** The rows since the last flush. */
  flush(): string {
    for (const row of this.rows)
      row.slice(0, -1).forEach((cell, i) => {
        this.widths[i] = Math.max(this.widths[i] ?? widthMin, textWidth(cell) + padding);
      });
    const text = this.rows.map((row) => `${this.layOut(row)}\n`).join('');
    this.rows = [];
    return text;
  }

  private layOut(row: readonly string[]): string {
    return row
      .map((cell, i) => {
        if (i === row.length - 1) return cell;
        return cell + ' '.repeat(Math.max(0, (this.widths[i] ?? 0) - textWidth(cell)));
      })
      .join('');
  }
}

/** Rows as one aligned text. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const writer = new TableWriter();
  for (const row of rows) writer.row(row);
  return writer.flush();
}

/** Control characters that would move the terminal's cursor become visible. */
export function escapeTerminal(text: string): string {
  return text.replaceAll('\u001b', '^[').replaceAll('\r', '\\r');
}
