// The open terminal, for what types into it from elsewhere: lessons, the key row of a phone, the palette.
import { useView } from './view-store.ts';

export interface TerminalAccess {
  /** As if the keys were pressed. */
  type(keys: string): void;
  focus(): void;
  /** Opens another terminal. */
  add(): void;
  /** Opens the field that searches the screen. */
  find(): void;
}

let terminal: TerminalAccess | undefined;

/** Called by the terminal pane: the terminal that shows. */
export function setTerminal(shown: TerminalAccess | undefined): void {
  terminal = shown;
}

/** The terminal that shows; undefined until there is one. */
export function shownTerminal(): TerminalAccess | undefined {
  return terminal;
}

export function typeIntoTerminal(keys: string): void {
  terminal?.type(keys);
}

export function focusTerminal(): void {
  useView.getState().openPane('terminal');
  terminal?.focus();
}

/** Puts a command into the prompt in place of what stands there; the learner presses Enter. */
export function putIntoPrompt(command: string): void {
  focusTerminal();
  terminal?.type(`\x15${command}`);
}
