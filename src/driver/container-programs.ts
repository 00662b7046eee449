// Runs what containers execute (`sh -c …`) with the shell's programs, and brings output and exit back to the engine.
import type { Cancellation, ClockPort } from '../api/ports.ts';
import {
  CannotExecute,
  type HostedEvents,
  type HostedHandle,
  type HostedProcess,
  type Machine,
  type ProgramHost,
  type ProgramTable,
  type Writer,
} from '../api/program.ts';
import { encodeUtf8 } from '../base/bytes.ts';
import { createProcessHost, type HostedChild, type ProcessHost } from '../shell/process/process-host.ts';
import type { Driver } from './driver.ts';
import { Inbox } from './inbox.ts';
import { withReturns } from './line-discipline.ts';
import { networkPort } from './network-port.ts';
import { Tty } from './tty.ts';

export function containerPrograms(driver: Driver, clock: ClockPort, programs: ProgramTable): ProgramHost {
  const hosts = new WeakMap<Machine, ProcessHost>();

  const hostOf = ({ machine, network, user, use }: HostedProcess): ProcessHost => {
    const known = hosts.get(machine);
    if (known) return known;
    const made = createProcessHost({
      machine,
      programs,
      clock,
      network: networkPort(driver, network),
      user,
      init: true,
      use,
    });
    hosts.set(machine, made);
    return made;
  };

  return {
    start(process, events) {
      const host = hostOf(process);
      let child: HostedChild | undefined;
      const terminal =
        process.terminal &&
        new Tty(driver, {
          ...process.terminal,
          echo: (bytes) => events.output(1, withReturns(bytes)),
          signal(signal, foreground) {
            const group = foreground ?? child?.group;
            if (group !== undefined) host.signalGroup(group, signal);
          },
        });
      const input = new Inbox<Uint8Array>(driver);
      if (!process.stdin) {
        input.end();
        terminal?.end();
      }
      const started = host.start({
        ...process,
        network: networkPort(driver, process.network, causeOfFirst(driver.simulation.cause)),
        stdin: terminal?.reader ?? { read: (cancel?: Cancellation) => input.take(cancel) },
        stdout: writer(events, 1, terminal !== undefined),
        stderr: writer(events, terminal ? 1 : 2, terminal !== undefined),
        terminal,
      });
      driver.delivered();
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
        .finally(() => {
          input.end();
          terminal?.end();
        });
      return {
        input: (bytes) => (terminal ? terminal.type(bytes) : input.put(bytes)),
        inputEnded: () => (terminal ?? input).end(),
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

/** Connections of one process that go back to who started it: a loop goes on for ever, of its own. */
const causedMax = 16;

function causeOfFirst(cause: number): () => number {
  let left = causedMax;
  return () => (left-- > 0 ? cause : 0);
}

function writer(events: HostedEvents, stream: 1 | 2, returns: boolean): Writer {
  return {
    write: async (data) => {
      const bytes = typeof data === 'string' ? encodeUtf8(data) : data;
      if (bytes.length > 0) events.output(stream, returns ? withReturns(bytes) : bytes);
    },
  };
}
