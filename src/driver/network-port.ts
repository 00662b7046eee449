// The network as one machine's programs see it: promises over the engine's callbacks.
import type { NetworkHost, Socket } from '../api/network.ts';
import {
  type Cancellation,
  type Connection,
  ConnectionError,
  type NetworkPort,
  type PortListener,
} from '../api/ports.ts';
import type { Driver } from './driver.ts';
import { Inbox } from './inbox.ts';

/** `cause`: the trace step that what its programs do goes back to; 0: none is known. */
export function networkPort(driver: Driver, host: NetworkHost, cause: () => number = () => 0): NetworkPort {
  const { simulation } = driver;
  const caused = <T>(run: () => T): T => {
    const before = simulation.cause;
    simulation.cause = cause();
    const result = run();
    simulation.cause = before;
    return result;
  };
  return {
    dial: (_from, { host: name, port }, cancel) =>
      driver.wait<Connection>(
        (answer) =>
          caused(() =>
            host.dial(
              { host: name, port },
              {
                connected: (socket) => answer.resolve(connection(driver, socket, cancel)),
                failed: (failure) => answer.reject(new ConnectionError(failure.message)),
              },
            ),
          ),
        cancel,
      ),
    resolve: (_from, name) =>
      driver.wait<readonly string[]>((answer) => {
        caused(() => host.resolve(name, answer.resolve));
        return undefined;
      }),
    listen: async (_from, port, cancel) => listen(driver, { host, port, cancel }),
  };
}

/** Ports that a program gets when it does not mind which. */
const freePorts = { first: 32768, last: 60999 };

function listen(
  driver: Driver,
  {
    host,
    port,
    cancel,
  }: { readonly host: NetworkHost; readonly port: number; readonly cancel: Cancellation | undefined },
): PortListener {
  const inbox = new Inbox<Connection>(driver);
  const listener = { accept: (socket: Socket) => inbox.put(connection(driver, socket, cancel)) };
  let taken = port === 0 ? freePorts.first : port;
  let stop = host.listen(taken, listener);
  while (!stop && port === 0 && taken < freePorts.last) stop = host.listen(++taken, listener);
  if (!stop) throw new ConnectionError(`listen tcp4 127.0.0.1:${port}: bind: address already in use`);
  const close = (): void => {
    stop?.();
    inbox.end();
  };
  cancel?.onCancel(close);
  return { port: taken, accept: () => inbox.take(cancel), close };
}

function connection(driver: Driver, socket: Socket, cancel: Cancellation | undefined): Connection {
  const inbox = new Inbox<Uint8Array>(driver);
  socket.onData((bytes) => inbox.put(bytes));
  socket.onClose(() => inbox.end());
  cancel?.onCancel(() => socket.close());
  return {
    read: () => inbox.take(cancel),
    write: async (bytes) => socket.send(bytes),
    close: () => {
      socket.close();
      inbox.end();
    },
  };
}
