// HTTP/1.1 servers whose answers come piece by piece: watches, logs. One request of a connection at a time, in order.
import { concatBytes, encodeUtf8 } from './bytes.ts';
import { type ByteSocket, formatReply, type HttpRequest, statusText } from './http.ts';
import { HttpParser } from './http-parser.ts';

/** Where an answer goes: a head, then pieces, then the end. */
export interface AnswerSink {
  head(status: number, headers: Readonly<Record<string, string>>): void;
  piece(bytes: Uint8Array): void;
  end(): void;
}

/** Begins to answer a request. Returns how to stop when the client goes away. */
export type StreamHandler = (request: HttpRequest, sink: AnswerSink) => () => void;

/** Requests of one connection that may wait for their answers. */
const pipelineMax = 100;

/** Speaks HTTP on a connection until one side ends it. */
export function serveStreams(socket: ByteSocket, handle: StreamHandler): void {
  const waiting: HttpRequest[] = [];
  let stop: (() => void) | undefined;
  let busy = false;
  let over = false;
  const parser = new HttpParser('request', {
    message: (start, message) => {
      waiting.push({ ...message, method: start.first, target: start.second });
      if (waiting.length > pipelineMax) refuse(503);
      else next();
    },
    problem: ({ status }) => refuse(status),
  });
  socket.onData((bytes) => parser.push(bytes));
  socket.onClose(() => {
    over = true;
    stop?.();
  });

  function refuse(status: number): void {
    if (over) return;
    over = true;
    const headers = { 'Content-Type': 'text/plain; charset=utf-8' };
    socket.send(formatReply({ status, headers, body: `${status} ${statusText(status)}` }, 'GET', true));
    socket.close();
  }

  function next(): void {
    const request = busy || over ? undefined : waiting.shift();
    if (!request) return;
    busy = true;
    const close = request.headers.get('connection')?.toLowerCase() === 'close' || request.version === 'HTTP/1.0';
    stop = handle(
      request,
      answer(socket, request, close, () => {
        busy = false;
        stop = undefined;
        if (close) socket.close();
        else next();
      }),
    );
  }
}

function answer(socket: ByteSocket, request: HttpRequest, close: boolean, done: () => void): AnswerSink {
  const bodiless = request.method === 'HEAD';
  let chunked = false;
  return {
    head(status, headers) {
      const sized = Object.keys(headers).some((name) => name.toLowerCase() === 'content-length');
      chunked = !sized && !bodiless && status !== 204 && status !== 304;
      const lines = [
        `HTTP/1.1 ${status} ${statusText(status)}`,
        ...Object.entries(headers).map(([name, value]) => `${canonical(name)}: ${value}`),
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
function canonical(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (letters) => letters.toUpperCase());
}
