// The real process (arguments, environment, standard streams) as the Process that programs are written for.
import { spawn } from 'node:child_process';
import { hostname, userInfo } from 'node:os';
import process from 'node:process';
import type { Cancellation } from '../../api/ports.ts';
import { BrokenPipe, CannotExecute, type Child, type ChildSpec, type Process, type Writer } from '../../api/program.ts';
import { CancelSource } from '../../driver/cancel-source.ts';
import { nap, wallClock } from '../../host.ts';
import { RealFiles } from './real-files.ts';
import { realNetwork } from './real-network.ts';

export function realProcess(argv: readonly string[]): Process {
  const interrupted = new CancelSource();
  process.on('SIGINT', () => {
    if (interrupted.cancelled) process.exit(130);
    interrupted.cancel();
  });
  const { username, uid } = userInfo();
  const input = process.stdin[Symbol.asyncIterator]();
  const columns = process.stdout.columns;
  return {
    pid: process.pid,
    argv,
    env: new Map(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    cwd: process.cwd(),
    user: { name: username, uid },
    machine: { id: 'host', hostname: hostname(), files: new RealFiles() },
    stdin: {
      read: async () => {
        const next = await input.next();
        return next.done ? undefined : new Uint8Array(Buffer.from(next.value));
      },
    },
    stdout: writer(process.stdout),
    stderr: writer(process.stderr),
    terminal:
      process.stdin.isTTY && columns ? { columns, rows: process.stdout.rows, onResize: () => () => {} } : undefined,
    clock: { now: wallClock, sleep },
    network: realNetwork,
    cancel: interrupted,
    onSignal: (signal, run) => {
      process.on(signal, run);
      return () => process.off(signal, run);
    },
    spawn: spawnChild,
    use: () => () => {},
    step: () => {},
  };
}

function writer(stream: NodeJS.WriteStream): Writer {
  let broken = false;
  stream.on('error', () => {
    broken = true;
  });
  return {
    write: (data) =>
      new Promise((resolve, reject) => {
        if (broken) reject(new BrokenPipe());
        else stream.write(data, (error) => (error ? reject(new BrokenPipe()) : resolve()));
      }),
  };
}

async function sleep(ms: number, cancel?: Cancellation): Promise<void> {
  const { done, wake } = nap(ms);
  const unlisten = cancel?.onCancel(wake);
  await done;
  unlisten?.();
}

/** A real child, on the real terminal: editors and diff programs. */
async function spawnChild(spec: ChildSpec): Promise<Child> {
  const [name = '', ...rest] = spec.argv;
  const child = spawn(name, rest, {
    cwd: spec.cwd,
    env: Object.fromEntries(spec.env),
    stdio: ['inherit', 'pipe', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', () => reject(new CannotExecute('notFound', name)));
  });
  const copied = Promise.all([copy(child.stdout, spec.stdout), copy(child.stderr, spec.stderr)]);
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  return {
    pid: child.pid ?? 0,
    wait: async () => {
      await copied;
      return ended;
    },
    signal: (signal) => void child.kill(signal),
  };
}

async function copy(from: NodeJS.ReadableStream, to: Writer): Promise<void> {
  for await (const chunk of from) await to.write(new Uint8Array(Buffer.from(chunk)));
}
