// A port that leads elsewhere: what connects to it goes on to another address, both ways, until either side ends it.
import type { ByteSocket, Dialer } from './http.ts';

export interface Destination {
  readonly host: string;
  readonly port: number;
  /** Where it began, for who tells of it. */
  readonly origin?: string;
}

/** `way` is asked at each connection: through what it goes on, and where to; undefined: nowhere, and it is closed. */
export function forwardingListener(way: () => { readonly dialer: Dialer; readonly to: Destination } | undefined): {
  accept(socket: ByteSocket): void;
} {
  return {
    accept(outer) {
      const found = way();
      if (found) forward(outer, found.dialer, found.to);
      else outer.close();
    },
  };
}

/** Bytes that come before the other side has answered are kept for it. */
function forward(outer: ByteSocket, dialer: Dialer, to: Destination): void {
  const early: Uint8Array[] = [];
  let inner: ByteSocket | undefined;
  let over = false;
  outer.onData((bytes) => (inner ? inner.send(bytes) : early.push(bytes)));
  outer.onClose(() => {
    over = true;
    inner?.close();
  });
  dialer.dial(to, {
    connected(socket) {
      if (over) {
        socket.close();
        return;
      }
      inner = socket;
      socket.onData((bytes) => outer.send(bytes));
      socket.onClose(() => outer.close());
      for (const bytes of early) socket.send(bytes);
    },
    failed: () => outer.close(),
  });
}
