// The network as one machine's programs see it: promises over the engine's callbacks.
import type { NetworkHost, Socket } from '../api/network.ts';
import { type Cancellation, type Connection, ConnectionError, type NetworkPort } from '../api/ports.ts';
import type { Driver } from './driver.ts';
import { Inbox } from './inbox.ts';

export function networkPort(driver: Driver, host: NetworkHost): NetworkPort {
  return {
    dial: (_from, target, cancel) =>
      driver.wait<Connection>(
        (answer) =>
          host.dial(target, {
            connected: (socket) => answer.resolve(connection(driver, socket, cancel)),
            failed: (failure) => answer.reject(new ConnectionError(failure.message)),
          }),
        cancel,
      ),
    resolve: (_from, name) =>
      driver.wait<readonly string[]>((answer) => {
        host.resolve(name, answer.resolve);
        return undefined;
      }),
  };
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
