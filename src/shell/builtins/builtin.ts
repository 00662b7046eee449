// What a builtin of the shell is, and how it talks.
import { complain, type Frame, type ShellState, writerOf, writeText } from '../evaluate/shell-state.ts';

export interface BuiltinCall {
  readonly shell: ShellState;
  readonly name: string;
  readonly args: readonly string[];
  readonly frame: Frame;
}

export type Builtin = (call: BuiltinCall) => Promise<number>;

export function print({ frame }: Pick<BuiltinCall, 'frame'>, text: string): Promise<void> {
  return writeText(writerOf(frame.io), text);
}

/** Prints `bash: name: message` and gives the exit code. */
export async function refuse({ shell, frame, name }: BuiltinCall, message: string, status = 1): Promise<number> {
  await complain(shell, frame, `${name}: ${message}`);
  return status;
}

export function isName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);
}
