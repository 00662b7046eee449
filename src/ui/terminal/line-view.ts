// How the line being edited is drawn: from where it was drawn before to where it is now, in escape sequences.

export interface LineView {
  /** Without colours. */
  readonly prompt: string;
  /** The prompt as it is printed. */
  readonly styledPrompt: string;
  readonly text: string;
  readonly cursor: number;
}

export interface Drawn {
  /** What to write to the terminal. */
  readonly output: string;
  /** Rows from the first of the line to the one with the cursor: where the next drawing starts from. */
  readonly cursorRow: number;
}

/** Draws over what was drawn before, whose cursor stands `cursorRow` rows below its first. */
export function draw(view: LineView, columns: number, cursorRow: number): Drawn {
  const whole = view.prompt + view.text;
  const end = place(whole, columns);
  const cursor = place(whole.slice(0, view.prompt.length + view.cursor), columns);
  const up = cursorRow > 0 ? `\x1b[${cursorRow}A` : '';
  // A full last row leaves the cursor behind its edge; a line feed brings it to where the next character would be.
  const edge = end.column === 0 && !whole.endsWith('\n') && whole !== '' ? '\r\n' : '';
  const back = end.row > cursor.row ? `\x1b[${end.row - cursor.row}A` : '';
  const across = cursor.column > 0 ? `\x1b[${cursor.column}C` : '';
  const text = view.text.replaceAll('\n', '\r\n');
  return {
    output: `${up}\r\x1b[J${view.styledPrompt}${text}${edge}${back}\r${across}`,
    cursorRow: cursor.row,
  };
}

/** Where the cursor stands after a text. */
function place(text: string, columns: number): { readonly row: number; readonly column: number } {
  let row = 0;
  let column = 0;
  for (const character of text) {
    if (character === '\n') {
      row++;
      column = 0;
      continue;
    }
    const width = widthOf(character);
    if (column + width > columns) {
      row++;
      column = 0;
    }
    column += width;
  }
  return column >= columns ? { row: row + 1, column: 0 } : { row, column };
}

/** Cells that a character takes: East Asian wide ones and emoji take two, combining marks none. */
function widthOf(character: string): number {
  if (/^\p{M}$/u.test(character)) return 0;
  return /^[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]$/u.test(
    character,
  )
    ? 2
    : 1;
}
