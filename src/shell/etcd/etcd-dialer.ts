// How etcdctl gets a connection to an endpoint: over TLS with the client's certificate, or as it is.
import type { Connection } from '../../api/ports.ts';
import { ConnectionError } from '../../api/ports.ts';
import type { Process } from '../../api/program.ts';
import { parseUrl } from '../http/http-client.ts';
import { secureConnection, TlsError } from '../http/secure-connection.ts';
import { EtcdctlError } from './etcdctl-error.ts';
import type { GrpcLog } from './grpc-log.ts';

export interface EtcdSettings {
  readonly endpoints: readonly string[];
  /** PEM; undefined: not given. */
  readonly authorities: string | undefined;
  readonly certificate: string | undefined;
  readonly skipVerify: boolean;
  /** TLS even where neither certificate nor scheme asks for it. */
  readonly alwaysSecure: boolean;
  readonly sendBytesMax: number;
  readonly takeBytesMax: number;
  readonly timeoutMs: number;
  /** How long getting a token may take. */
  readonly dialTimeoutMs: number;
  /** Between looks whether the other side of a watch is still there, and how long it has to answer. */
  readonly keepAliveMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly user: { readonly name: string; readonly password: string } | undefined;
}

export class EtcdDialer {
  constructor(
    private readonly process: Process,
    private readonly settings: EtcdSettings,
    private readonly log: GrpcLog | undefined,
  ) {}

  /** Throws Unreachable, EtcdctlError. */
  async connect(endpoint: string): Promise<Connection> {
    const target = parseUrl(endpoint);
    if (!target) throw new EtcdctlError(`parse ${JSON.stringify(endpoint)}: invalid endpoint`);
    const { host, port } = { ...target, port: /:\d+/.test(endpoint.replace(/^https?:/, '')) ? target.port : 2379 };
    const address = `${host}:${port}`;
    await this.log?.connects(address);
    try {
      const connection = await this.dial(endpoint, { host, port });
      await this.log?.connected(address);
      return connection;
    } catch (error) {
      const why = unreachableText(error);
      if (why === undefined) throw error;
      await this.log?.failed(address, why);
      throw new Unreachable(why);
    }
  }

  private async dial(endpoint: string, target: { readonly host: string; readonly port: number }): Promise<Connection> {
    const { authorities, certificate, skipVerify, alwaysSecure } = this.settings;
    const { machine, network, clock, cancel } = this.process;
    const plain = await network.dial(machine.id, target, cancel);
    const asked = authorities !== undefined || certificate !== undefined || alwaysSecure;
    if (!endpoint.startsWith('https:') && (endpoint.startsWith('http:') || !asked)) return plain;
    return secureConnection(plain, {
      serverName: target.host,
      authorities: skipVerify ? undefined : (authorities ?? ''),
      certificate,
      at: clock.now(),
    });
  }
}

/** Nobody answered; the message is what gRPC says of it. */
export class Unreachable extends Error {
  override name = 'Unreachable';
}

/** What gRPC says of a connection that does not come about; undefined: it is another error. */
function unreachableText(error: unknown): string | undefined {
  if (error instanceof TlsError) return handshakeText(error);
  return error instanceof ConnectionError ? `transport: Error while dialing: ${error.message}` : undefined;
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
