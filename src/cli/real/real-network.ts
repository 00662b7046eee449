// The real machine's network, for port-forward, proxy and manifests from the web (without TLS).
import { lookup } from 'node:dns/promises';
import net from 'node:net';
import {
  type Cancellation,
  type Connection,
  ConnectionError,
  type NetworkPort,
  type PortListener,
} from '../../api/ports.ts';

export const realNetwork: NetworkPort = {
  dial: (_from, { host, port }, cancel) => dial(host, port, cancel),
  resolve: async (_from, host) => {
    try {
      return (await lookup(host, { all: true })).map(({ address }) => address);
    } catch {
      return []; // a name that does not exist has no addresses
    }
  },
  listen: (_from, port, cancel) => listen(port, cancel),
};

function dial(host: string, port: number, cancel?: Cancellation): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, allowHalfOpen: true });
    cancel?.onCancel(() => socket.destroy());
    socket.once('connect', () => resolve(connection(socket)));
    socket.once('error', (error) => reject(new ConnectionError(dialProblem(error, host, port))));
  });
}

function dialProblem(error: Error, host: string, port: number): string {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') return `dial tcp ${host}:${port}: connect: connection refused`;
  return code === 'ENOTFOUND' ? `dial tcp: lookup ${host}: no such host` : error.message;
}

function listen(port: number, cancel?: Cancellation): Promise<PortListener> {
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
