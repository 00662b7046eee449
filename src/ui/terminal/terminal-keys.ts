// Keys that the terminal leaves to the page, and those that copy and paste.
import type { Terminal } from '@xterm/xterm';

export interface KeyTarget {
  readonly terminal: Terminal;
  readonly shell: { readonly atLineEnd: boolean };
  readonly find: () => void;
}

/** False: the terminal does nothing with the key. */
export function keepsKey(event: KeyboardEvent, { terminal, shell, find }: KeyTarget): boolean {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
  if (key === 'Tab' && shiftKey) return false; // the way out for who has no mouse
  if (key === 'F6') return false;
  if ((!ctrlKey && !metaKey) || altKey) return true;
  switch (key.toLowerCase()) {
    case 'k':
      return !(metaKey || shell.atLineEnd); // the palette, where there is nothing to cut
    case 'v':
      return false; // the browser pastes
    case 'c':
      if (!terminal.hasSelection()) return !shiftKey;
      if (event.type === 'keydown') copy(terminal);
      event.preventDefault();
      return false;
    case 'f':
      if (!shiftKey) return true;
      if (event.type === 'keydown') find();
      event.preventDefault();
      return false;
    default:
      return true;
  }
}

/** Refused by the browser, the selection stays: it can still be copied by the browser's own menu. */
function copy(terminal: Terminal): void {
  navigator.clipboard.writeText(terminal.getSelection()).then(
    () => terminal.clearSelection(),
    () => {},
  );
}
