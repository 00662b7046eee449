// Subshells: a copy of the shell that runs as a child process of its own.
import type { Reader, Terminal, Writer } from '../../api/program.ts';
import { ForkFailed, fork, type HostedChild } from '../process/process-host.ts';
import { runToEnd } from './run-to-end.ts';
import { type Frame, type Io, readerOf, type ShellState, writerOf } from './shell-state.ts';
import { ExpansionError } from './unwind.ts';

const forkSteps = 1000;

export interface ForkOptions {
  readonly group?: number | 'new';
}

/** Rejects with an ExpansionError, which ends the command line, when the machine is full. */
export async function forkShell(
  shell: ShellState,
  io: Io,
  run: (shell: ShellState, frame: Frame) => Promise<number>,
  options: ForkOptions = {},
): Promise<HostedChild> {
  shell.process.step(forkSteps);
  const child = fork(
    shell.process,
    async (process) => {
      const inner = shell.fork(process);
      const innerIo = new Map(io);
      innerIo.set(0, { reader: process.stdin });
      innerIo.set(1, { writer: process.stdout });
      innerIo.set(2, { writer: process.stderr });
      inner.io = innerIo;
      return runToEnd(inner, () => run(inner, { io: innerIo, tested: false, last: true }));
    },
    { argv: shell.process.argv, env: shell.process.env, cwd: shell.process.cwd, ...streamsOf(shell, io), ...options },
  );
  return child.catch((error: unknown) => {
    throw error instanceof ForkFailed ? new ExpansionError(error.message, 254) : error;
  });
}

/** The three streams of a child, and the terminal when the first two are the shell's own. */
export function streamsOf(
  shell: ShellState,
  io: Io,
): { stdin: Reader; stdout: Writer; stderr: Writer; terminal: Terminal | undefined } {
  const stdin = readerOf(io);
  const stdout = writerOf(io, 1);
  const isTerminal = stdin === shell.process.stdin && stdout === shell.process.stdout;
  return { stdin, stdout, stderr: writerOf(io, 2), terminal: isTerminal ? shell.process.terminal : undefined };
}
