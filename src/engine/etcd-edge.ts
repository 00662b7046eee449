// etcd's client port on a machine: HTTPS, for clients whose certificate the cluster's authority has signed, and the
// certificates on the machine's disk that one reaches it with.
import type { NetworkHost } from '../api/network.ts';
import { encodeProtobuf, ProtobufError } from '../api/protobuf.ts';
import { encodeUtf8 } from '../base/bytes.ts';
import type { CertificateAuthority } from '../base/certificate-authority.ts';
import { type FileTree, fileNode } from '../base/files.ts';
import { type StreamHandler, serveStreams } from '../base/http-streams.ts';
import { isObject, type JsonObject, type JsonValue } from '../base/json.ts';
import { late } from '../base/late.ts';
import { tlsListener } from '../base/tls.ts';
import { certificateIn, certificateProblem } from '../base/verify-certificate.ts';
import type { StoredObject } from '../kinds/kind.ts';
import { sealedBytes } from './apiserver/encryption-keys.ts';
import { withEntries } from './apiserver/managed-fields/show.ts';
import { answerDocument } from './etcd/gateway-health.ts';
import type { Gateway } from './etcd/gateway-port.ts';
import type { Stop } from './sim/scope.ts';

/** Nobody needs it before a client comes, and those are programs. */
const gatewayCode = late("etcd's gateway", () => import('./etcd/gateway.ts'));

export interface EtcdEdgeOptions {
  readonly gateway: Gateway;
  readonly authority: CertificateAuthority;
  readonly host: NetworkHost;
  readonly files: FileTree;
  /** Where the certificates are, e.g. `/etc/kubernetes/pki/etcd`. */
  readonly directory: string;
  /** The port as it is when etcd starts. */
  port(): number;
}

/** Puts certificates on the disk; returns what opens the port, which returns what shuts it. */
export function etcdListener({ gateway, authority, host, files, directory, port }: EtcdEdgeOptions): () => Stop {
  const { name } = gateway.member;
  const server = issued(authority, name, ['localhost', '127.0.0.1', name, ...host.ips]);
  const client = issued(authority, 'kube-etcd-healthcheck-client', []);
  const listener = tlsListener({
    certificate: () => server().certificate,
    accept(socket, hello) {
      const problem = certificateProblem(hello.certificate ?? '', {
        authorities: authority.certificate,
        serverName: '',
        at: gateway.cluster.scope.now,
      });
      // A client's certificate names nobody's address.
      const known = problem === undefined || problem === 'wrong-name';
      const { commonName } = certificateIn(hello.certificate ?? '')?.subject ?? {};
      if (known && gateway.member.running) serveStreams(socket, gatewayCode().etcdGateway(gateway, commonName));
      else socket.close();
    },
  });
  files.makeDirectory(directory, { parents: true });
  const place = (path: string, generate: () => string): void =>
    files.place(`${directory}/${path}`, { ...fileNode('', 0, path.endsWith('.key') ? 0o600 : 0o644), generate });
  place('ca.crt', () => authority.certificate);
  for (const [file, pair] of [
    ['server', server],
    ['peer', server],
    ['healthcheck-client', client],
  ] as const) {
    place(`${file}.crt`, () => pair().certificate);
    place(`${file}.key`, () => pair().key);
  }
  return () => host.listen(port(), listener) ?? (() => {});
}

/** Ports for what etcd tells of itself, without TLS. Returns how to shut them. */
export function openMetricsPorts(gateway: Gateway, host: NetworkHost, ports: readonly number[]): Stop {
  const handle: StreamHandler = (request, sink) => answerDocument(gateway, request, sink);
  const listener = {
    accept(socket: Parameters<Parameters<NetworkHost['listen']>[1]['accept']>[0]) {
      if (gateway.member.running) serveStreams(socket, handle);
      else socket.close();
    },
  };
  const stops = ports.map((port) => host.listen(port, listener));
  return () => {
    for (const stop of stops) stop?.();
  };
}

/** Made when it is first needed: signing takes its time. */
function issued(authority: CertificateAuthority, commonName: string, names: readonly string[]) {
  let made: ReturnType<CertificateAuthority['issueWithKey']> | undefined;
  return () => {
    made ??= authority.issueWithKey({
      subject: { commonName, organizations: [] },
      usages: ['server', 'client'],
      names,
      at: authority.origin.since,
    });
    return made;
  };
}

/** A stored value as plain data: what hangs on it in memory alone is written into it. */
export function storedData(value: unknown): JsonValue {
  return isObject(value) ? (withEntries(value as StoredObject) as unknown as JsonObject) : null; // edge: etcd's values are opaque
}

/** A stored value as Kubernetes writes it: protobuf, and JSON for custom resources; text of others as it is. */
export function storedBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return encodeUtf8(value);
  if (!isObject(value)) return new Uint8Array();
  return sealedBytes(value, encoded(value));
}

function encoded(value: JsonObject): Uint8Array {
  try {
    return encodeProtobuf(value);
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    return encodeUtf8(`${JSON.stringify(value)}\n`);
  }
}
