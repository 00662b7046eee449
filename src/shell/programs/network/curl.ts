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
import { Cookies } from './curl-cookies.ts';
import { expandGlobs } from './curl-globs.ts';
import { deliver, headText, type Outcome, writeOut } from './curl-output.ts';
import { connectSecurely } from './curl-tls.ts';

const redirectsMax = 50;
const version = '8.5.0';

export const curl: ToolDefinition = {
  name: 'curl',
  short: 'sSviIo:Ow:X:d:H:kLfm:u:A:e:GNgb:c:x:T:F:0146#ZE:',
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
    cert: 'E:',
    key: 'key:',
    retry: 'retry:',
    'retry-delay': 'retry-delay:',
    compressed: 'compressed',
    'retry-connrefused': 'retry-connrefused',
    'retry-all-errors': 'retry-all-errors',
    'http1.0': '0',
    'http1.1': 'http1.1',
    tlsv1: '1',
    ipv4: '4',
    ipv6: '6',
    cookie: 'b:',
    'cookie-jar': 'c:',
    globoff: 'g',
    parallel: 'Z',
    'progress-bar': '#',
    proxy: 'x:',
    'upload-file': 'T:',
    form: 'F:',
    'no-progress-meter': 'no-progress-meter',
  },
  refused: ['T', 'F', 'x'],
  idle: {
    N: 'output is passed on as it comes anyway',
    'http1.1': 'what is spoken anyway',
    1: 'there is one version of TLS here',
    'no-progress-meter': 'there is no meter but that of -#',
  },
  async run(tool) {
    const patterns = [...tool.values('url'), ...tool.operands];
    if (patterns.length === 0)
      throw new ToolError("(2) no URL specified\ncurl: try 'curl --help' for more information", 2);
    const urls = tool.has('g') ? patterns : patterns.flatMap(expandGlobs);
    const cookies = new Cookies(tool);
    let status = 0;
    const fetchOne = async (url: string) => {
      status = await fetchUrl(tool, url, cookies);
    };
    if (tool.has('Z')) await Promise.all(urls.map(fetchOne));
    else for (const url of urls) await fetchOne(url);
    await cookies.write();
    return status;
  },
};

/** What a transfer does now: the words for its timeout differ. */
interface Progress {
  phase: 'resolving' | 'connecting' | 'transferring';
}

async function fetchUrl(tool: Tool, url: string, cookies: Cookies): Promise<number> {
  const retries = tool.number('retry', 0, 'retry count');
  for (let attempt = 0; ; attempt++) {
    const outcome = await attemptUrl(tool, url, cookies);
    const why = attempt < retries ? retryReason(tool, outcome) : undefined;
    if (why !== undefined) {
      const seconds = tool.number('retry-delay', 0, 'delay') || Math.min(2 ** attempt, retrySecondsMax);
      const left = retries - attempt;
      const plan = `Will retry in ${seconds} second${seconds === 1 ? '' : 's'}. ${left} ${left === 1 ? 'retry' : 'retries'} left.`;
      if (!tool.has('s')) await tool.process.stderr.write(`Warning: Problem: ${why}. ${plan}\n`);
      await tool.process.clock.sleep(seconds * 1000, tool.process.cancel);
      continue;
    }
    if (!outcome.problem) return 0;
    if (!tool.has('s') || tool.has('S')) await tool.warn(outcome.problem.message);
    return outcome.problem.status;
  }
}

const retrySecondsMax = 600;
const transientCodes = [408, 429, 500, 502, 503, 504];

/** What makes another try worth it, in curl's words. */
function retryReason(tool: Tool, { problem, code }: Outcome): string | undefined {
  if (code !== undefined && transientCodes.includes(code)) return 'HTTP error';
  if (problem?.status === 28 || problem?.status === 6) return 'timeout';
  if (problem?.status === 7 && tool.has('retry-connrefused')) return 'connection refused';
  return problem && tool.has('retry-all-errors') ? '(retrying all errors)' : undefined;
}

async function attemptUrl(tool: Tool, url: string, cookies: Cookies): Promise<Outcome> {
  const progress: Progress = { phase: 'resolving' };
  const attempt = transfer(tool, url, { progress, cookies });
  const limit = tool.value('m');
  const began = tool.process.clock.now();
  try {
    if (limit === undefined) return await attempt;
    const done = await Promise.race([attempt, tool.process.clock.sleep(Number(limit) * 1000)]);
    if (done) return done;
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
    return { problem: error };
  }
}

interface TransferParts {
  readonly progress: Progress;
  readonly cookies: Cookies;
}

async function transfer(tool: Tool, given: string, { progress, cookies }: TransferParts): Promise<Outcome> {
  let url = given;
  let method = tool.value('X');
  const body = await requestBody(tool);
  const began = tool.process.clock.now();
  for (let redirects = 0; ; redirects++) {
    const target = targetOf(
      tool.has('G') && body ? `${url}${url.includes('?') ? '&' : '?'}${decodeUtf8(body.bytes)}` : url,
    );
    const sent = tool.has('G') ? undefined : body;
    const connection = await connect(tool, target, progress);
    progress.phase = 'transferring';
    try {
      const used = method ?? (tool.has('I') ? 'HEAD' : sent ? 'POST' : 'GET');
      const response = await exchange(tool, connection, { target, method: used, body: sent, cookies });
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

function targetOf(url: string): HttpTarget {
  const target = parseUrl(url);
  if (target) return target;
  const scheme = /^([a-z]+):\/\//i.exec(url)?.[1];
  throw scheme && !/^https?$/i.test(scheme)
    ? new ToolError(`(1) Protocol "${scheme}" not supported`, 1)
    : new ToolError('(3) URL rejected: Malformed input to a URL function', 3);
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
  const family = tool.lastOf('4', '6');
  const found = (await network.resolve(machine.id, host)).find(
    (each) => family === undefined || each.includes(':') === (family === '6'),
  );
  const address = givenAddress(tool.values('resolve'), target) ?? found;
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
  readonly cookies: Cookies;
}

async function exchange(
  tool: Tool,
  connection: Connection,
  { target, method, body, cookies }: Exchange,
): Promise<HttpResponse> {
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
  if (tool.has('compressed')) set('Accept-Encoding', 'deflate, gzip');
  const cookie = cookies.header(target);
  if (cookie !== undefined) set('Cookie', cookie);
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
  const spoken = tool.has('0') ? '1.0' : '1.1';
  if (tool.has('v'))
    await tool.process.stderr.write(
      `> ${method} ${target.path} HTTP/${spoken}\n${list.map(([name, value]) => `> ${name}: ${value}\n`).join('')}> \n`,
    );
  const response = await sendRequest(connection, {
    method,
    path: target.path,
    headers: list,
    body: body?.bytes,
    version: spoken,
  });
  cookies.take(response, target);
  if (tool.has('v'))
    await tool.process.stderr.write(`< ${headText(response).trimEnd().replaceAll('\r\n', '\n< ')}\n< \n`);
  return response;
}
