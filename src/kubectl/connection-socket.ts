// A connection that is read by promises as a socket with callbacks, for what speaks HTTP over it.
import type { Connection } from '../api/ports.ts';
import type { ByteSocket } from '../base/http.ts';

export function connectionSocket(connection: Connection): ByteSocket {
  let closed: () => void = () => undefined;
  return {
    send: (bytes) => void connection.write(bytes).catch(() => undefined),
    close: () => connection.close(),
    onData(run) {
      const pump = async () => {
        for (;;) {
          const bytes = await connection.read().catch(() => undefined);
          if (!bytes) return closed();
          run(bytes);
        }
      };
      void pump();
    },
    onClose(run) {
      closed = run;
    },
  };
}
