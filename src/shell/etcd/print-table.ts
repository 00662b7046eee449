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
