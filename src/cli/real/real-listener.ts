// A port of the real machine, for port-forward and proxy.
import net from 'node:net';
import { type Cancellation, type Connection, ConnectionError, type PortListener } from '../../api/ports.ts';

export function listen(port: number, cancel?: Cancellation): Promise<PortListener> {
  const waiting: Connection[] = [];
  let wake = (): void => {};
  let closed = false;
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    waiting.push(connection(socket));
    wake();
  });
  const close = (): void => {
    closed = true;
    server.close();
    wake();
  };
  cancel?.onCancel(close);
  return new Promise((resolve, reject) => {
    server.once('error', () =>
      reject(new ConnectionError(`listen tcp4 127.0.0.1:${port}: bind: address already in use`)),
    );
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address ? address.port : port,
        accept: async () => {
          while (waiting.length === 0 && !closed) {
            await new Promise<void>((ready) => {
              wake = ready;
            });
          }
          return waiting.shift();
        },
        close,
      });
    });
  });
}

function connection(socket: net.Socket): Connection {
  const pieces = socket[Symbol.asyncIterator]();
  socket.on('error', () => socket.destroy());
  return {
    read: async () => {
      const next = await pieces.next();
      return next.done ? undefined : new Uint8Array(Buffer.from(next.value));
    },
    write: (bytes) =>
      new Promise((resolve) => {
        socket.write(bytes, () => resolve());
      }),
    close: () => void socket.end(),
  };
}
