// How etcdctl reaches etcd: the JSON gateway of each endpoint, over TLS with the client's certificate.
import type { Connection } from '../../api/ports.ts';
import { ConnectionError } from '../../api/ports.ts';
import type { Process } from '../../api/program.ts';
import { concatBytes, decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '../../base/bytes.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { HttpError, parseUrl, sendRequest } from '../http/http-client.ts';
import { secureConnection, TlsError } from '../http/secure-connection.ts';

export interface EtcdSettings {
  readonly endpoints: readonly string[];
  /** PEM; undefined: not given. */
  readonly authorities: string | undefined;
  readonly certificate: string | undefined;
  readonly skipVerify: boolean;
  readonly timeoutMs: number;
}

/** What etcdctl prints after `Error: `. */
export class EtcdctlError extends Error {
  override name = 'EtcdctlError';
  constructor(
    message: string,
    readonly status = 1,
  ) {
    super(message);
  }
}

const timeoutText = 'context deadline exceeded';

export class EtcdClient {
  constructor(
    private readonly process: Process,
    readonly settings: EtcdSettings,
  ) {}

  /** Asks the first endpoint that answers. Throws EtcdctlError. */
  async call(path: string, request: JsonObject): Promise<JsonObject> {
    let failure: unknown;
    for (const endpoint of this.settings.endpoints) {
      try {
        return await this.callAt(endpoint, path, request);
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        failure = error;
      }
    }
    return this.giveUp(failure);
  }

  /** Asks one endpoint. Throws EtcdctlError when etcd says no, Unreachable when nothing answers. */
  async callAt(endpoint: string, path: string, request: JsonObject): Promise<JsonObject> {
    const asked = this.send(endpoint, path, request);
    const first = await Promise.race([asked, this.deadline()]);
    if (first === undefined) throw new EtcdctlError(timeoutText);
    const { status, answer } = first;
    if (status !== 200) throw new EtcdctlError(String(answer.error ?? answer.message ?? `HTTP ${status}`));
    return answer;
  }

  /** Every line of an answer that keeps coming. */
  async *follow(path: string, request: JsonObject): AsyncGenerator<JsonObject> {
    const [endpoint = ''] = this.settings.endpoints;
    const connection = await this.connect(endpoint);
    this.process.cancel.onCancel(() => connection.close());
    const { body } = await sendRequest(connection, post(path, request));
    let rest = '';
    for await (const piece of body) {
      const lines = (rest + decodeUtf8(piece)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield parsed(line);
    }
  }

  /** As etcd's client does: it tries until its time is over. */
  async giveUp(failure: unknown): Promise<never> {
    const { clock, cancel, stderr } = this.process;
    await clock.sleep(this.settings.timeoutMs, cancel);
    const why = failure instanceof Error ? failure.message : '';
    const warning = {
      level: 'warn',
      ts: new Date(clock.now()).toISOString().replace(/Z$/, '000Z'),
      logger: 'etcd-client',
      caller: 'v3@v3.6.6/retry_interceptor.go:65',
      msg: 'retrying of unary invoker failed',
      target: `etcd-endpoints://0xc000140000/${this.settings.endpoints[0] ?? ''}`,
      attempt: 0,
      error: `rpc error: code = DeadlineExceeded desc = latest balancer error: last connection error: connection error: desc = "${why}"`,
    };
    await stderr.write(`${JSON.stringify(warning)}\n`);
    throw new EtcdctlError(timeoutText);
  }

  private async deadline(): Promise<undefined> {
    await this.process.clock.sleep(this.settings.timeoutMs, this.process.cancel);
    return undefined;
  }

  private async send(endpoint: string, path: string, request: JsonObject) {
    const connection = await this.connect(endpoint);
    try {
      const response = await sendRequest(connection, post(path, request));
      const pieces: Uint8Array[] = [];
      for await (const piece of response.body) pieces.push(piece);
      return { status: response.status, answer: parsed(decodeUtf8(concatBytes(pieces))) };
    } catch (error) {
      if (error instanceof HttpError) throw new Unreachable('error reading server preface: EOF');
      throw error;
    } finally {
      connection.close();
    }
  }

  private async connect(endpoint: string): Promise<Connection> {
    const { authorities, certificate, skipVerify } = this.settings;
    const target = parseUrl(endpoint);
    if (!target) throw new EtcdctlError(`parse ${JSON.stringify(endpoint)}: invalid endpoint`);
    const secure = target.scheme === 'https' || authorities !== undefined || certificate !== undefined;
    const { host, port } = { ...target, port: /:\d+/.test(endpoint.replace(/^https?:/, '')) ? target.port : 2379 };
    try {
      const plain = await this.process.network.dial(this.process.machine.id, { host, port }, this.process.cancel);
      if (!secure) return plain;
      const at = this.process.clock.now();
      return await secureConnection(plain, {
        serverName: host,
        authorities: skipVerify ? undefined : (authorities ?? ''),
        certificate,
        at,
      });
    } catch (error) {
      if (error instanceof TlsError) throw new Unreachable(handshakeText(error));
      if (!(error instanceof ConnectionError)) throw error;
      throw new Unreachable(`transport: Error while dialing: ${error.message}`);
    }
  }
}

/** Nobody answered; the message is what gRPC says of it. */
export class Unreachable extends Error {
  override name = 'Unreachable';
}

function handshakeText({ problem }: TlsError): string {
  const failed = 'transport: authentication handshake failed:';
  if (problem === 'unknown-authority')
    return `${failed} tls: failed to verify certificate: x509: certificate signed by unknown authority`;
  if (problem === 'expired') return `${failed} tls: failed to verify certificate: x509: certificate has expired`;
  if (problem === 'wrong-name') return `${failed} tls: failed to verify certificate: x509: certificate is not valid`;
  return problem === 'plain'
    ? `${failed} tls: first record does not look like a TLS handshake`
    : 'error reading server preface: remote error: tls: certificate required';
}

function post(path: string, request: JsonObject) {
  const body = encodeUtf8(JSON.stringify(request));
  const headers = [
    ['Host', 'etcd'],
    ['Content-Type', 'application/json'],
    ['Content-Length', String(body.length)],
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
