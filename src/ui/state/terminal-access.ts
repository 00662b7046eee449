// The open terminal, for what types into it from elsewhere: lessons, the key row of a phone, the palette.
import type { CommandResult } from '../../embed/messages.ts';
import { useView } from './view-store.ts';

export interface TerminalAccess {
  /** As if the keys were pressed. */
  type(keys: string): void;
  /** Runs a line as soon as there is a prompt. */
  run(line: string): Promise<CommandResult>;
  focus(): void;
  /** Opens another terminal. */
  add(): void;
  /** Opens the field that searches the screen. */
  find(): void;
}

let terminal: TerminalAccess | undefined;
let tellFirst = (): void => {};

/** There is a terminal. */
export const firstTerminal: Promise<void> = new Promise((resolve) => {
  tellFirst = resolve;
});

/** Called by the terminal pane: the terminal that shows. */
export function setTerminal(shown: TerminalAccess | undefined): void {
  terminal = shown;
  if (shown) tellFirst();
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
