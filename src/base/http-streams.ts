// HTTP/1.1 servers whose answers come piece by piece: watches, logs. One request of a connection at a time, in order.
import { concatBytes, encodeUtf8 } from './bytes.ts';
import { type ByteSocket, type Exchange, type HttpRequest, serveRequests, statusText } from './http.ts';

/** Where an answer goes: a head, then pieces, then the end. */
export interface AnswerSink {
  head(status: number, headers: Readonly<Record<string, string>>): void;
  piece(bytes: Uint8Array): void;
  end(): void;
}

/** Begins to answer a request. Returns how to stop when the client goes away. */
export type StreamHandler = (request: HttpRequest, sink: AnswerSink) => () => void;

/**
 * Speaks HTTP on a connection until one side ends it, or until `upgrade` takes the connection over: it returns how to
 * stop then.
 */
export function serveStreams<S extends ByteSocket>(
  socket: S,
  handle: StreamHandler,
  upgrade: (request: HttpRequest) => (() => void) | undefined = () => undefined,
): void {
  serveRequests(socket, (request, exchange) => upgrade(request) ?? handle(request, answer(socket, request, exchange)));
}

function answer(socket: ByteSocket, request: HttpRequest, { close, done }: Exchange): AnswerSink {
  const bodiless = request.method === 'HEAD';
  let chunked = false;
  return {
    head(status, headers) {
      const sized = Object.keys(headers).some((name) => name.toLowerCase() === 'content-length');
      chunked = !sized && !bodiless && status !== 204 && status !== 304;
      const lines = [
        `HTTP/1.1 ${status} ${statusText(status)}`,
        ...Object.entries(headers).map(([name, value]) => `${canonicalHeader(name)}: ${value}`),
        ...(chunked ? ['Transfer-Encoding: chunked'] : []),
        ...(close ? ['Connection: close'] : []),
      ];
      socket.send(encodeUtf8(`${lines.join('\r\n')}\r\n\r\n`));
    },
    piece(bytes) {
      if (bytes.length === 0 || bodiless) return;
      socket.send(
        chunked ? concatBytes([encodeUtf8(`${bytes.length.toString(16)}\r\n`), bytes, encodeUtf8('\r\n')]) : bytes,
      );
    },
    end() {
      if (chunked) socket.send(encodeUtf8('0\r\n\r\n'));
      done();
    },
  };
}

/** `cache-control` → `Cache-Control`, as Go writes it. */
export function canonicalHeader(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (letters) => letters.toUpperCase());
}
