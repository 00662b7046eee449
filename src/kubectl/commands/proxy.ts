// `kubectl proxy`: the API server's HTTP API on a port of this machine, without credentials.
import { ConnectionError, type KubeBody } from '../../api/ports.ts';
import { encodeUtf8 } from '../../base/bytes.ts';
import { normalizePath } from '../../base/files.ts';
import { type GoRegexp, GoRegexpError, goRegexp } from '../../base/go-regexp.ts';
import { type ByteSocket, type HttpReply, type HttpRequest, httpListener } from '../../base/http.ts';
import type { Command } from '../command.ts';
import { connectionSocket } from '../connection-socket.ts';
import type { Context } from '../context.ts';
import { CommandError, ExitError, UnreachableError } from '../errors.ts';
import { flag } from '../flags.ts';
import { klogLine } from '../klog.ts';
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
    flag.duration('keepalive', 'How long a connection without traffic is kept; 0 for no limit.', {
      idle: 'connections here need no signs of life',
    }),
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
  const warn = (line: number, text: string) => context.err(klogLine(process, 'W', `proxy.go:${line}`, text));
  const serverPath = context.client().serverPath;
  if (serverPath !== '' && !flags.bool('append-server-path')) {
    const advice = 'use --append-server-path to automatically append the path to each request';
    warn(172, `Your kube context contains a server path ${serverPath}, ${advice}`);
  }
  if (flags.bool('disable-filter') && flags.string('unix-socket') === '')
    warn(177, 'Request filter disabled, your proxy is vulnerable to XSRF attacks, please be cautious');
  const filter = makeFilter(context);
  if (flags.string('unix-socket') !== '') {
    if (flags.number('port') !== defaultPort)
      throw new CommandError('cannot set --unix-socket and --port at the same time');
    throw new CommandError('--unix-socket is not supported by this kubectl: there are no sockets in files here');
  }
  checkFolder(context, warn);
  const address = await listenAddress(context);
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

const defaultPort = 8001;

function checkFolder(context: Context, warn: (line: number, text: string) => void): void {
  const folder = context.flags.string('www');
  if (folder === '') return;
  const { files } = context.process.machine;
  const path = normalizePath(folder, context.process.cwd);
  if (!files.exists(path))
    warn(200, `Failed to stat static file directory ${folder}: stat ${folder}: no such file or directory`);
  else if (files.stat(path).kind !== 'directory') warn(202, `Static file directory ${folder} is not a directory`);
}

/** The address of `--address`, which must be one of this machine. */
async function listenAddress({ flags, process }: Context): Promise<string> {
  const given = flags.string('address');
  const isAddress = /^\d+(\.\d+){3}$|:/.test(given);
  const { network, machine } = process;
  const [address] = isAddress || given === '' ? [given] : await network.resolve(machine.id, given);
  if (address === undefined) throw new CommandError(`listen tcp: lookup ${given}: no such host`);
  const own = await network.resolve(machine.id, machine.hostname);
  if (/^127\.|^0\.0\.0\.0$|^(::1?)?$/.test(address) || own.includes(address)) return address;
  throw new CommandError(`listen tcp ${address}:${flags.number('port')}: bind: cannot assign requested address`);
}

type Filter = (request: HttpRequest) => boolean;

function makeFilter(context: Context): Filter {
  const { flags } = context;
  if (flags.bool('disable-filter')) return () => true;
  const compiled = (pattern: string): GoRegexp => {
    try {
      return goRegexp(pattern);
    } catch (error) {
      if (!(error instanceof GoRegexpError)) throw error;
      context.err(klogLine(context.process, 'F', 'proxy_server.go:83', `Error compiling re: ${error.message}`));
      throw new ExitError(255);
    }
  };
  const patterns = (name: string) => (flags.string(name) === '' ? [] : flags.string(name).split(',')).map(compiled);
  const [hosts, paths, rejectedPaths, rejectedMethods] = [
    patterns('accept-hosts'),
    patterns('accept-paths'),
    patterns('reject-paths'),
    patterns('reject-methods'),
  ];
  const any = (all: readonly GoRegexp[], text: string) => all.some((one) => one.test(text));
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
      atRoot: !context.flags.bool('append-server-path'),
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
  const source = await context.client().stream({ path: target, atRoot: !context.flags.bool('append-server-path') });
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
