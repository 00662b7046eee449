// Runs the real kubectl against a served cluster: to its end, or line by line as it prints.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fold } from './fold.ts';
import { root, type Served } from './serve.ts';

const kubectl = join(root, 'node_modules/.cache/real/kubectl');

/** Splits as a shell does where nothing but single quotes matter. */
function words(line: string): string[] {
  return Array.from(line.matchAll(/(?:'[^']*'|[^\s'])+/g), ([word]) => word.replaceAll("'", ''));
}

function start(served: Served, line: string): ChildProcess {
  const env = { HOME: served.folder, KUBECONFIG: served.kubeconfig, PATH: process.env.PATH, TERM: 'dumb' };
  return spawn(kubectl, words(line), { env, cwd: served.folder, stdio: ['pipe', 'pipe', 'pipe'] });
}

/** Runs `kubectl LINE` to its end: what it printed, masked; errors after `!`, then the exit code unless it is 0. */
export async function run(served: Served, line: string, input = ''): Promise<string> {
  const child = start(served, line);
  child.stdin?.end(input);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (piece) => {
    stdout += piece;
  });
  child.stderr?.on('data', (piece) => {
    stderr += piece;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const errors = stderr.replace(/^(?=.)/gm, '! ');
  const shown = `${stdout}${errors}${code === 0 ? '' : `exit code ${code}\n`}`;
  return fold(shown.replace(/[0-9a-f]{64}/g, '<container-id>'));
}

/** Runs several lines in turn and shows each with its output, as a terminal does. */
export async function transcript(served: Served, lines: readonly string[]): Promise<string> {
  let shown = '';
  for (const line of lines) shown += `$ kubectl ${line}\n${await run(served, line)}`;
  return `\n${shown}`;
}

/** Follows `kubectl LINE` until a line of its output is as wanted, then stops it. Resolves with all lines so far. */
export async function follow(
  served: Served,
  line: string,
  wanted: (line: string, lines: readonly string[]) => boolean,
  onFirst: () => void = () => {},
): Promise<readonly string[]> {
  const child = start(served, line);
  child.stderr?.pipe(process.stderr);
  const lines: string[] = [];
  try {
    for await (const text of createInterface({ input: child.stdout ?? process.stdin })) {
      lines.push(fold(text));
      if (lines.length === 1) onFirst();
      if (wanted(text, lines)) break;
    }
    return lines;
  } finally {
    child.kill('SIGKILL');
  }
}
