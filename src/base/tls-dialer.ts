// Connections behind TLS for code that calls back: greets the server and checks what it shows, with Go's words where
// that will not do.
import type { ByteSocket, Dialer } from './http.ts';
import { formatTime } from './time.ts';
import { encodeHello, HelloReader } from './tls.ts';
import { certificateIn, falseAuthority, goCertificateProblem } from './verify-certificate.ts';

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
    if (problem !== undefined) return fail(`tls: failed to verify certificate: x509: ${problem}`);
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

/** What is wrong with a certificate, in Go's words; undefined: it will do. */
function problemOf(shown: string, { authorities, serverName, now }: TlsClient): string | undefined {
  if (authorities === undefined) return undefined;
  const at = now();
  switch (goCertificateProblem(shown, { authorities, serverName, at })) {
    case undefined:
      return undefined;
    case 'unknown-authority':
      return `certificate signed by unknown authority${hintText(shown, authorities)}`;
    case 'expired':
      return `certificate has expired or is not yet valid: ${timeText(shown, at)}`;
    case 'wrong-name':
      return nameText(shown, serverName);
    case 'wrong-usage':
      return 'certificate specifies an incompatible key usage';
    case 'malformed':
      return 'malformed certificate';
  }
}

/** A renewed authority often has the name of the one before it. */
function hintText(shown: string, authorities: string): string {
  const found = falseAuthority(shown, authorities);
  if (!found) return '';
  const [why, name] = [found.why, found.name].map((text) => JSON.stringify(text));
  return ` (possibly because of ${why} while trying to verify candidate authority certificate ${name})`;
}

function timeText(shown: string, at: number): string {
  const { notBefore = 0, notAfter = 0 } = certificateIn(shown) ?? {};
  const current = `current time ${formatTime(at)} is`;
  return at < notBefore ? `${current} before ${formatTime(notBefore)}` : `${current} after ${formatTime(notAfter)}`;
}

function nameText(shown: string, serverName: string): string {
  const { names = [], subject } = certificateIn(shown) ?? {};
  if (names.length === 0 && subject?.commonName === serverName)
    return 'certificate relies on legacy Common Name field, use SANs instead';
  const wanted = isAddress(serverName);
  const valid = names.filter((name) => isAddress(name) === wanted);
  if (valid.length > 0) return `certificate is valid for ${valid.join(', ')}, not ${serverName}`;
  return wanted
    ? `cannot validate certificate for ${serverName} because it doesn't contain any IP SANs`
    : `certificate is not valid for any names, but wanted to match ${serverName}`;
}

function isAddress(name: string): boolean {
  return /^[\d.]+$|:/.test(name);
}
