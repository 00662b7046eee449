// Tables as etcdctl and etcdutl draw them: centred capital headings, cells to the right.

export function printTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, i) => Math.max(heading.length, ...rows.map((row) => (row[i] ?? '').length)));
  const rule = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+\n`;
  const line = (cells: readonly string[], place: (text: string, width: number) => string): string =>
    `|${widths.map((width, i) => ` ${place(cells[i] ?? '', width)} `).join('|')}|\n`;
  const centred = (text: string, width: number): string => {
    const left = Math.floor((width - text.length) / 2);
    return `${' '.repeat(left)}${text}${' '.repeat(width - text.length - left)}`;
  };
  const right = (text: string, width: number): string => text.padStart(width);
  const head = line(
    headings.map((heading) => heading.toUpperCase()),
    centred,
  );
  return rule + head + rule + rows.map((row) => line(row, right)).join('') + (rows.length > 0 ? rule : '');
}

/** `20 kB`, `2.1 GB`: thousands, two digits. */
export function humanBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const rounded = Math.floor(value * 10 + 0.5) / 10;
  return unit === 0 ? `${bytes} B` : `${rounded < 10 ? rounded.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
