// Runs a program of the machine for kubectl: diff tools and editors, named by variables of the environment.
import { CannotExecute, type Process, type Terminal, type Writer } from '../api/program.ts';
import type { Output } from './output.ts';

/** Who runs it: a command's context is one. */
export interface Parent {
  readonly process: Process;
  readonly output: Output;
}

export interface Ended {
  readonly exitCode: number;
}

/** Runs it to its end with kubectl's own streams. A problem (Go's words) when there is no such program. */
export async function runExternal(
  { process, output }: Parent,
  argv: readonly string[],
  streams: {
    readonly stdout?: Writer;
    readonly terminal?: Terminal | undefined;
    readonly env?: ReadonlyMap<string, string>;
  } = {},
): Promise<Ended | { readonly problem: string }> {
  await output.flush();
  try {
    const child = await process.spawn({
      argv,
      env: streams.env ?? process.env,
      cwd: process.cwd,
      stdin: process.stdin,
      stdout: streams.stdout ?? process.stdout,
      stderr: process.stderr,
      terminal: streams.terminal ?? process.terminal,
    });
    return { exitCode: await child.wait() };
  } catch (error) {
    if (!(error instanceof CannotExecute)) throw error;
    return { problem: problemOf(error, argv[0] ?? '') };
  }
}

function problemOf(error: CannotExecute, name: string): string {
  const pathless = !name.includes('/');
  const words = error.reason === 'notFound' ? 'no such file or directory' : 'permission denied';
  return pathless && error.reason === 'notFound' ? 'executable file not found in $PATH' : `fork/exec ${name}: ${words}`;
}
