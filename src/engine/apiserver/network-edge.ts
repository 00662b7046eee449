// The API server as programs in the cluster reach it: HTTPS on the simulated network.
import type { Listener } from '../../api/network.ts';
import { late } from '../../base/late.ts';
import { decodePem } from '../../base/pem.ts';
import { tlsListener } from '../../base/tls.ts';
import type { Edge } from './network-connection.ts';

/** A cluster begins without programs that would connect. */
const code = late("the API server's connections", () => import('./network-connection.ts'));

/** `certificate` is what the server shows, in PEM; `edge` is undefined while it does not run. */
export function networkEdge(options: { certificate(): string; edge(): Edge | undefined }): Listener {
  return tlsListener({
    certificate: options.certificate,
    accept(socket, hello, outer) {
      const certificate = hello.certificate && decodePem('CERTIFICATE', hello.certificate);
      const from = { tls: certificate ? { certificate } : {}, remote: outer.remote.ip };
      code().serveConnection(options.edge, { socket, from, hangUp: () => outer.close() });
    },
  });
}
