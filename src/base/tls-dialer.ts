// Connections behind TLS for code that calls back: greets the server and checks what it shows, with Go's words where
// that will not do.
import type { ByteSocket, Dialer } from './http.ts';
import { encodeHello, HelloReader } from './tls.ts';
import { type CertificateProblem, certificateNames, goCertificateProblem } from './verify-certificate.ts';

export interface TlsClient {
  /** Whom the certificate must name. */
  readonly serverName: string;
  /** PEM of who is trusted; undefined: the server is not checked. */
  readonly authorities?: string | undefined;
  /** PEM of the client's own certificate. */
  readonly certificate?: string | undefined;
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

export function tlsDialer(dialer: Dialer, client: TlsClient): Dialer {
  return {
    dial: (target, events) =>
      dialer.dial(target, {
        failed: (failure) => events.failed(failure),
        connected: (socket) => greet(socket, client, events),
      }),
  };
}

function greet(outer: ByteSocket, client: TlsClient, events: Parameters<Dialer['dial']>[1]): void {
  const { serverName, certificate } = client;
  const reader = new HelloReader();
  let state: 'greeting' | 'open' | 'failed' = 'greeting';
  let data: ((bytes: Uint8Array) => void) | undefined;
  const fail = (message: string): void => {
    state = 'failed';
    outer.close();
    events.failed({ message });
  };
  outer.onData((bytes) => {
    if (state === 'open') data?.(bytes);
    if (state !== 'greeting') return;
    const read = reader.push(bytes);
    if (read === undefined) return;
    if (read === 'plain') return fail('http: server gave HTTP response to HTTPS client');
    const problem = problemOf(read.hello.certificate ?? '', client);
    if (problem) {
      const why = problemText(problem, serverName, certificateNames(read.hello.certificate ?? ''));
      return fail(`tls: failed to verify certificate: x509: ${why}`);
    }
    state = 'open';
    events.connected({
      send: (sent) => outer.send(sent),
      close: () => outer.close(),
      onClose: (run) => outer.onClose(run),
      onData(run) {
        data = run;
        if (read.rest.length > 0) run(read.rest);
      },
    });
  });
  outer.onClose(() => {
    if (state === 'greeting') fail('EOF');
  });
  outer.send(encodeHello({ serverName, certificate }));
}

function problemOf(shown: string, { authorities, serverName, now }: TlsClient): CertificateProblem | undefined {
  return authorities === undefined ? undefined : goCertificateProblem(shown, { authorities, serverName, at: now() });
}

function problemText(problem: CertificateProblem, serverName: string, names: readonly string[]): string {
  switch (problem) {
    case 'unknown-authority':
      return 'certificate signed by unknown authority';
    case 'expired':
      return 'certificate has expired or is not yet valid';
    case 'wrong-name':
      return /^[\d.]+$|:/.test(serverName)
        ? `cannot validate certificate for ${serverName} because it doesn't contain any IP SANs`
        : names.length === 0
          ? `certificate is not valid for any names, but wanted to match ${serverName}`
          : `certificate is valid for ${names.join(', ')}, not ${serverName}`;
    case 'malformed':
      return 'malformed certificate';
  }
}
