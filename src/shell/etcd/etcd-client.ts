// How etcdctl reaches etcd: the JSON gateway of each endpoint, over TLS with the client's certificate.
import { etcdMethod, grpcCode } from '../../api/etcd-methods.ts';
import type { Connection } from '../../api/ports.ts';
import { ConnectionError } from '../../api/ports.ts';
import type { Process } from '../../api/program.ts';
import { concatBytes, decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '../../base/bytes.ts';
import { quote } from '../../base/go/quote.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { HttpError, sendRequest } from '../http/http-client.ts';
import { EtcdDialer, type EtcdSettings, Unreachable } from './etcd-dialer.ts';
import { EtcdctlError } from './etcdctl-error.ts';
import type { GrpcLog } from './grpc-log.ts';
import { etcdctlVersion, logLine } from './log-line.ts';
import { messageSize } from './message-size.ts';

const timeoutText = 'context deadline exceeded';

/** Requests that may be asked again when nobody could take them. */
const repeatable = new Set(['/v3/kv/range', '/v3/cluster/member/list', '/v3/lease/timetolive', '/v3/lease/leases']);

const unknown = 2;
const unavailable = 14;
const backoffMs = 25;
const attemptsMax = 100;
const reconnectMs = 500;

export class EtcdClient {
  private readonly dialer: EtcdDialer;
  /** Undefined: it has not been asked for; empty: there is nobody to be. */
  private token: string | undefined;
  /** Connections that have answered and may be asked again, by endpoint. */
  private readonly idle = new Map<string, Connection[]>();

  constructor(
    private readonly process: Process,
    readonly settings: EtcdSettings,
    private readonly log?: GrpcLog,
    /** Whose words the log tells. */
    private readonly logger = 'etcd-client',
  ) {
    this.dialer = new EtcdDialer(process, settings, log);
  }

  /** The same client under another name in the log. */
  named(logger: string): EtcdClient {
    const { process, settings, log } = this;
    return new EtcdClient(process, settings, log, logger);
  }

  /** Asks the first endpoint that answers. Throws EtcdctlError. */
  call(path: string, request: JsonObject): Promise<JsonObject> {
    return this.ask(this.settings.endpoints, path, request);
  }

  /** Asks one endpoint. Throws EtcdctlError. */
  callAt(endpoint: string, path: string, request: JsonObject): Promise<JsonObject> {
    return this.ask([endpoint], path, request);
  }

  /** As `call`, of a stream: what is refused comes in its first message, and nobody tries again. */
  async receive(path: string, request: JsonObject): Promise<JsonObject> {
    await this.signIn();
    const outcome = await this.askOnce(this.settings.endpoints, path, request);
    if (outcome.kind === 'answer') return outcome.answer;
    const { kind } = outcome;
    const code = kind === 'refusal' ? grpcCode(outcome.code) : 'Unavailable';
    const why = kind === 'refusal' ? outcome.message : `connection error: desc = ${quote(outcome.why)}`;
    throw new EtcdctlError(`rpc error: code = ${code} desc = ${why}`);
  }

  /** Tries as etcd's client does until its time is over, and tells of every failure. */
  private async ask(endpoints: readonly string[], path: string, request: JsonObject): Promise<JsonObject> {
    await this.signIn();
    return this.askWithin(this.settings.timeoutMs, endpoints, { path, request });
  }

  /** Gets a user's token. Where nobody has to be anybody, it is done without. Throws EtcdctlError. */
  private async signIn(): Promise<void> {
    const { user, endpoints, dialTimeoutMs } = this.settings;
    if (this.token !== undefined) return;
    this.token = '';
    if (!user) return;
    try {
      const question = { path: '/v3/auth/authenticate', request: { ...user } };
      this.token = String((await this.askWithin(dialTimeoutMs, endpoints, question)).token ?? '');
    } catch (error) {
      if (!(error instanceof EtcdctlError)) throw error;
      if (error.message !== 'etcdserver: authentication is not enabled') throw new EtcdctlError(error.message, 2);
    }
  }

  private async askWithin(timeoutMs: number, endpoints: readonly string[], question: Question): Promise<JsonObject> {
    const { path, request } = question;
    const { clock, cancel } = this.process;
    const until = clock.now() + timeoutMs;
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const answer = await Promise.race([this.askOnce(endpoints, path, request), this.deadline(until)]);
      if (answer === undefined || answer.kind === 'unreachable') {
        await clock.sleep(Math.max(until - clock.now(), 0), cancel);
        const why =
          answer === undefined
            ? timeoutText
            : `latest balancer error: last connection error: connection error: desc = ${quote(answer.why)}`;
        await this.warn(endpoints, path, attempt, `rpc error: code = DeadlineExceeded desc = ${why}`);
        throw new EtcdctlError(timeoutText);
      }
      if (answer.kind === 'answer') return answer.answer;
      const { code, message } = answer;
      const text = `rpc error: code = ${grpcCode(code)} desc = ${message}`;
      await this.warn(endpoints, path, attempt, text);
      if (answer.isOwn || code === unknown) throw new EtcdctlError(text);
      if (code !== unavailable || !repeatable.has(path)) throw new EtcdctlError(message);
      await clock.sleep(backoffMs, cancel);
    }
    throw new EtcdctlError(timeoutText);
  }

  private async askOnce(endpoints: readonly string[], path: string, request: JsonObject): Promise<Outcome> {
    let why = '';
    const { sendBytesMax, takeBytesMax } = this.settings;
    const sent = messageSize(request);
    if (sent > sendBytesMax) return tooLarge('trying to send message', sent, sendBytesMax);
    for (const endpoint of endpoints) {
      try {
        const { status, answer } = await this.send(endpoint, path, request);
        if (status === 200) {
          const taken = messageSize(answer);
          if (taken > takeBytesMax) return tooLarge('grpc: received message', taken, takeBytesMax);
          return { kind: 'answer', answer };
        }
        const message = String(answer.error ?? answer.message ?? `HTTP ${status}`);
        return { kind: 'refusal', code: Number(answer.code ?? 0), message };
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        why = error.message;
      }
    }
    return { kind: 'unreachable', why };
  }

  /** What happens to keys, from one revision on even when the connection is lost in between. Ends when etcd ends it. */
  async *watch(request: JsonObject): AsyncGenerator<JsonObject> {
    const { endpoints } = this.settings;
    let from = request.start_revision;
    for (let attempt = 0; ; attempt++) {
      const endpoint = endpoints[attempt % endpoints.length] ?? '';
      const create_request = { ...request, ...(from !== undefined && { start_revision: from }) };
      try {
        for await (const line of this.follow(endpoint, '/v3/watch', { create_request })) {
          const result = isObject(line.result) ? line.result : {};
          yield line;
          if (result.canceled === true) return;
          const head = isObject(result.header) ? result.header.revision : undefined;
          const isBehind = result.created === true && request.start_revision !== undefined;
          if (typeof head === 'string' && !isBehind) from = String(BigInt(head) + 1n);
        }
      } catch (error) {
        if (!(error instanceof Unreachable || error instanceof HttpError)) throw error;
      }
      await this.process.clock.sleep(reconnectMs, this.process.cancel);
    }
  }

  /** What an endpoint answers to a GET. Throws EtcdctlError. */
  async document(endpoint: string, path: string): Promise<string> {
    try {
      const connection = await this.dialer.connect(endpoint);
      try {
        const { body } = await sendRequest(connection, { method: 'GET', path, headers: [['Host', 'etcd']] });
        const pieces: Uint8Array[] = [];
        for await (const piece of body) pieces.push(piece);
        return decodeUtf8(concatBytes(pieces));
      } finally {
        connection.close();
      }
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof HttpError)) throw error;
      throw new EtcdctlError(error.message);
    }
  }

  /** How far the server is. */
  async progress(): Promise<JsonObject> {
    const [endpoint = ''] = this.settings.endpoints;
    for await (const line of this.follow(endpoint, '/v3/watch', { progress_request: {} })) return line;
    return {};
  }

  /** Every line of an answer that keeps coming. */
  private async *follow(endpoint: string, path: string, request: JsonObject): AsyncGenerator<JsonObject> {
    await this.signIn();
    const connection = await this.dialer.connect(endpoint);
    const held = { ended: false };
    const forget = this.process.cancel.onCancel(() => connection.close());
    this.keepAlive(endpoint, connection, held);
    try {
      const { body } = await sendRequest(connection, post(path, request, this.token));
      let rest = '';
      for await (const piece of body) {
        const lines = (rest + decodeUtf8(piece)).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) yield parsed(line);
      }
    } finally {
      held.ended = true;
      forget();
      connection.close();
    }
  }

  /** Closes a connection whose other side does not show that it is there. */
  private async keepAlive(endpoint: string, connection: Connection, held: { readonly ended: boolean }): Promise<void> {
    const { clock, cancel } = this.process;
    const { keepAliveMs, keepAliveTimeoutMs } = this.settings;
    try {
      while (!held.ended) {
        await clock.sleep(keepAliveMs, cancel);
        const late = clock.sleep(keepAliveTimeoutMs, cancel).then(() => false);
        if (held.ended || (await Promise.race([this.ping(endpoint), late]))) continue;
        connection.close();
        return;
      }
    } catch (error) {
      if (!cancel.cancelled) throw error;
    }
  }

  private async ping(endpoint: string): Promise<boolean> {
    try {
      await this.document(endpoint, '/version');
      return true;
    } catch (error) {
      if (!(error instanceof EtcdctlError)) throw error;
      return false;
    }
  }

  private async warn(endpoints: readonly string[], path: string, attempt: number, error: string): Promise<void> {
    const { clock, stderr } = this.process;
    const fields = {
      target: `etcd-endpoints://0xc000140000/${endpoints[0] ?? ''}`,
      method: `/etcdserverpb.${etcdMethod(path)}`,
      attempt,
      error,
    };
    const caller = `v3@v${etcdctlVersion}/retry_interceptor.go:65`;
    const msg = 'retrying of unary invoker failed';
    await stderr.write(logLine({ level: 'warn', atMs: clock.now(), logger: this.logger, caller, msg, fields }));
  }

  private async deadline(until: number): Promise<undefined> {
    await this.process.clock.sleep(Math.max(until - this.process.clock.now(), 0), this.process.cancel);
    return undefined;
  }

  private async send(endpoint: string, path: string, request: JsonObject) {
    const kept = this.idle.get(endpoint)?.pop();
    if (kept) {
      try {
        return await this.sendOver(kept, endpoint, { path, request });
      } catch (error) {
        if (!(error instanceof Unreachable || error instanceof ConnectionError)) throw error; // it had ended
      }
    }
    return this.sendOver(await this.dialer.connect(endpoint), endpoint, { path, request });
  }

  private async sendOver(connection: Connection, endpoint: string, { path, request }: Question) {
    try {
      const response = await sendRequest(connection, post(path, request, this.token));
      const pieces: Uint8Array[] = [];
      for await (const piece of response.body) pieces.push(piece);
      const answer = parsed(decodeUtf8(concatBytes(pieces)));
      this.idle.set(endpoint, [...(this.idle.get(endpoint) ?? []), connection]);
      return { status: response.status, answer };
    } catch (error) {
      connection.close();
      if (error instanceof HttpError) throw new Unreachable('error reading server preface: EOF');
      throw error;
    }
  }

  /** Nothing more is asked. */
  close(): void {
    for (const connection of [...this.idle.values()].flat()) connection.close();
    this.idle.clear();
  }
}

type Outcome =
  | { readonly kind: 'answer'; readonly answer: JsonObject }
  | { readonly kind: 'refusal'; readonly code: number; readonly message: string; readonly isOwn?: boolean }
  | { readonly kind: 'unreachable'; readonly why: string };

/** The client's own limit, not the server's. */
function tooLarge(what: string, bytes: number, bytesMax: number): Outcome {
  return { kind: 'refusal', code: 8, message: `${what} larger than max (${bytes} vs. ${bytesMax})`, isOwn: true };
}

interface Question {
  readonly path: string;
  readonly request: JsonObject;
}

function post(path: string, request: JsonObject, token: string | undefined) {
  const body = encodeUtf8(JSON.stringify(request));
  const headers = [
    ['Host', 'etcd'],
    ['Content-Type', 'application/json'],
    ['Content-Length', String(body.length)],
    ['User-Agent', 'grpc-go/1.71.1'],
    ...(token ? [['Authorization', token] as const] : []),
  ] as const;
  return { method: 'POST', path, headers, body };
}

function parsed(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    throw new Unreachable('error reading server preface: http2: frame too large'); // it is something else that answers
  }
}

export function encodeKey(text: string): string {
  return encodeBase64(encodeUtf8(text));
}

export function decodeBytes(value: unknown): Uint8Array {
  return (typeof value === 'string' ? decodeBase64(value) : undefined) ?? new Uint8Array();
}
