// The client's side of TLS: greets the server, and checks what it shows.
import type { Connection } from '../../api/ports.ts';
import { encodeHello, HelloReader } from '../../base/tls.ts';
import { type CertificateProblem, certificateProblem } from '../../base/verify-certificate.ts';

/** `plain`: whoever listens there does not speak TLS; `closed`: it hung up. */
export type TlsProblem = CertificateProblem | 'plain' | 'closed';

export class TlsError extends Error {
  override name = 'TlsError';
  constructor(readonly problem: TlsProblem) {
    super(problem);
  }
}

export interface TlsOptions {
  readonly serverName: string;
  /** PEM of who is trusted; undefined: the server is not checked. */
  readonly authorities: string | undefined;
  /** PEM of the client's own certificate. */
  readonly certificate?: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

/** The connection behind TLS. Throws TlsError; the connection is closed then. */
export async function secureConnection(connection: Connection, options: TlsOptions): Promise<Connection> {
  const { serverName, certificate } = options;
  await connection.write(encodeHello({ serverName, certificate }));
  const reader = new HelloReader();
  for (;;) {
    const bytes = await connection.read();
    const read = bytes ? reader.push(bytes) : 'closed';
    if (read === undefined) continue;
    const problem = typeof read === 'string' ? read : problemOf(read.hello.certificate ?? '', options);
    if (problem !== undefined || typeof read === 'string') {
      connection.close();
      throw new TlsError(problem ?? 'closed');
    }
    return resumed(connection, read.rest);
  }
}

function problemOf(certificate: string, { authorities, serverName, at }: TlsOptions): CertificateProblem | undefined {
  return authorities === undefined ? undefined : certificateProblem(certificate, { authorities, serverName, at });
}

/** The connection with bytes that came already in front. */
function resumed(connection: Connection, rest: Uint8Array): Connection {
  let first: Uint8Array | undefined = rest.length > 0 ? rest : undefined;
  return {
    read() {
      if (!first) return connection.read();
      const bytes = first;
      first = undefined;
      return Promise.resolve(bytes);
    },
    write: (bytes) => connection.write(bytes),
    close: () => connection.close(),
  };
}
