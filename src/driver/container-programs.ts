// Runs what containers execute (`sh -c …`) with the shell's programs, and brings output and exit back to the engine.
import type { ClockPort } from '../api/ports.ts';
import {
  CannotExecute,
  type HostedEvents,
  type HostedHandle,
  type HostedProcess,
  type Machine,
  type ProgramHost,
  type ProgramTable,
  type Terminal,
  type Writer,
} from '../api/program.ts';
import { encodeUtf8 } from '../base/bytes.ts';
import { createProcessHost, type HostedChild, type ProcessHost } from '../shell/process/process-host.ts';
import type { Driver } from './driver.ts';
import { Inbox } from './inbox.ts';
import { networkPort } from './network-port.ts';

export function containerPrograms(driver: Driver, clock: ClockPort, programs: ProgramTable): ProgramHost {
  const hosts = new WeakMap<Machine, ProcessHost>();

  const hostOf = ({ machine, network, user }: HostedProcess): ProcessHost => {
    const known = hosts.get(machine);
    if (known) return known;
    const made = createProcessHost({
      machine,
      programs,
      clock,
      network: networkPort(driver, network),
      user,
      init: true,
    });
    hosts.set(machine, made);
    return made;
  };

  return {
    start(process, events) {
      const input = new Inbox<Uint8Array>(driver);
      if (!process.stdin) input.end();
      const terminal = process.terminal && new Resizable(process.terminal.columns, process.terminal.rows);
      const started = hostOf(process).start({
        ...process,
        stdin: { read: () => input.take() },
        stdout: writer(events, 1),
        stderr: writer(events, terminal ? 1 : 2),
        terminal,
      });
      driver.delivered();
      let child: HostedChild | undefined;
      const pending: Parameters<HostedHandle['signal']>[0][] = [];
      started
        .then(async (running) => {
          child = running;
          for (const signal of pending) running.signal(signal);
          events.exited(await running.wait());
        })
        .catch((error: unknown) => {
          if (!(error instanceof CannotExecute)) throw error;
          events.failed(error);
        })
        .finally(() => input.end());
      return {
        input: (bytes) => input.put(bytes),
        inputEnded: () => input.end(),
        signal: (signal) => {
          driver.delivered();
          if (child) child.signal(signal);
          else pending.push(signal);
        },
        resize: (columns, rows) => terminal?.resize(columns, rows),
      };
    },
  };
}

function writer(events: HostedEvents, stream: 1 | 2): Writer {
  return {
    write: async (data) => {
      const bytes = typeof data === 'string' ? encodeUtf8(data) : data;
      if (bytes.length > 0) events.output(stream, bytes);
    },
  };
}

class Resizable implements Terminal {
  private readonly listeners = new Set<(size: { readonly columns: number; readonly rows: number }) => void>();

  constructor(
    public columns: number,
    public rows: number,
  ) {}

  onResize(run: (size: { readonly columns: number; readonly rows: number }) => void): () => void {
    this.listeners.add(run);
    return () => this.listeners.delete(run);
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    for (const run of this.listeners) run({ columns, rows });
  }
}
