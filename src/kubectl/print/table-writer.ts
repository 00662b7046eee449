// Rows of cells as aligned columns, as kubectl's tabwriter does it: widths grow and are remembered between flushes.
import { alignTabs } from '../../base/tab-writer.ts';

const minWidth = 6;
const padding = 3;

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
    const text = this.rows.map((cells) => `${cells.join('\t')}\n`).join('');
    this.rows = [];
    return alignTabs(text, { minWidth, padding, widths: this.widths });
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
