// kubectl's REST client: requests through a cluster's port, refusals as errors, warnings on standard error.
import type {
  Cancellation,
  KubeBody,
  KubeChannels,
  KubePort,
  KubeReply,
  KubeRequest,
  KubeStream,
} from '../../api/ports.ts';
import { ConnectionError } from '../../api/ports.ts';
import type { Process } from '../../api/program.ts';
import { encodeBase64, encodeUtf8 } from '../../base/bytes.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import type { ConnectionSettings } from '../config/client-config.ts';
import type { ExecCredentials } from '../config/exec-credentials.ts';
import { CommandError, StatusError, UnreachableError } from '../errors.ts';
import { klogLine } from '../klog.ts';
import type { Output } from '../output.ts';
import { bodyJson, bodyText } from './body.ts';
import { refusalOf } from './refusal.ts';
import { RequestLog } from './request-log.ts';
import { timedPort, timeoutText } from './timed-port.ts';
import { encodeQuery, type Query } from './url.ts';
import { warningTexts } from './warnings.ts';

export { bodyJson, bodyText } from './body.ts';

export interface ClientRequest {
  readonly method?: KubeRequest['method'];
  /** Without query, percent-encoded. */
  readonly path: string;
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or a ready body. */
  readonly body?: JsonValue | undefined;
  readonly rawBody?: KubeBody;
  /** Default `application/json`. */
  readonly accept?: string;
  /** What the request is about, for the words of an answer that is no Status. */
  readonly about?: { readonly group?: string; readonly resource: string; readonly name?: string };
  readonly cancel?: Cancellation;
  /** Not logged: upstream answers discovery from its cache on disk. */
  readonly quiet?: boolean;
  /** The path is whole: without that of the server in the kubeconfig. */
  readonly atRoot?: boolean;
}

export const userAgent = 'kubectl/v1.36.3 (linux/amd64) kubernetes/0f29094';

interface ClientParts {
  readonly port: KubePort;
  readonly settings: ConnectionSettings;
  readonly process: Process;
  readonly output: Output;
  readonly verbosity: number;
  /** For settings with a credential plugin: its answer, and a port that uses a certificate of it. */
  readonly plugin?: { run(): Promise<ExecCredentials>; connect(credentials: ExecCredentials): KubePort } | undefined;
}

export class Client {
  /** The path of the server in the kubeconfig, which all others follow: usually none. */
  readonly serverPath: string;
  /** What of the server comes before any path. */
  private readonly origin: string;
  private port: KubePort;
  private readonly log: RequestLog;
  private authHeaders: Readonly<Record<string, string>>;
  private authenticated: Promise<void> | undefined;
  /** How many different warnings the server has sent. */
  private readonly warned = new Set<string>();

  constructor(private readonly given: ClientParts) {
    const { server } = given.settings;
    const [, origin = server, path = ''] = /^([a-z]+:\/\/[^/]*)(\/.*?[^/])?\/*$/.exec(server) ?? [];
    this.origin = origin;
    this.serverPath = path;
    this.port = timed(given);
    this.log = new RequestLog({ ...given, origin });
    this.authHeaders = authorization(given.settings);
  }

  get server(): string {
    return this.given.settings.server;
  }

  get warningCount(): number {
    return this.warned.size;
  }

  /** The JSON of an answer. Throws StatusError for a refusal. */
  async json(request: ClientRequest): Promise<JsonValue> {
    return bodyJson((await this.send(request)).body);
  }

  /** The object of an answer. */
  async object(request: ClientRequest): Promise<JsonObject> {
    const value = await this.json(request);
    if (!isObject(value)) throw new CommandError('the server sent something that is not an object');
    return value;
  }

  /** The text of an answer as the server wrote it (`kubectl get --raw`). */
  async text(request: ClientRequest): Promise<string> {
    return bodyText((await this.send(request)).body);
  }

  /** Throws StatusError for a refusal and UnreachableError when nothing answers. */
  async send(request: ClientRequest): Promise<KubeReply> {
    const wire = await this.wire(request);
    const reply = await this.reach(wire, () => this.port.request(wire, request.cancel ?? this.given.process.cancel));
    if (!request.quiet) this.log.response(wire, reply, reply.body);
    this.warn(reply.headers);
    if (reply.status >= 400 || reply.status < 200) throw new StatusError(refusalOf(reply.status, reply.body, request));
    return reply;
  }

  /** The answer as it is, refusals too. */
  async raw(request: ClientRequest): Promise<KubeReply> {
    const wire = await this.wire(request);
    return this.reach(wire, () => this.port.request(wire, request.cancel ?? this.given.process.cancel));
  }

  async stream(request: ClientRequest): Promise<KubeStream> {
    const wire = await this.wire(request);
    const stream = await this.reach(wire, () => this.port.stream(wire, request.cancel ?? this.given.process.cancel));
    this.log.response(wire, stream);
    this.warn(stream.headers);
    if (stream.status < 400) return stream;
    const body = (await stream.read()) ?? { kind: 'text' as const, text: '' };
    stream.close();
    throw new StatusError(refusalOf(stream.status, body, request));
  }

  async connect(request: ClientRequest): Promise<KubeChannels> {
    const wire = await this.wire(request);
    const channels = await this.reach(wire, () => this.port.connect(wire, request.cancel ?? this.given.process.cancel));
    this.log.response(wire, { status: channels.status, headers: {} });
    if (channels.status === 101) return channels;
    throw new StatusError(refusalOf(channels.status, channels.refusal ?? { kind: 'text', text: '' }, request));
  }

  private async wire(request: ClientRequest): Promise<KubeRequest> {
    this.authenticated ??= this.authenticate(request);
    await this.authenticated;
    const { requestTimeoutMs } = this.given.settings;
    const limit = requestTimeoutMs > 0 ? { timeout: timeoutText(requestTimeoutMs) } : {};
    const query = encodeQuery({ ...request.query, ...limit });
    const body: KubeBody | undefined =
      request.rawBody ?? (request.body === undefined ? undefined : { kind: 'json', value: request.body });
    const path = request.atRoot ? request.path : this.serverPath + request.path;
    const target = query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`;
    const wire: KubeRequest = {
      method: request.method ?? 'GET',
      path: target,
      headers: {
        accept: request.accept ?? 'application/json',
        ...(body ? { 'content-type': 'application/json' } : {}),
        'user-agent': userAgent,
        ...this.authHeaders,
        ...request.headers,
      },
      ...(body ? { body } : {}),
    };
    if (!request.quiet) this.log.request(wire);
    return wire;
  }

  /** Asks the credential plugin, before the first request. */
  private async authenticate(request: ClientRequest): Promise<void> {
    const { plugin, settings } = this.given;
    if (!plugin) return;
    const credentials = await this.reach({ method: request.method ?? 'GET', path: request.path }, () => plugin.run());
    if (credentials.token) this.authHeaders = authorization({ ...settings, token: credentials.token });
    if (credentials.clientCertificate) this.port = timed({ ...this.given, port: plugin.connect(credentials) });
  }

  private async reach<T>(wire: KubeRequest, call: () => Promise<T>): Promise<T> {
    await this.given.output.flush();
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      throw new UnreachableError(wire.method, `${this.origin}${wire.path}`, error.message);
    }
  }

  private warn(headers: Readonly<Record<string, string>>): void {
    for (const text of warningTexts(headers.warning ?? '')) {
      if (this.warned.has(text)) continue;
      this.warned.add(text);
      this.given.output.err(`Warning: ${text}\n`);
    }
  }
}

function timed({ port, settings, process, output, verbosity }: ClientParts): KubePort {
  const timeoutMs = settings.requestTimeoutMs;
  if (timeoutMs <= 0) return port;
  const onCut = (): void => {
    if (verbosity < 5) return;
    const why = 'context deadline exceeded (Client.Timeout or context cancellation while reading body)';
    const text = `Unable to decode an event from the watch stream: ${why}`;
    output.err(klogLine(process, 'I', 'streamwatcher.go:116', text));
  };
  return timedPort(port, { timeoutMs, clock: process.clock, onCut });
}

function authorization(settings: ConnectionSettings): Record<string, string> {
  const headers: Record<string, string> = {};
  // client-go keeps tokens and passwords off plain HTTP.
  const secure = settings.server.startsWith('https:');
  if (settings.token && secure) headers.authorization = `Bearer ${settings.token}`;
  else if (settings.username && secure)
    headers.authorization = `Basic ${encodeBase64(encodeUtf8(`${settings.username}:${settings.password ?? ''}`))}`;
  const { impersonate } = settings;
  if (impersonate?.user) headers['impersonate-user'] = impersonate.user;
  if (impersonate?.uid) headers['impersonate-uid'] = impersonate.uid;
  if (impersonate?.groups.length) headers['impersonate-group'] = impersonate.groups.join('\n');
  for (const [key, values] of Object.entries(impersonate?.extra ?? {}))
    headers[`impersonate-extra-${encodeURIComponent(key.toLowerCase())}`] = values.join('\n');
  return headers;
}
