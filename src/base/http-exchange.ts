// One request whose answer is told as it comes, or that turns its connection into something else: watches, logs,
// WebSockets.
import { type ByteSocket, type Dialer, formatRequest, type HttpTarget } from './http.ts';
import { HttpParser } from './http-parser.ts';

export interface ExchangeEvents {
  head(status: number, headers: ReadonlyMap<string, string>): void;
  piece(bytes: Uint8Array): void;
  end(): void;
  /** The other side speaks what the request asked for from here on. `early`: what has come already. */
  upgraded(
    connection: ByteSocket,
    answer: { readonly headers: ReadonlyMap<string, string>; readonly early: Uint8Array },
  ): void;
  /** Before there was a head. Go's words, e.g. `connect: connection refused`, `EOF`. */
  failed(message: string): void;
}

/** Asks on a connection of its own. A request with an `Upgrade` header keeps it. Returns how to give up. */
export function exchange(dialer: Dialer, target: HttpTarget, events: ExchangeEvents): () => void {
  const { host, port } = target;
  let over = false;
  let open: ByteSocket | undefined;
  const finish = (tell: () => void): void => {
    if (over) return;
    over = true;
    tell();
    open?.close();
  };
  const stopDialing = dialer.dial(
    { host, port },
    {
      failed: ({ message }) => finish(() => events.failed(message)),
      connected(socket) {
        open = socket;
        ask(socket, target, {
          ...events,
          head: (status, headers) => !over && events.head(status, headers),
          piece: (bytes) => !over && events.piece(bytes),
          end: () => finish(events.end),
          failed: (message) => finish(() => events.failed(message)),
          upgraded(connection, answer) {
            if (over) return;
            over = true;
            events.upgraded(connection, answer);
          },
        });
      },
    },
  );
  return () => finish(stopDialing);
}

function ask(socket: ByteSocket, target: HttpTarget, events: ExchangeEvents): void {
  const { headers = {}, method = 'GET' } = target;
  let begun = false;
  let upgraded = false;
  const fail = (message: string): void => (begun ? events.end() : events.failed(message));
  const parser = new HttpParser(
    'response',
    {
      begin(start, answered) {
        const status = Number(start.second);
        if (status < 200) return;
        begun = true;
        events.head(status, answered);
      },
      piece: (bytes) => events.piece(bytes),
      message(start, message) {
        upgraded = start.second === '101';
        if (upgraded) events.upgraded(socket, { headers: message.headers, early: parser.release() });
        else if (begun) events.end();
      },
      problem: ({ text }) => fail(`net/http: HTTP/1.x transport connection broken: ${text}`),
    },
    method,
  );
  socket.onData((bytes) => parser.push(bytes));
  socket.onClose(() => {
    if (!upgraded && !parser.end()) fail(parser.started ? 'unexpected EOF' : 'EOF');
  });
  const asksUpgrade = Object.keys(headers).some((name) => name.toLowerCase() === 'upgrade');
  socket.send(formatRequest(asksUpgrade ? target : { ...target, headers: { ...headers, Connection: 'close' } }));
}
