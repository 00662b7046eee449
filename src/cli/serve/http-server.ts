// Serves an API server's HTTP edge on a real port, so that real clients can talk to the simulated cluster: over
// HTTP/1.1, and behind TLS over HTTP/2 as well, which Go's clients like better.
import { createServer, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { KubePort, KubeStream } from '../../api/ports.ts';
import { ConnectionError } from '../../api/ports.ts';
import { CancelSource } from '../../driver/cancel-source.ts';
import { encodeBody, toKubeRequest } from './kube-request.ts';
import { type Incoming, type Outgoing, Reply } from './reply.ts';
import { acceptUpgrades, type Upgrade } from './upgrades.ts';

/** As the API server's own limit on request bodies (3 MiB). */
const bodyBytesMax = 3 * 1024 * 1024;
/** As Go's servers: a megabyte and a bit. */
const headerBytesMax = (1 << 20) + 4096;
/** As the API server's: requests of one connection at a time, over HTTP/2. */
const streamsMax = 100;
/** How long a connection may be idle. Clients that reuse one just as it closes fail, so it is longer than theirs. */
const idleMs = 180_000;

/** What a server shows over TLS, in PEM, and whose certificates it asks its clients for. */
export interface TlsSettings {
  readonly certificate: string;
  readonly key: string;
  readonly clientAuthorities: readonly string[];
}

/** Starts serving, over TLS where `tls` is given; resolves with the bound port. */
export async function serveHttp(
  port: KubePort,
  at: { readonly port: number; readonly host: string; readonly tls?: TlsSettings },
): Promise<{ readonly port: number }> {
  const server = at.tls
    ? secureServer(at.tls)
    : createServer({ maxHeaderSize: headerBytesMax, keepAliveTimeout: idleMs });
  const listener = requestListener(port);
  server.on('request', listener);
  acceptUpgrades(server, { port, plain: (upgrade) => answerPlainly(listener, upgrade) });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, resolve);
  });
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : at.port };
}

/** Which certificate is whose is for the API server to say: the connection comes about with any or none. */
function secureServer({ certificate, key, clientAuthorities }: TlsSettings): Http2SecureServer {
  const server = createSecureServer({
    cert: certificate,
    key,
    ca: [...clientAuthorities],
    requestCert: true,
    rejectUnauthorized: false,
    allowHTTP1: true,
    settings: { maxConcurrentStreams: streamsMax, maxHeaderListSize: headerBytesMax },
  });
  return Object.assign(server, { maxHeaderSize: headerBytesMax, keepAliveTimeout: idleMs });
}

type Listener = (incoming: Incoming, outgoing: Outgoing, body?: AsyncIterable<Uint8Array>) => void;

/** As Go does where a protocol is asked for that nobody speaks, HTTP/2 without TLS for instance. */
function answerPlainly(listener: Listener, { incoming, socket, head }: Upgrade): void {
  const length = Number(incoming.headers['content-length'] ?? 0);
  const outgoing = new ServerResponse(incoming);
  outgoing.shouldKeepAlive = false;
  outgoing.assignSocket(socket as Socket); // edge: an upgrade's connection is a socket
  outgoing.on('finish', () => socket.end());
  listener(incoming, outgoing, bytesOf(socket, head, length));
}

/** So many bytes of a connection; `head` has come already. */
async function* bytesOf(socket: Duplex, head: Buffer, length: number): AsyncGenerator<Uint8Array> {
  let rest = length;
  if (head.length > 0) yield head.subarray(0, rest);
  rest -= head.length;
  if (rest <= 0) return;
  for await (const piece of socket.iterator({ destroyOnReturn: false })) {
    yield piece.subarray(0, rest);
    rest -= piece.length;
    if (rest <= 0) return;
  }
}

function requestListener(port: KubePort): Listener {
  return (incoming, outgoing, body = incoming) => {
    answer(port, { incoming, body }, new Reply(incoming, outgoing)).catch((error: unknown) => {
      if (!outgoing.headersSent)
        outgoing.writeHead(error instanceof ConnectionError ? 503 : 500, { 'content-type': 'text/plain' });
      outgoing.end(error instanceof Error ? error.message : String(error));
    });
  };
}

async function answer(
  port: KubePort,
  { incoming, body: coming }: { readonly incoming: Incoming; readonly body: AsyncIterable<Uint8Array> },
  reply: Reply,
): Promise<void> {
  const cancel = new CancelSource();
  reply.onClose(() => cancel.cancel());
  const body = await readBody(coming);
  if (body === undefined) {
    reply.head(413, { 'content-type': 'application/json', connection: 'close' });
    reply.end(Buffer.from(JSON.stringify(tooLarge)));
    return;
  }
  const stream = await port.stream(toKubeRequest(incoming, body), cancel);
  if (isOpenEnded(incoming.url ?? '')) await sendAsItComes(stream, reply);
  else await sendWhole(stream, reply, String(incoming.headers['accept-encoding'] ?? ''));
}

/** Watches, followed logs, and what is behind a proxy: what comes is passed on at once. */
function isOpenEnded(url: string): boolean {
  return /[?&](watch|follow)(?!=(0|false)(&|$))(=|&|$)/i.test(url) || /^\/apis?\/[^?]*\/(watch|proxy)\//.test(url);
}

async function sendAsItComes(stream: KubeStream, reply: Reply): Promise<void> {
  const length = stream.headers['content-length'];
  reply.head(stream.status, { ...headersOf(stream), ...(length !== undefined && { 'content-length': length }) });
  reply.flushHead();
  for (let piece = await stream.read(); piece && !reply.closed; piece = await stream.read())
    await reply.piece(encodeBody(piece));
  reply.end();
}

async function sendWhole(stream: KubeStream, reply: Reply, acceptEncoding: string): Promise<void> {
  const pieces: Buffer[] = [];
  for (let piece = await stream.read(); piece; piece = await stream.read()) pieces.push(encodeBody(piece));
  const body = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
  const headers = headersOf(stream);
  const isObject = /^application\/(json|yaml|vnd\.kubernetes\.protobuf)/.test(stream.headers['content-type'] ?? '');
  if (isObject && body.length > compressedFrom && /(^|[,\s])gzip\b/.test(acceptEncoding)) {
    const vary = [headers.vary, 'Accept-Encoding'].flat().filter((name) => name !== undefined);
    reply.head(stream.status, { ...headers, 'content-encoding': 'gzip', vary: vary.join(', ') });
    reply.end(await compress(body, { level: 1 }));
    return;
  }
  // Go tells the length of what it has as a whole: of files, and of what fits its buffer.
  const isWhole = body.length <= reply.bufferBytes || headers['last-modified'] !== undefined;
  const bodiless = stream.status === 304;
  reply.head(stream.status, { ...headers, ...(isWhole && !bodiless && { 'content-length': body.length }) });
  reply.end(body);
}

/** As the API server: smaller answers are not worth the time. */
const compressedFrom = 128 * 1024;
const compress = promisify<Buffer, { readonly level: number }, Buffer>(gzip);

/** Every warning is a header of its own. */
function headersOf({ headers }: KubeStream): OutgoingHttpHeaders {
  const named = Object.entries(headers).filter(([name]) => name !== 'content-length');
  return Object.fromEntries(
    named.map(([name, value]) => [name, name === 'warning' ? value.split(/, (?=299 - )/) : value]),
  );
}

const tooLarge = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: `Request entity too large: limit is ${bodyBytesMax}`,
  reason: 'RequestEntityTooLarge',
  code: 413,
};

/** The whole body, or undefined when it is larger than allowed. */
async function readBody(incoming: AsyncIterable<Uint8Array>): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of incoming) {
    const bytes = Buffer.from(piece);
    size += bytes.length;
    if (size > bodyBytesMax) return undefined;
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}
