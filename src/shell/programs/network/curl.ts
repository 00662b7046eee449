// curl over the simulated network.
import { type Connection, ConnectionError } from '../../../api/ports.ts';
import { concatBytes, decodeUtf8, encodeBase64, encodeUtf8 } from '../../../base/bytes.ts';
import { dialFailure } from '../../http/dial-failure.ts';
import {
  HttpError,
  type HttpResponse,
  type HttpTarget,
  headerOf,
  parseUrl,
  sendRequest,
} from '../../http/http-client.ts';
import { readAll } from '../../text/line-reader.ts';
import { type Tool, type ToolDefinition, ToolError } from '../tool.ts';
import { connectSecurely } from './curl-tls.ts';

const redirectsMax = 50;
const version = '8.5.0';

export const curl: ToolDefinition = {
  name: 'curl',
  short: 'sSviIo:Ow:X:d:H:kLfm:u:A:e:GNgb:c:x:T:F:0146#Z',
  long: {
    silent: 's',
    'show-error': 'S',
    verbose: 'v',
    include: 'i',
    head: 'I',
    output: 'o:',
    'remote-name': 'O',
    'write-out': 'w:',
    request: 'X:',
    data: 'd:',
    'data-ascii': 'd:',
    'data-raw': 'data-raw:',
    'data-binary': 'data-binary:',
    'data-urlencode': 'data-urlencode:',
    json: 'json:',
    header: 'H:',
    insecure: 'k',
    location: 'L',
    fail: 'f',
    'fail-with-body': 'fail-with-body',
    'max-time': 'm:',
    'connect-timeout': 'connect-timeout:',
    resolve: 'resolve:',
    user: 'u:',
    'user-agent': 'A:',
    referer: 'e:',
    get: 'G',
    'no-buffer': 'N',
    url: 'url:',
    cacert: 'cacert:',
    cert: 'cert:',
    key: 'key:',
    retry: 'retry:',
    'retry-delay': 'retry-delay:',
    compressed: 'compressed',
    http1: 'http1',
    'no-progress-meter': 's',
  },
  async run(tool) {
    const urls = [...tool.values('url'), ...tool.operands];
    if (urls.length === 0) throw new ToolError("(2) no URL specified\ncurl: try 'curl --help' for more information", 2);
    for (const name of ['T', 'F', 'x'])
      if (tool.has(name)) throw new ToolError(`(4) option -${name} is not supported here`, 4);
    let status = 0;
    for (const url of urls) status = await fetchUrl(tool, url);
    return status;
  },
};

/** What a transfer does now: the words for its timeout differ. */
interface Progress {
  phase: 'resolving' | 'connecting' | 'transferring';
}

async function fetchUrl(tool: Tool, url: string): Promise<number> {
  const progress: Progress = { phase: 'resolving' };
  const attempt = transfer(tool, url, progress).then((status) => ({ status }));
  const limit = tool.value('m');
  const began = tool.process.clock.now();
  try {
    if (limit === undefined) return (await attempt).status;
    const done = await Promise.race([attempt, tool.process.clock.sleep(Number(limit) * 1000)]);
    if (done) return done.status;
    const elapsed = tool.process.clock.now() - began + 1;
    const what = {
      resolving: `Resolving timed out after ${elapsed} milliseconds`,
      connecting: `Connection timed out after ${elapsed} milliseconds`,
      transferring: `Operation timed out after ${elapsed} milliseconds with 0 bytes received`,
    }[progress.phase];
    throw new ToolError(`(28) ${what}`, 28);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const out = tool.value('w');
    if (out !== undefined)
      await tool.out(writeOut(out, { url, code: '000', bytes: 0, ms: tool.process.clock.now() - began, type: '' }));
    if (!tool.has('s') || tool.has('S')) await tool.warn(error.message);
    return error.status;
  }
}

async function transfer(tool: Tool, given: string, progress: Progress): Promise<number> {
  let url = given;
  let method = tool.value('X');
  const body = await requestBody(tool);
  const began = tool.process.clock.now();
  for (let redirects = 0; ; redirects++) {
    const target = parseUrl(
      tool.has('G') && body ? `${url}${url.includes('?') ? '&' : '?'}${decodeUtf8(body.bytes)}` : url,
    );
    if (!target) {
      const scheme = /^([a-z]+):\/\//i.exec(url)?.[1];
      throw scheme && !/^https?$/i.test(scheme)
        ? new ToolError(`(1) Protocol "${scheme}" not supported`, 1)
        : new ToolError('(3) URL rejected: Malformed input to a URL function', 3);
    }
    const sent = tool.has('G') ? undefined : body;
    const connection = await connect(tool, target, progress);
    progress.phase = 'transferring';
    try {
      const used = method ?? (tool.has('I') ? 'HEAD' : sent ? 'POST' : 'GET');
      const response = await exchange(tool, connection, { target, method: used, body: sent });
      const location = headerOf(response, 'location');
      if (tool.has('L') && location !== undefined && response.status >= 300 && response.status < 400) {
        if (redirects >= redirectsMax) throw new ToolError(`(47) Maximum (${redirectsMax}) redirects followed`, 47);
        if (tool.has('i', 'I')) await tool.out(headText(response));
        url = /^[a-z]+:\/\//i.test(location)
          ? location
          : `${target.scheme}://${target.host}:${target.port}${location.startsWith('/') ? '' : '/'}${location}`;
        if (response.status <= 303 && used === 'POST') method = 'GET';
        continue;
      }
      return await deliver(tool, response, { url, began });
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      if (error.kind === 'empty') throw new ToolError('(52) Empty reply from server', 52);
      throw error.kind === 'partial'
        ? new ToolError('(18) transfer closed with outstanding read data remaining', 18)
        : new ToolError('(1) Received HTTP/0.9 when not allowed', 1);
    } finally {
      connection.close();
    }
  }
}

interface RequestBody {
  readonly bytes: Uint8Array;
  readonly type: string;
}

async function requestBody(tool: Tool): Promise<RequestBody | undefined> {
  const pieces: Uint8Array[] = [];
  let type = 'application/x-www-form-urlencoded';
  for (const { name, value } of tool.given) {
    if (!['d', 'data-raw', 'data-binary', 'data-urlencode', 'json'].includes(name)) continue;
    if (pieces.length > 0 && name !== 'json') pieces.push(encodeUtf8('&'));
    if (name === 'json') type = 'application/json';
    if (name === 'data-urlencode') {
      const at = value.indexOf('=');
      pieces.push(encodeUtf8(value.slice(0, at + 1) + encodeURIComponent(value.slice(at + 1))));
    } else if (value.startsWith('@') && name !== 'data-raw') {
      const bytes = await readAll(tool.open(value.slice(1)));
      pieces.push(name === 'd' ? encodeUtf8(decodeUtf8(bytes).replace(/[\r\n]/g, '')) : bytes);
    } else pieces.push(encodeUtf8(value));
  }
  return pieces.length === 0 ? undefined : { bytes: concatBytes(pieces), type };
}

async function connect(tool: Tool, target: HttpTarget, progress: Progress): Promise<Connection> {
  const { clock } = tool.process;
  const began = clock.now();
  const limit = tool.value('connect-timeout');
  const dialing = dial(tool, target, progress).then((connection) => ({ connection }));
  const failed = (code: number, why: string): ToolError => {
    const after = Math.round(clock.now() - began);
    return new ToolError(
      `(${code}) Failed to connect to ${target.host} port ${target.port} after ${after} ms: ${why}`,
      code,
    );
  };
  try {
    const done = limit === undefined ? await dialing : await Promise.race([dialing, clock.sleep(Number(limit) * 1000)]);
    if (!done) throw failed(28, 'Timeout was reached');
    if (target.scheme === 'http') return done.connection;
    return await connectSecurely(tool, done.connection, target.host);
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    throw failed(dialFailure(error) === 'timeout' ? 28 : 7, "Couldn't connect to server");
  }
}

async function dial(tool: Tool, target: HttpTarget, progress: Progress): Promise<Connection> {
  const { host, port } = target;
  const { network, machine, cancel } = tool.process;
  const note = (text: string) => (tool.has('v') ? tool.process.stderr.write(`* ${text}\n`) : Promise.resolve());
  progress.phase = 'resolving';
  const address = givenAddress(tool.values('resolve'), target) ?? (await network.resolve(machine.id, host))[0];
  if (address === undefined) throw new ToolError(`(6) Could not resolve host: ${host}`, 6);
  progress.phase = 'connecting';
  await note(`  Trying ${address}:${port}...`);
  const connection = await network.dial(machine.id, { host: address, port }, cancel);
  await note(`Connected to ${host} (${address}) port ${port}`);
  return connection;
}

/** What `--resolve HOST:PORT:ADDRESS` says of a host; `*` is every host. */
function givenAddress(entries: readonly string[], { host, port }: HttpTarget): string | undefined {
  for (const entry of entries) {
    const [name = '', number = '', ...rest] = entry.replace(/^\+/, '').split(':');
    const [address = ''] = rest.join(':').split(',');
    if (address === '') throw new ToolError(`(49) Couldn't parse CURLOPT_RESOLVE entry '${entry}'`, 49);
    if ((name === '*' || name.toLowerCase() === host.toLowerCase()) && Number(number) === port)
      return address.replace(/^\[|\]$/g, '');
  }
  return undefined;
}

interface Exchange {
  readonly target: HttpTarget;
  readonly method: string;
  readonly body: RequestBody | undefined;
}

async function exchange(tool: Tool, connection: Connection, { target, method, body }: Exchange): Promise<HttpResponse> {
  const isDefaultPort = target.port === (target.scheme === 'http' ? 80 : 443);
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  const headers = new Map<string, readonly [string, string]>();
  const set = (name: string, value: string) => headers.set(name.toLowerCase(), [name, value]);
  set('Host', isDefaultPort ? host : `${host}:${target.port}`);
  const user = tool.value('u') ?? target.credentials;
  if (user !== undefined) set('Authorization', `Basic ${encodeBase64(encodeUtf8(user))}`);
  set('User-Agent', tool.value('A') ?? `curl/${version}`);
  set('Accept', tool.has('json') ? 'application/json' : '*/*');
  if (tool.value('e') !== undefined) set('Referer', tool.value('e') ?? '');
  if (tool.value('b') !== undefined) set('Cookie', tool.value('b') ?? '');
  if (body) set('Content-Type', body.type);
  if (body) set('Content-Length', String(body.bytes.length));
  for (const line of tool.values('H')) {
    const at = line.search(/[:;]/);
    const name = line.slice(0, at);
    const value = line.slice(at + 1).trim();
    if (line.charAt(at) === ':' && value === '') headers.delete(name.toLowerCase());
    else if (at > 0) set(name, value);
  }
  const list = [...headers.values()];
  if (tool.has('v'))
    await tool.process.stderr.write(
      `> ${method} ${target.path} HTTP/1.1\n${list.map(([name, value]) => `> ${name}: ${value}\n`).join('')}> \n`,
    );
  const response = await sendRequest(connection, { method, path: target.path, headers: list, body: body?.bytes });
  if (tool.has('v'))
    await tool.process.stderr.write(`< ${headText(response).trimEnd().replaceAll('\r\n', '\n< ')}\n< \n`);
  return response;
}

function headText({ statusLine, headers }: HttpResponse): string {
  return `${[statusLine, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`;
}

async function deliver(
  tool: Tool,
  response: HttpResponse,
  { url, began }: { readonly url: string; readonly began: number },
): Promise<number> {
  const failed = response.status >= 400 && tool.has('f', 'fail-with-body');
  const file =
    tool.value('o') ?? (tool.has('O') ? (parseUrl(url)?.path.split(/[?#]/)[0]?.split('/').at(-1) ?? '') : undefined);
  if (file === '') throw new ToolError('(23) Failed to extract a filename from the URL to use for storage!', 23);
  if (file !== undefined && file !== '-') tool.files.writeFile(tool.path(file), '');
  const write = (data: Uint8Array) => {
    if (file === undefined || file === '-') return tool.bytes(data);
    tool.files.writeFile(tool.path(file), data, { append: true });
    return Promise.resolve();
  };
  let bytes = 0;
  const silent = failed && !tool.has('fail-with-body');
  if (tool.has('i', 'I') && !silent) await write(encodeUtf8(headText(response)));
  if (!silent)
    for await (const piece of response.body) {
      bytes += piece.length;
      await write(piece);
    }
  const out = tool.value('w');
  const ms = tool.process.clock.now() - began;
  if (out !== undefined)
    await tool.out(
      writeOut(out, { url, code: String(response.status), bytes, ms, type: headerOf(response, 'content-type') ?? '' }),
    );
  if (!failed) return 0;
  if (!tool.has('s') || tool.has('S')) await tool.warn(`(22) The requested URL returned error: ${response.status}`);
  return 22;
}

interface Summary {
  readonly url: string;
  readonly code: string;
  readonly bytes: number;
  readonly ms: number;
  readonly type: string;
}

function writeOut(format: string, summary: Summary): string {
  const seconds = (summary.ms / 1000).toFixed(6);
  const values: Readonly<Record<string, string>> = {
    http_code: summary.code,
    response_code: summary.code,
    size_download: String(summary.bytes),
    time_total: seconds,
    time_connect: '0.000500',
    time_starttransfer: seconds,
    url_effective: summary.url,
    content_type: summary.type,
  };
  return format
    .replace(/%\{(\w+)\}/g, (_, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? '') : ''))
    .replace(/\\([nrt\\])/g, (_, letter: string) => ({ n: '\n', r: '\r', t: '\t' })[letter] ?? '\\');
}
