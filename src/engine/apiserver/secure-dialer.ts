// How the API server itself connects to servers behind TLS: webhooks, and APIs that it aggregates.
import { decodeBase64, decodeUtf8 } from '../../base/bytes.ts';
import type { Dialer } from '../../base/http.ts';
import { pemBlocks } from '../../base/pem.ts';
import { type TlsClient, tlsDialer } from '../../base/tls-dialer.ts';
import { certificateIn } from '../../base/verify-certificate.ts';

/** Failures come in the words of Go's dialer. */
export function secureDialer(machine: Dialer, client: TlsClient): Dialer {
  return tlsDialer(goDialer(machine), client);
}

/** PEM of whom a `caBundle` trusts; without one nobody: the machine's own roots sign nothing in here. */
export function authoritiesIn(bundle: string | undefined): string {
  const bytes = bundle === undefined ? undefined : decodeBase64(bundle);
  return bytes ? decodeUtf8(bytes) : '';
}

/** Why nobody can be called with a `caBundle`; undefined: it will do. */
export function bundleProblem(bundle: string | undefined): string | undefined {
  const pem = authoritiesIn(bundle);
  if (pem === '' || certificateIn(pem)) return undefined;
  const why =
    pemBlocks('CERTIFICATE', pem).length > 0
      ? 'failed to parse certificate: x509: malformed certificate'
      : 'unable to parse bytes as PEM block';
  return `unable to load root certificates: ${why}`;
}

function goDialer(machine: Dialer): Dialer {
  return {
    dial: (target, { connected, failed }) =>
      machine.dial(target, {
        connected,
        failed({ message }) {
          const where = message.startsWith('lookup ') ? 'dial tcp' : `dial tcp ${target.host}:${target.port}`;
          failed({ message: `${where}: ${message}` });
        },
      }),
  };
}
