// `kubectl proxy`: the API server's HTTP API on a port of this machine, without credentials.
import { ConnectionError, type KubeBody } from '../../api/ports.ts';
import { encodeUtf8 } from '../../base/bytes.ts';
import { normalizePath } from '../../base/files.ts';
import { type ByteSocket, type HttpReply, type HttpRequest, httpListener } from '../../base/http.ts';
import type { Command } from '../command.ts';
import { connectionSocket } from '../connection-socket.ts';
import type { Context } from '../context.ts';
import { CommandError, UnreachableError } from '../errors.ts';
import { flag } from '../flags.ts';
import { fileReply } from './proxy/files.ts';

export const proxy: Command = {
  use: 'proxy [--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]',
  long: 'Create a proxy between this machine and the Kubernetes API server. Files can be served beside it.',
  example: `# All of the API
kubectl proxy --api-prefix=/

# Only what is under an own prefix; then curl localhost:8001/custom/api/v1/pods
kubectl proxy --api-prefix=/custom/

# On a free port
kubectl proxy --port=0`,
  flags: [
    flag.string('accept-hosts', 'Hosts that are accepted, as a regular expression.', {
      default: '^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$',
    }),
    flag.string('accept-paths', 'Paths that are accepted, as a regular expression.', { default: '^.*' }),
    flag.string('address', 'The address to serve on.', { default: '127.0.0.1' }),
    flag.string('api-prefix', 'The prefix of the API.', { default: '/' }),
    flag.bool('append-server-path', "Append the path of the context's server."),
    flag.bool('disable-filter', 'Filter nothing. Dangerous where others reach the port.'),
    flag.duration('keepalive', 'How long a connection without traffic is kept; 0 for no limit.'),
    flag.int('port', 'The port to serve on; 0 for a free one.', { shorthand: 'p', default: '8001' }),
    flag.string('reject-methods', 'HTTP methods that are refused, as a regular expression.', { default: '^$' }),
    flag.string('reject-paths', 'Paths that are refused, as a regular expression.', {
      default: '^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach',
    }),
    flag.string('unix-socket', 'A Unix socket to serve on.', { shorthand: 'u' }),
    flag.string('www', 'Serve the files of this directory too.', { shorthand: 'w' }),
    flag.string('www-prefix', 'The prefix of the files.', { shorthand: 'P', default: '/static/' }),
  ],
  run: runProxy,
};

async function runProxy(context: Context): Promise<void> {
  const { flags, process } = context;
  if (flags.string('unix-socket') !== '') throw new CommandError('--unix-socket is not supported by this kubectl');
  if (flags.bool('disable-filter'))
    context.err('W0000 Request filter disabled, your proxy is vulnerable to XSRF attacks, please be cautious\n');
  const filter = makeFilter(context);
  const address = flags.string('address');
  const listener = await process.network
    .listen(process.machine.id, flags.number('port'), process.cancel)
    .catch((error: unknown) => {
      if (!(error instanceof ConnectionError)) throw error;
      throw new CommandError(`listen tcp ${address}:${flags.number('port')}: bind: address already in use`);
    });
  context.out(`Starting to serve on ${address}:${listener.port}\n`);
  const server = httpListener<ByteSocket>((request, reply, socket) => {
    void answer(context, { request, filter, socket })
      .then((made) => made && reply(made))
      .catch((error: unknown) => reply({ status: 502, body: error instanceof Error ? error.message : '' }));
  });
  for (;;) {
    await context.output.flush();
    const connection = await listener.accept();
    if (!connection) return;
    server.accept(connectionSocket(connection));
  }
}

type Filter = (request: HttpRequest) => boolean;

function makeFilter({ flags }: Context): Filter {
  if (flags.bool('disable-filter')) return () => true;
  const patterns = (name: string) =>
    flags
      .string(name)
      .split(',')
      .filter((text) => text !== '')
      .map((text) => new RegExp(text));
  const [hosts, paths, rejectedPaths, rejectedMethods] = [
    patterns('accept-hosts'),
    patterns('accept-paths'),
    patterns('reject-paths'),
    patterns('reject-methods'),
  ];
  const any = (all: readonly RegExp[], text: string) => all.some((one) => one.test(text));
  return ({ method, target, headers }) => {
    const path = target.split('?')[0] ?? '';
    const host = (headers.get('host') ?? '').replace(/:\d+$/, '');
    if (any(rejectedPaths, path) || any(rejectedMethods, method)) return false;
    return any(paths, path) && any(hosts, host);
  };
}

interface Asked {
  readonly request: HttpRequest;
  readonly filter: Filter;
  readonly socket: ByteSocket;
}

/** The reply, or nothing when it has been streamed. */
async function answer(context: Context, { request, filter, socket }: Asked): Promise<HttpReply | undefined> {
  const { flags, process } = context;
  const prefix = flags.string('api-prefix').replace(/\/*$/, '/');
  const [path = '', query] = request.target.split('?');
  const clean = path.endsWith('/') && path !== '/' ? `${normalizePath(path)}/`.replace('//', '/') : normalizePath(path);
  if (clean !== path) {
    const location = query === undefined ? clean : `${clean}?${query}`;
    const body = `<a href="${location}">Moved Permanently</a>.\n\n`;
    return { status: 301, headers: { 'content-type': 'text/html; charset=utf-8', location }, body };
  }
  const files = flags.string('www');
  const filePrefix = flags.string('www-prefix');
  if (files !== '' && request.target.startsWith(filePrefix)) {
    const path = normalizePath(`/${request.target.slice(filePrefix.length).split('?')[0]}`);
    return fileReply(process.machine.files, normalizePath(files + path, process.cwd));
  }
  if (!request.target.startsWith(prefix)) return { status: 404, headers: plain, body: '404 page not found\n' };
  if (!filter(request)) return { status: 403, headers: plain, body: 'Forbidden\n' };
  const target = `/${request.target.slice(prefix.length)}`;
  const streams = /[?&](watch|follow)=(true|1)\b/.test(target);
  if (streams) return stream(context, { target, socket });
  return forward(context, request, target);
}

const plain = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };

async function forward(context: Context, request: HttpRequest, target: string): Promise<HttpReply> {
  const type = request.headers.get('content-type');
  try {
    const reply = await context.client().raw({
      method: methodOf(request.method),
      path: target,
      accept: request.headers.get('accept') ?? '*/*',
      headers: type === undefined ? {} : { 'content-type': type },
      ...(request.body.length > 0 ? { rawBody: { kind: 'bytes' as const, bytes: request.body } } : {}),
    });
    const { 'content-length': _, 'transfer-encoding': __, ...headers } = reply.headers;
    return {
      status: reply.status,
      headers,
      body: isPretty(request, target) ? prettyBytes(reply.body) : bytesOf(reply.body, '\n'),
    };
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    return { status: 502, headers: plain, body: `${error.cause}\n` };
  }
}

/** The API server indents its JSON for people: those who ask, curl, wget, browsers. */
function isPretty({ headers }: HttpRequest, target: string): boolean {
  const asked = /[?&]pretty=([^&]*)/.exec(target)?.[1];
  if (asked !== undefined) return asked === 'true' || asked === '1' || asked === '';
  return /^(curl|Wget|Mozilla\/5\.0)/.test(headers.get('user-agent') ?? '');
}

function prettyBytes(body: KubeBody): Uint8Array {
  return body.kind === 'json' ? encodeUtf8(JSON.stringify(body.value, null, 2)) : bytesOf(body);
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;

function methodOf(text: string): (typeof methods)[number] {
  const method = methods.find((one) => one === text);
  if (!method) throw new CommandError(`method ${text} not allowed`);
  return method;
}

/** A watch or a log that is followed, piece by piece in chunks. */
async function stream(
  context: Context,
  { target, socket }: { readonly target: string; readonly socket: ByteSocket },
): Promise<undefined> {
  const source = await context.client().stream({ path: target });
  const headers = Object.entries(source.headers).filter(([name]) => name !== 'content-length');
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.send(encodeUtf8(`HTTP/1.1 ${source.status} OK\r\n${head}transfer-encoding: chunked\r\n\r\n`));
  socket.onClose(() => source.close());
  for (;;) {
    const piece = await source.read();
    if (!piece) break;
    const bytes = bytesOf(piece, '\n');
    socket.send(encodeUtf8(`${bytes.length.toString(16)}\r\n`));
    socket.send(bytes);
    socket.send(encodeUtf8('\r\n'));
  }
  socket.send(encodeUtf8('0\r\n\r\n'));
  socket.close();
  return undefined;
}

function bytesOf(body: KubeBody, end = ''): Uint8Array {
  if (body.kind === 'bytes') return body.bytes;
  return encodeUtf8(body.kind === 'text' ? body.text : JSON.stringify(body.value) + end);
}
