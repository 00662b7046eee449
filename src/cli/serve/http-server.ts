// Serves an API server's HTTP edge on a real port, so that real clients can talk to the simulated cluster.
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { KubePort, KubeStream } from '../../api/ports.ts';
import { ConnectionError } from '../../api/ports.ts';
import { CancelSource } from '../../driver/cancel-source.ts';
import { encodeBody, toKubeRequest } from './kube-request.ts';
import { acceptUpgrades } from './upgrades.ts';

/** As the API server's own limit on request bodies (3 MiB). */
const bodyBytesMax = 3 * 1024 * 1024;
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
): Promise<{ readonly server: Server; readonly port: number }> {
  const listener = requestListener(port);
  const server = at.tls ? createTlsServer(tlsOptions(at.tls), listener) : createServer(listener);
  server.keepAliveTimeout = idleMs;
  acceptUpgrades(server, port);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, resolve);
  });
  const address = server.address();
  return { server, port: typeof address === 'object' && address ? address.port : at.port };
}

/** Which certificate is whose is for the API server to say: the connection comes about with any or none. */
function tlsOptions({ certificate, key, clientAuthorities }: TlsSettings) {
  return { cert: certificate, key, ca: [...clientAuthorities], requestCert: true, rejectUnauthorized: false };
}

export function requestListener(port: KubePort): RequestListener {
  return (incoming, outgoing) => {
    answer(port, incoming, outgoing).catch((error: unknown) => {
      if (!outgoing.headersSent)
        outgoing.writeHead(error instanceof ConnectionError ? 503 : 500, { 'content-type': 'text/plain' });
      outgoing.end(error instanceof Error ? error.message : String(error));
    });
  };
}

async function answer(port: KubePort, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const cancel = new CancelSource();
  outgoing.on('close', () => cancel.cancel());
  outgoing.removeHeader('connection'); // connections are kept without saying so, as Go does it
  const body = await readBody(incoming);
  if (body === undefined) {
    outgoing.writeHead(413, { 'content-type': 'application/json', connection: 'close' });
    outgoing.end(JSON.stringify(tooLarge));
    return;
  }
  const reply = await port.stream(toKubeRequest(incoming, body), cancel);
  if (isOpenEnded(incoming.url ?? '')) await sendAsItComes(reply, outgoing);
  else await sendWhole(reply, { acceptEncoding: incoming.headers['accept-encoding'] ?? '', outgoing });
}

/** Watches and followed logs: what comes is passed on at once. */
function isOpenEnded(url: string): boolean {
  return /[?&](watch|follow)(=(true|1|t))?(&|$)/i.test(url) || /^\/apis?\/[^?]*\/watch\//.test(url);
}

async function sendAsItComes(reply: KubeStream, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(reply.status, headersOf(reply));
  outgoing.flushHeaders();
  for (let piece = await reply.read(); piece; piece = await reply.read()) {
    if (outgoing.destroyed) break;
    if (!outgoing.write(encodeBody(piece)))
      await new Promise((resolve) => outgoing.once('drain', resolve).once('close', resolve));
  }
  outgoing.end();
}

async function sendWhole(
  reply: KubeStream,
  { acceptEncoding, outgoing }: { readonly acceptEncoding: string; readonly outgoing: ServerResponse },
): Promise<void> {
  const pieces: Buffer[] = [];
  for (let piece = await reply.read(); piece; piece = await reply.read()) pieces.push(encodeBody(piece));
  const body = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
  const headers = headersOf(reply);
  const isObject = /^application\/(json|yaml|vnd\.kubernetes\.protobuf)/.test(reply.headers['content-type'] ?? '');
  if (isObject && body.length > compressedFrom && /(^|[,\s])gzip\b/.test(acceptEncoding)) {
    const compressed = await compress(body, { level: 1 });
    const compressedHeaders = { ...headers, 'content-encoding': 'gzip', vary: 'Accept-Encoding' };
    outgoing.writeHead(reply.status, { ...compressedHeaders, 'content-length': compressed.length }).end(compressed);
  } else outgoing.writeHead(reply.status, { ...headers, 'content-length': body.length }).end(body);
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
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
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
