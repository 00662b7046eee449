// wget in busybox's dialect.
import { type Connection, ConnectionError } from '../../../api/ports.ts';
import { concatBytes, encodeUtf8 } from '../../../base/bytes.ts';
import { dialFailure } from '../../http/dial-failure.ts';
import {
  HttpError,
  type HttpResponse,
  type HttpTarget,
  headerOf,
  parseUrl,
  sendRequest,
} from '../../http/http-client.ts';
import { secureConnection, TlsError } from '../../http/secure-connection.ts';
import { type Tool, type ToolDefinition, ToolError } from '../tool.ts';

const redirectsMax = 20;
const partialContent = 206;

export const wget: ToolDefinition = {
  name: 'wget',
  short: 'qO:T:ScP:U:t:n:Y:',
  long: {
    quiet: 'q',
    'output-document': 'O:',
    timeout: 'T:',
    spider: 'spider',
    'server-response': 'S',
    header: 'header:',
    'post-data': 'post-data:',
    'no-check-certificate': 'k',
    'user-agent': 'U:',
    tries: 't:',
    continue: 'c',
    'directory-prefix': 'P:',
  },
  idle: {
    t: "busybox's wget takes it and tries once",
    n: "busybox's wget takes it for GNU's sake alone",
    Y: 'no machine here has a proxy',
  },
  async run(tool) {
    await download(tool, tool.needOperand());
    return 0;
  },
};

/** What -T limits: each wait for the other side, but none for a name server. */
async function limited<T>(tool: Tool, work: Promise<T>): Promise<T> {
  const limit = tool.value('T');
  if (limit === undefined) return work;
  const over = tool.process.clock.sleep(Number(limit) * 1000).then(() => {
    throw new ToolError('download timed out');
  });
  return Promise.race([work, over]);
}

function note(tool: Tool, text: string): Promise<void> {
  return tool.has('q') ? Promise.resolve() : tool.process.stderr.write(text);
}

async function download(tool: Tool, given: string): Promise<void> {
  let url = given;
  for (let redirects = 0; redirects <= redirectsMax; redirects++) {
    const target = parseUrl(url);
    if (!target) throw new ToolError(`not an http or ftp url: ${url}`);
    const connection = await connect(tool, target);
    try {
      const response = await limited(tool, ask(tool, connection, target));
      const location = headerOf(response, 'location');
      if (location !== undefined && response.status >= 300 && response.status < 400) {
        url = /^[a-z]+:\/\//i.test(location) ? location : `${target.scheme}://${target.host}:${target.port}${location}`;
        continue;
      }
      if (response.status >= 400) throw new ToolError(`server returned error: ${response.statusLine}`);
      if (tool.has('spider')) await note(tool, 'remote file exists\n');
      else await limited(tool, save(tool, response, target));
      return;
    } catch (error) {
      if (error instanceof HttpError)
        throw new ToolError(error.kind === 'empty' ? 'error getting response' : 'connection closed prematurely');
      throw error;
    } finally {
      connection.close();
    }
  }
  throw new ToolError('too many redirections');
}

const failures: Readonly<Record<ReturnType<typeof dialFailure>, string>> = {
  refused: 'Connection refused',
  timeout: 'Operation timed out',
  unreachable: 'Host is unreachable',
  unknownHost: 'bad address',
};

async function connect(tool: Tool, { scheme, host, port }: HttpTarget): Promise<Connection> {
  const { network, machine, cancel } = tool.process;
  const address = (await network.resolve(machine.id, host))[0] ?? (/^[\d.]+$|:/.test(host) ? host : undefined);
  if (address === undefined) throw new ToolError(`bad address '${host}'`);
  await note(tool, `Connecting to ${host}${port === 80 ? '' : `:${port}`} (${address}:${port})\n`);
  try {
    const connection = await limited(tool, network.dial(machine.id, { host: address, port }, cancel));
    return scheme === 'http' ? connection : await secured(tool, connection, host);
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    throw new ToolError(`can't connect to remote host (${address}): ${failures[dialFailure(error)]}`);
  }
}

/** busybox checks no certificates, and says so. */
async function secured(tool: Tool, connection: Connection, serverName: string): Promise<Connection> {
  if (!tool.has('k')) await tool.process.stderr.write('wget: note: TLS certificate validation not implemented\n');
  try {
    return await secureConnection(connection, { serverName, authorities: undefined, at: tool.process.clock.now() });
  } catch (error) {
    if (error instanceof TlsError) throw new ToolError('TLS error from peer');
    throw error;
  }
}

async function ask(tool: Tool, connection: Connection, target: HttpTarget): Promise<HttpResponse> {
  const posted = tool.value('post-data');
  const body = posted === undefined ? undefined : encodeUtf8(posted);
  const headers: [string, string][] = [
    ['Host', target.port === 80 ? target.host : `${target.host}:${target.port}`],
    ['User-Agent', tool.value('U') ?? 'Wget'],
    ['Connection', 'close'],
  ];
  if (body)
    headers.push(['Content-Type', 'application/x-www-form-urlencoded'], ['Content-Length', String(body.length)]);
  const held = bytesHeld(tool, targetFile(tool, target));
  if (held > 0) headers.push(['Range', `bytes=${held}-`]);
  for (const line of tool.values('header'))
    headers.push([line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
  const response = await sendRequest(connection, {
    method: body ? 'POST' : tool.has('spider') ? 'HEAD' : 'GET',
    path: target.path,
    headers,
    body,
  });
  if (tool.has('S'))
    await tool.process.stderr.write(
      `  ${[response.statusLine, ...response.headers.map(([name, value]) => `${name}: ${value}`)].join('\n  ')}\n`,
    );
  return response;
}

/** Where the answer goes; undefined: to standard output. */
function targetFile(tool: Tool, target: HttpTarget): string | undefined {
  const chosen = tool.value('O');
  if (chosen === '-') return undefined;
  const name = chosen ?? (target.path.split('?')[0]?.split('/').at(-1) || 'index.html');
  const folder = tool.value('P');
  return chosen !== undefined || folder === undefined ? name : `${folder.replace(/\/+$/, '')}/${name}`;
}

/** How much of the file -c has already. */
function bytesHeld(tool: Tool, file: string | undefined): number {
  const isThere = tool.has('c') && file !== undefined && tool.files.exists(tool.path(file));
  return isThere ? tool.files.readFile(tool.path(file)).length : 0;
}

async function save(tool: Tool, response: HttpResponse, target: HttpTarget): Promise<void> {
  const file = targetFile(tool, target);
  if (file !== undefined && tool.value('O') === undefined && !tool.has('c') && tool.files.exists(tool.path(file)))
    throw new ToolError(`can't open '${file}': File exists`);
  await note(tool, file === undefined ? 'writing to stdout\n' : `saving to '${file}'\n`);
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body) {
    bytes += piece.length;
    if (file === undefined) await tool.bytes(piece);
    else pieces.push(piece);
  }
  if (file !== undefined)
    tool.files.writeFile(tool.path(file), concatBytes(pieces), { append: response.status === partialContent });
  await note(
    tool,
    `${(file ?? '-').slice(0, 20).padEnd(20)} 100% |${'*'.repeat(32)}| ${String(bytes).padStart(5)}  0:00:00 ETA\n`,
  );
  await note(tool, file === undefined ? 'written to stdout\n' : `'${file}' saved\n`);
}
