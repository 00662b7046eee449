// What a client behind TLS says of the certificates that servers show.
import { expect, test } from 'vitest';
import { CertificateAuthority } from './certificate-authority.ts';
import type { ByteSocket, Dialer } from './http.ts';
import { tlsListener } from './tls.ts';
import { tlsDialer } from './tls-dialer.ts';

const at = Date.UTC(2026, 0, 1);
const dayMs = 86_400_000;
const authority = new CertificateAuthority({ seed: 'tests', name: 'ca', since: at - dayMs });

/** A dialer that reaches one listener, without a network. */
function dialerTo(listener: { accept(socket: ByteSocket): void }): Dialer {
  return {
    dial(_, { connected }) {
      const [server, client] = [new Ear(), new Ear()];
      listener.accept({ ...ends, send: (bytes) => client.hear(bytes), onData: (run) => server.listen(run) });
      connected({ ...ends, send: (bytes) => server.hear(bytes), onData: (run) => client.listen(run) });
      return () => {};
    },
  };
}

const ends = { onClose() {}, close() {} };

class Ear {
  private run: (bytes: Uint8Array) => void = () => {};

  hear(bytes: Uint8Array): void {
    this.run(bytes);
  }

  listen(run: (bytes: Uint8Array) => void): void {
    this.run = run;
  }
}

/** What comes of a connection to a server with a certificate for these names. */
function outcome(names: readonly string[], { serverName = 'web.example', now = at } = {}): string {
  const subject = { commonName: 'web.example', organizations: [] };
  const { certificate } = authority.issueWithKey({ subject, usages: ['server'], names, at, lifeMs: dayMs });
  const listener = tlsListener({ certificate: () => certificate, accept() {} });
  const client = { serverName, authorities: authority.certificate, now: () => now };
  const said: string[] = [];
  tlsDialer(dialerTo(listener), client).dial(
    { host: '192.0.2.1', port: 443 },
    {
      connected: () => void said.push('connected'),
      failed: ({ message }) => void said.push(message.replace('tls: failed to verify certificate: x509: ', '')),
    },
  );
  return said.join('; ');
}

test.each([
  ['is for it', outcome(['web.example']), 'connected'],
  ['is for an address', outcome(['192.0.2.1'], { serverName: '192.0.2.1' }), 'connected'],
  [
    'is for others',
    outcome(['a.example', '192.0.2.1', 'b.example']),
    'certificate is valid for a.example, b.example, not web.example',
  ],
  [
    'is for another address',
    outcome(['web.example', '192.0.2.2'], { serverName: '192.0.2.1' }),
    'certificate is valid for 192.0.2.2, not 192.0.2.1',
  ],
  [
    'is for no address',
    outcome(['web.example'], { serverName: '192.0.2.1' }),
    "cannot validate certificate for 192.0.2.1 because it doesn't contain any IP SANs",
  ],
  [
    'has its name in the subject alone',
    outcome([]),
    'certificate relies on legacy Common Name field, use SANs instead',
  ],
  [
    'has no name that counts',
    outcome([], { serverName: 'other.example' }),
    'certificate is not valid for any names, but wanted to match other.example',
  ],
  [
    'is too old',
    outcome(['web.example'], { now: at + 2 * dayMs }),
    'certificate has expired or is not yet valid: current time 2026-01-03T00:00:00Z is after 2026-01-02T00:00:00Z',
  ],
  [
    'is too young',
    outcome(['web.example'], { now: at - dayMs }),
    'certificate has expired or is not yet valid: current time 2025-12-31T00:00:00Z is before 2025-12-31T23:55:00Z',
  ],
])('a server whose certificate %s', (_, said, expected) => {
  expect(said).toBe(expected);
});
