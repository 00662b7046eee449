// The terminal's gutter: a mark beside every command, which opens the trace of what it set off.
import type { Terminal } from '@xterm/xterm';
import './trace-gutter.css';
import { useTrace } from './trace-store.ts';

/** Marks the command that ends above the cursor; `step`: the step of the trace that it is. */
export function markCommand(terminal: Terminal, step: number): void {
  // What was written before has to be on the screen, or the cursor is not where it will be.
  terminal.write('', () => {
    const marker = terminal.registerMarker(firstRow(terminal));
    const decoration = marker && terminal.registerDecoration({ marker, x: 0, width: 1 });
    if (!decoration) return;
    const { button, dispose } = markButton(step);
    decoration.onRender((element) => {
      element.classList.add('trace-mark');
      if (button.parentElement !== element) element.replaceChildren(button);
    });
    decoration.onDispose(dispose);
  });
}

/** The row of the prompt, counted from the cursor: a long command goes over several. */
function firstRow({ buffer: { active } }: Terminal): number {
  const cursor = active.baseY + active.cursorY;
  let row = cursor - 1;
  while (row > 0 && active.getLine(row)?.isWrapped) row--;
  return row - cursor;
}

function markButton(step: number): { readonly button: HTMLElement; readonly dispose: () => void } {
  const button = document.createElement('button');
  button.type = 'button';
  button.tabIndex = -1; // a screen full of marks would be a long way to tab: keys open the pane, which lists commands
  button.title = 'What this command set off';
  button.setAttribute('aria-label', button.title);
  const follow = (): void => button.setAttribute('aria-expanded', String(useTrace.getState().root === step));
  follow();
  button.addEventListener('mousedown', (event) => event.preventDefault());
  button.addEventListener('click', () => useTrace.getState().toggle(step));
  return { button, dispose: useTrace.subscribe(follow) };
}
