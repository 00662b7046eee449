// HTTP/1.1 over byte connections that call back: what simulated servers answer with and probes ask with.
import { concatBytes, encodeUtf8 } from './bytes.ts';
import { type HttpMessage, type HttpMessageEvents, HttpParser } from './http-parser.ts';

export type { HttpMessage } from './http-parser.ts';

/** As much of a connection as HTTP needs. */
export interface ByteSocket {
  send(bytes: Uint8Array): void;
  close(): void;
  onData(run: (bytes: Uint8Array) => void): void;
  onClose(run: () => void): void;
}

export interface HttpRequest extends HttpMessage {
  readonly method: string;
  /** Path and query as sent, e.g. `/healthz?verbose`. */
  readonly target: string;
}

export interface HttpResponse extends HttpMessage {
  readonly status: number;
  readonly statusText: string;
}

/** What a handler answers. Content-Length is added; the rest of the headers is the handler's. */
export interface HttpReply {
  readonly status: number;
  /** Default: the status code's own, e.g. `Not Found`. */
  readonly statusText?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | Uint8Array | undefined;
}

/** Answers one request, now or later, once. `socket` is the connection it came on. */
export type HttpHandler<S extends ByteSocket = ByteSocket> = (
  request: HttpRequest,
  reply: (reply: HttpReply) => void,
  socket: S,
) => void;

/** A listener that speaks HTTP: keep-alive, one request of a connection at a time, in order. */
export function httpListener<S extends ByteSocket>(handler: HttpHandler<S>): { accept(socket: S): void } {
  return {
    accept: (socket) =>
      serveRequests(socket, (request, { close, done }) => {
        let replied = false;
        const reply = (answer: HttpReply): void => {
          if (replied) return;
          replied = true;
          socket.send(formatReply(answer, request.method, close));
          done();
        };
        handler(request, reply, socket);
        return undefined;
      }),
  };
}

/** A request's answer on its way. */
export interface Exchange {
  /** The connection ends with this answer. */
  readonly close: boolean;
  /** The answer has been sent: the next request may begin. Only the first call counts. */
  done(): void;
}

/**
 * Reads requests off a connection and has them answered one at a time, in order, until one side ends it. `begin` may
 * return how to stop an answer when the client goes away.
 */
export function serveRequests(
  socket: ByteSocket,
  begin: (request: HttpRequest, exchange: Exchange) => (() => void) | undefined,
): void {
  const waiting: HttpRequest[] = [];
  let busy = false;
  let ended = false;
  let stop: (() => void) | undefined;
  const parser = new HttpParser('request', {
    message: (start, message) => {
      waiting.push({ ...message, method: start.first, target: start.second });
      if (waiting.length > pipelineMax) refuse(503);
      else next();
    },
    problem: ({ status }) => refuse(status),
  });
  socket.onData((bytes) => {
    if (!ended) parser.push(bytes);
  });
  socket.onClose(() => {
    ended = true;
    stop?.();
  });

  function refuse(status: number): void {
    if (ended) return;
    const body = `${status} ${statusText(status)}`;
    socket.send(formatReply({ status, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body }, 'GET', true));
    end();
  }

  function end(): void {
    ended = true;
    socket.close();
  }

  function next(): void {
    const request = busy || ended ? undefined : waiting.shift();
    if (!request) return;
    busy = true;
    const close = !keepsAlive(request);
    let answered = false;
    const done = (): void => {
      if (answered || ended) return;
      answered = true;
      busy = false;
      stop = undefined;
      if (close) end();
      else next();
    };
    const begun = begin(request, { close, done });
    if (!answered) stop = begun;
  }
}

export interface HttpTarget {
  readonly host: string;
  readonly port: number;
  /** Default `/`. */
  readonly path?: string | undefined;
  /** Default `GET`. */
  readonly method?: string | undefined;
  /** `Host` is added unless given; a value of several lines is a header for each. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | Uint8Array | undefined;
  /** How long connecting may take; a limit on the whole call is the caller's, by the returned function. */
  readonly timeoutMs?: number | undefined;
  /** Nobody is told of it. */
  readonly quiet?: boolean | undefined;
}

export interface HttpEvents {
  response(response: HttpResponse): void;
  /** Go's words, e.g. `connect: connection refused`, `EOF`. */
  failed(message: string): void;
}

/** As much of a network host as asking needs. */
export interface Dialer {
  dial(
    target: {
      readonly host: string;
      readonly port: number;
      readonly timeoutMs?: number;
      readonly quiet?: boolean;
      readonly origin?: string;
    },
    events: { connected(socket: ByteSocket): void; failed(failure: { readonly message: string }): void },
  ): () => void;
}

/** One request on a connection of its own; exactly one of the events follows. Returns how to give up. */
export function httpGet(dialer: Dialer, target: HttpTarget, events: HttpEvents): () => void {
  const { host, port, timeoutMs, quiet = false } = target;
  let over = false;
  let open: ByteSocket | undefined;
  const stopDialing = dialer.dial(
    { host, port, quiet, ...(timeoutMs === undefined ? {} : { timeoutMs }) },
    {
      connected: (socket) => {
        open = socket;
        ask(socket, target, {
          response: (response) => finish(() => events.response(response)),
          failed: (message) => finish(() => events.failed(message)),
        });
      },
      failed: ({ message }) => finish(() => events.failed(message)),
    },
  );
  function finish(tell: () => void): void {
    if (over) return;
    over = true;
    open?.close();
    tell();
  }
  return () => finish(stopDialing);
}

/** A request as bytes. */
export function formatRequest(target: HttpTarget): Uint8Array {
  const { host, port, path = '/', method = 'GET', headers = {} } = target;
  const body = bytesOf(target.body);
  const lines = [`${method} ${path} HTTP/1.1`];
  if (!hasHeader(headers, 'host')) {
    const name = host.includes(':') ? `[${host}]` : host;
    lines.push(`Host: ${port === 80 ? name : `${name}:${port}`}`);
  }
  for (const [name, values] of Object.entries(headers))
    for (const value of values.split('\n')) lines.push(`${name}: ${value}`);
  if (body.length > 0 && !hasHeader(headers, 'content-length')) lines.push(`Content-Length: ${body.length}`);
  return concatBytes([encodeUtf8(`${lines.join('\r\n')}\r\n\r\n`), body]);
}

/** A response as bytes; `method` is the request's (HEAD gets no body). */
export function formatReply(reply: HttpReply, method = 'GET', close = false): Uint8Array {
  const { status, headers = {} } = reply;
  const body = bytesOf(reply.body);
  const bodiless = status < 200 || status === 204 || status === 304;
  const lines = [`HTTP/1.1 ${status} ${reply.statusText ?? statusText(status)}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (!bodiless && !hasHeader(headers, 'content-length')) lines.push(`Content-Length: ${body.length}`);
  if (close && !hasHeader(headers, 'connection')) lines.push('Connection: close');
  const head = encodeUtf8(`${lines.join('\r\n')}\r\n\r\n`);
  return bodiless || method === 'HEAD' ? head : concatBytes([head, body]);
}

/** The reason phrase of a status code; '' for one that HTTP does not know. */
export function statusText(status: number): string {
  return statusTexts.get(status) ?? '';
}

function ask(socket: ByteSocket, target: HttpTarget, events: HttpEvents): void {
  const reader: HttpMessageEvents = {
    message: (start, message) => {
      const status = Number(start.second);
      if (status >= 200) events.response({ ...message, status, statusText: start.third });
    },
    problem: ({ text }) => events.failed(`net/http: HTTP/1.x transport connection broken: ${text}`),
  };
  const parser = new HttpParser('response', reader, target.method ?? 'GET');
  socket.onData((bytes) => parser.push(bytes));
  socket.onClose(() => {
    if (!parser.end()) events.failed(parser.started ? 'unexpected EOF' : 'EOF');
  });
  socket.send(formatRequest({ ...target, headers: { ...target.headers, Connection: 'close' } }));
}

/** Requests of one connection that may wait for their answers. */
const pipelineMax = 100;

function keepsAlive({ version, headers }: HttpMessage): boolean {
  const wish = headers.get('connection')?.toLowerCase();
  return version === 'HTTP/1.0' ? wish === 'keep-alive' : wish !== 'close';
}

function hasHeader(headers: Readonly<Record<string, string>>, name: string): boolean {
  return Object.keys(headers).some((key) => key.toLowerCase() === name);
}

function bytesOf(body: string | Uint8Array | undefined): Uint8Array {
  return body === undefined ? noBytes : typeof body === 'string' ? encodeUtf8(body) : body;
}

const noBytes = new Uint8Array(0);

const statusTexts = new Map<number, string>([
  [100, 'Continue'],
  [101, 'Switching Protocols'],
  [200, 'OK'],
  [201, 'Created'],
  [202, 'Accepted'],
  [204, 'No Content'],
  [206, 'Partial Content'],
  [301, 'Moved Permanently'],
  [302, 'Found'],
  [303, 'See Other'],
  [304, 'Not Modified'],
  [307, 'Temporary Redirect'],
  [308, 'Permanent Redirect'],
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [405, 'Method Not Allowed'],
  [406, 'Not Acceptable'],
  [408, 'Request Timeout'],
  [409, 'Conflict'],
  [410, 'Gone'],
  [411, 'Length Required'],
  [413, 'Request Entity Too Large'],
  [414, 'Request URI Too Long'],
  [415, 'Unsupported Media Type'],
  [418, "I'm a teapot"],
  [422, 'Unprocessable Entity'],
  [429, 'Too Many Requests'],
  [431, 'Request Header Fields Too Large'],
  [500, 'Internal Server Error'],
  [501, 'Not Implemented'],
  [502, 'Bad Gateway'],
  [503, 'Service Unavailable'],
  [504, 'Gateway Timeout'],
  [505, 'HTTP Version Not Supported'],
]);
