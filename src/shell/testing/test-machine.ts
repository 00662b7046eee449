// A machine for tests: programs, files and a virtual clock that advances when nothing is runnable.
import { type ClockPort, ConnectionError, type NetworkPort } from '../../api/ports.ts';
import type { Machine, Program, Signal } from '../../api/program.ts';
import { decodeUtf8 } from '../../base/bytes.ts';
import { FileTree } from '../../base/files.ts';
import type { Dialect } from '../evaluate/shell-state.ts';
import { createProcessHost, type ProcessHost } from '../process/process-host.ts';
import { installPrograms, loadAllTools, shellPrograms } from '../programs/programs.ts';
import { Shell } from '../shell.ts';

await loadAllTools(); // what loads while a test runs would take time
const programTable = shellPrograms((load) => load());

export interface TestMachineOptions {
  /** Resolves when no promise is left to run: setImmediate. */
  readonly idle: () => Promise<void>;
  readonly dialect?: Dialect;
  readonly interactive?: boolean;
  readonly network?: NetworkPort;
  readonly programs?: ReadonlyMap<string, Program>;
}

export interface Transcript {
  /** Standard output and errors as a terminal shows them. */
  readonly output: string;
  readonly status: number;
  readonly elapsedMs: number;
}

export interface TestMachine {
  readonly machine: Machine;
  readonly host: ProcessHost;
  /** Runs text in a new shell on the same files. */
  run(
    text: string,
    options?: { readonly stdin?: string; readonly signals?: readonly TimedSignal[] },
  ): Promise<Transcript>;
}

/** Sent to the shell's process (or, as Ctrl-C, to its foreground) after so much time. */
export interface TimedSignal {
  readonly afterMs: number;
  readonly signal: Signal | 'Ctrl-C';
}

const start = 1_753_000_000_000;

const unreachable: NetworkPort = {
  dial: async (_from, { host, port }) => {
    throw new ConnectionError(`dial tcp: lookup ${host}:${port}: no such host`);
  },
  resolve: async () => [],
  listen: async (_from, port) => {
    throw new ConnectionError(`listen tcp4 127.0.0.1:${port}: bind: address already in use`);
  },
};

export class VirtualClock implements ClockPort {
  private time = start;
  private readonly sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();

  now(): number {
    return this.time;
  }

  sleep(ms: number, cancel?: Parameters<ClockPort['sleep']>[1]): Promise<void> {
    return new Promise((resolve) => {
      const sleeper = { at: this.time + ms, wake: resolve };
      this.sleepers.add(sleeper);
      cancel?.onCancel(() => {
        this.sleepers.delete(sleeper);
        resolve();
      });
    });
  }

  /** Wakes the next sleepers; false when nobody sleeps. */
  advance(): boolean {
    const at = Math.min(...[...this.sleepers].map((sleeper) => sleeper.at));
    if (at === Number.POSITIVE_INFINITY) return false;
    this.time = Math.max(this.time, at);
    for (const sleeper of [...this.sleepers]) {
      if (sleeper.at > at) continue;
      this.sleepers.delete(sleeper);
      sleeper.wake();
    }
    return true;
  }
}

export function createTestMachine(options: TestMachineOptions): TestMachine {
  const clock = new VirtualClock();
  const machine: Machine = { id: 'learner', hostname: 'learner', files: new FileTree(() => clock.now()) };
  machine.files.makeDirectory('/home/learner', { parents: true });
  machine.files.makeDirectory('/tmp');
  const isBash = (options.dialect ?? 'bash') === 'bash';
  installPrograms(machine.files, isBash ? 'gnu' : 'busybox');
  const host = createProcessHost({
    machine,
    programs: new Map([...programTable, ...(options.programs ?? [])]),
    clock,
    network: options.network ?? unreachable,
    user: isBash ? { name: 'learner', uid: 1000 } : { name: 'root', uid: 0 },
    firstPid: 100,
  });
  const run: TestMachine['run'] = (text, given = {}) => runText({ options, host, clock }, text, given);
  return { machine, host, run };
}

class TextBytes {
  readonly bytes: Uint8Array;
  constructor(text: string) {
    this.bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
  }
}

interface World {
  readonly options: TestMachineOptions;
  readonly host: ProcessHost;
  readonly clock: VirtualClock;
}

async function runText(
  { options, host, clock }: World,
  text: string,
  given: Parameters<TestMachine['run']>[1] & object,
): Promise<Transcript> {
  const began = clock.now();
  let output = '';
  const writer = {
    write: async (data: string | Uint8Array) => {
      output += typeof data === 'string' ? data : decodeUtf8(data);
    },
  };
  let input: string | undefined = given.stdin;
  const stdin = {
    read: async () => {
      const bytes = input === undefined ? undefined : new TextBytes(input).bytes;
      input = undefined;
      return bytes;
    },
  };
  let shell: Shell | undefined;
  const child = await host.start({
    argv: ['bash'],
    env: new Map([
      ['HOME', '/home/learner'],
      ['PATH', '/usr/local/bin:/usr/bin:/bin'],
    ]),
    cwd: '/home/learner',
    stdin,
    stdout: writer,
    stderr: writer,
    run: async (process) => {
      shell = new Shell({ process, dialect: options.dialect ?? 'bash', interactive: options.interactive ?? false });
      const status = await shell.run(text);
      await shell.close();
      return status;
    },
  });
  for (const { afterMs, signal } of given.signals ?? [])
    void clock.sleep(afterMs).then(() => (signal === 'Ctrl-C' ? shell?.interrupt() : child.signal(signal)));
  let status: number | undefined;
  void child.wait().then((code) => {
    status = code;
  });
  for (await options.idle(); status === undefined; await options.idle()) {
    if (status === undefined && !clock.advance()) return { output: `${output}[deadlock]`, status: -1, elapsedMs: -1 };
  }
  return { output, status, elapsedMs: clock.now() - began };
}
