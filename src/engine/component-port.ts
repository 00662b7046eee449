// The port at which a controller manager or a scheduler in a pod answers: anybody for its health, for its metrics those
// who may read them.
import type { Socket } from '../api/network.ts';
import { CertificateAuthority } from '../base/certificate-authority.ts';
import { type HttpReply, type HttpRequest, httpListener } from '../base/http.ts';
import { metricsText } from '../base/metrics-text.ts';
import { tlsListener } from '../base/tls.ts';
import { Client } from './client/client.ts';
import { type Link, Transport } from './client/transport.ts';
import type { Flags } from './flags/component-flags.ts';
import { json, statusOf } from './node/images/metrics-server/metrics-api.ts';
import { asApiError, RequestGuard } from './node/images/metrics-server/request-guard.ts';
import type { ComponentPlace } from './node/runtime/container-config.ts';
import type { Work } from './sim/work.ts';

interface Component {
  readonly name: 'kube-controller-manager' | 'kube-scheduler';
  /** Where it answers unless --secure-port says otherwise. */
  readonly port: number;
  readonly flags: Flags;
  readonly link: Link;
}

export function openComponentPort(place: ComponentPlace, component: Component): void {
  const { scope, network } = place;
  const { name, flags, link } = component;
  const port = Number(flags.get('secure-port') ?? component.port);
  if (port === 0) return;
  const user = { name: `system:${name}`, groups: ['system:authenticated'] };
  const client = new Client(new Transport(scope, link), { user, userAgent: `${name}/v1.36.2` });
  const guard = new RequestGuard(scope, client, { authority: '', allowedNames: [] });
  const isLocal = flags.get('bind-address')?.startsWith('127.') ?? false;
  let certificate: string | undefined;
  const listener = tlsListener<Socket>({
    certificate: () => {
      certificate ??= selfSigned(scope.now);
      return certificate;
    },
    accept(socket, _hello, { remote: { ip } }) {
      if (isLocal && !ip.startsWith('127.') && !network.ips.includes(ip)) {
        socket.close();
        return;
      }
      httpListener((request, reply) => {
        const refused = (error: unknown): void => {
          const problem = asApiError(error);
          reply(json(problem.code, statusOf(problem)));
        };
        scope.run(answer(request, guard), reply, refused);
      }).accept(socket);
    },
  });
  const stop = network.listen(port, listener);
  if (stop) scope.onStop(stop);
}

const healthPaths: ReadonlySet<string> = new Set(['/healthz', '/livez', '/readyz']);
const textHeaders = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };

function* answer(request: HttpRequest, guard: RequestGuard): Work<HttpReply> {
  const path = request.target.split('?')[0] ?? '/';
  if (healthPaths.has(path)) return { status: 200, headers: textHeaders, body: 'ok' };
  yield* guard.check(request, undefined, undefined);
  if (path !== '/metrics') return { status: 404, headers: textHeaders, body: '404 page not found\n' };
  const headers = { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' };
  return { status: 200, headers, body: metricsOf() };
}

function metricsOf(): string {
  const series = [{ labels: 'git_version="v1.36.2",major="1",minor="36"', value: 1 }];
  return metricsText([
    { name: 'kubernetes_build_info', type: 'gauge', help: '[ALPHA] What this is; always 1.', series },
  ]);
}

/** By an authority that nobody else knows, as where --tls-cert-file is not given. */
function selfSigned(at: number): string {
  const name = `localhost@${Math.floor(at / 1000)}`;
  const authority = new CertificateAuthority({ seed: name, name: `${name}-ca`, since: at });
  const subject = { commonName: name, organizations: [] };
  return authority.issueWithKey({ subject, usages: ['server'], names: ['localhost'], at }).certificate;
}
