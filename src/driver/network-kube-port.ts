// KubePort over the simulated network: kubectl in a pod, or anywhere that no shorter way leads to the server.
import { decodeKubeBody, encodeKubeBody, kubeBodyPieces } from '../api/kube-body.ts';
import {
  type Cancellation,
  type Connection,
  ConnectionError,
  type KubeChannels,
  type KubePort,
  type KubeReply,
  type KubeRequest,
  type KubeStream,
} from '../api/ports.ts';
import type { Process } from '../api/program.ts';
import { concatBytes } from '../base/bytes.ts';
import type { ConnectionSettings } from '../kubectl/kubectl.ts';
import { HttpError, type HttpResponse, headerOf, parseUrl, sendRequest } from '../shell/http/http-client.ts';
import { secureConnection, TlsError } from '../shell/http/secure-connection.ts';
import { pemOf } from './client-certificate.ts';
import { channelsOf, upgradeHeaders } from './network-channels.ts';

export function networkKubePort(process: Process, settings: ConnectionSettings): KubePort {
  const { server } = settings;
  return {
    server,
    async request(call, cancel): Promise<KubeReply> {
      const { connection, response } = await ask(process, settings, call, cancel);
      const pieces: Uint8Array[] = [];
      try {
        for await (const piece of response.body) pieces.push(piece);
      } finally {
        connection.close();
      }
      const headers = headersOf(response);
      const body = decodeKubeBody(concatBytes(pieces), headers['content-type'] ?? '');
      return { status: response.status, headers, body };
    },
    async stream(call, cancel): Promise<KubeStream> {
      const { connection, response } = await ask(process, settings, call, cancel);
      const headers = headersOf(response);
      const pieces = kubeBodyPieces(response.body, headers['content-type'] ?? '');
      return {
        status: response.status,
        headers,
        read: async () => {
          const next = await pieces.next();
          return next.done ? undefined : next.value;
        },
        close: () => connection.close(),
      };
    },
    async connect(call, cancel): Promise<KubeChannels> {
      const upgrade: KubeRequest = { ...call, method: 'GET', headers: { ...call.headers, ...upgradeHeaders } };
      const { connection, response } = await ask(process, settings, upgrade, cancel);
      cancel?.onCancel(() => connection.close());
      const { status, body } = response;
      if (status === 101) return channelsOf(connection, body, { isForward: /\/portforward(\?|$)/.test(call.path) });
      const pieces: Uint8Array[] = [];
      for await (const piece of body) pieces.push(piece);
      connection.close();
      const refusal = decodeKubeBody(concatBytes(pieces), headersOf(response)['content-type'] ?? '');
      return { status, refusal, ...closedChannels };
    },
  };
}

const closedChannels = {
  read: async () => undefined,
  write: async () => {},
  closeChannel: () => {},
  close: () => {},
};

async function ask(
  process: Process,
  settings: ConnectionSettings,
  call: KubeRequest,
  cancel: Cancellation | undefined,
): Promise<{ readonly connection: Connection; readonly response: HttpResponse }> {
  const target = parseUrl(settings.server);
  if (!target) throw new ConnectionError(`parse "${settings.server}": invalid URL`);
  const { host, port, scheme } = target;
  const dialed = await dial(process, { host, port }, cancel);
  const connection = scheme === 'http' ? dialed : await secured(process, settings, dialed, host);
  const body = call.body && encodeKubeBody(call.body);
  const headers = Object.entries({
    host: `${host}:${port}`,
    connection: 'close',
    ...call.headers,
    ...(body && { 'content-length': String(body.length) }),
  });
  try {
    return {
      connection,
      response: await sendRequest(connection, { method: call.method, path: call.path, headers, body }),
    };
  } catch (error) {
    connection.close();
    if (error instanceof HttpError)
      throw new ConnectionError(error.kind === 'empty' ? 'EOF' : 'malformed HTTP response');
    throw error;
  }
}

/** The network's words with Go's in front of them. */
async function dial(
  process: Process,
  target: { readonly host: string; readonly port: number },
  cancel: Cancellation | undefined,
): Promise<Connection> {
  try {
    return await process.network.dial(process.machine.id, target, cancel);
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.message.startsWith('dial ')) throw error;
    throw new ConnectionError(`dial tcp ${target.host}:${target.port}: ${error.message}`);
  }
}

async function secured(
  process: Process,
  settings: ConnectionSettings,
  connection: Connection,
  host: string,
): Promise<Connection> {
  const serverName = settings.tlsServerName ?? host;
  try {
    return await secureConnection(connection, {
      serverName,
      authorities: settings.insecure ? undefined : (pemOf(process, settings.certificateAuthority) ?? ''),
      certificate: pemOf(process, settings.clientCertificate),
      at: process.clock.now(),
    });
  } catch (error) {
    if (error instanceof TlsError) throw new ConnectionError(tlsText(error, serverName));
    throw error;
  }
}

/** Go's words. */
function tlsText({ problem }: TlsError, host: string): string {
  switch (problem) {
    case 'plain':
      return 'http: server gave HTTP response to HTTPS client';
    case 'closed':
      return 'EOF';
    case 'expired':
      return 'tls: failed to verify certificate: x509: certificate has expired or is not yet valid';
    case 'wrong-name':
      return `tls: failed to verify certificate: x509: certificate is not valid for any names, but wanted to match ${host}`;
    case 'wrong-usage':
      return 'tls: failed to verify certificate: x509: certificate specifies an incompatible key usage';
    default:
      return 'tls: failed to verify certificate: x509: certificate signed by unknown authority';
  }
}

function headersOf(response: HttpResponse): Record<string, string> {
  const names = response.headers.map(([name]) => name.toLowerCase());
  return Object.fromEntries(names.map((name) => [name, headerOf(response, name) ?? '']));
}
