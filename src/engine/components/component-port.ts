// The port at which a controller manager or a scheduler answers: anybody for its health; who may read them for its
// metrics, its configuration and what else it tells of itself.
import type { Listener, NetworkHost, Socket } from '../../api/network.ts';
import { acceptedZPage, separators, zPage } from '../../api/zpages.ts';
import { CertificateAuthority } from '../../base/certificate-authority.ts';
import { type HttpReply, type HttpRequest, httpListener } from '../../base/http.ts';
import type { JsonValue } from '../../base/json.ts';
import { metricsText, metricsType } from '../../base/metrics-text.ts';
import { goVersion, startTime } from '../../base/process-metrics.ts';
import { tlsListener } from '../../base/tls.ts';
import { Client } from '../client/client.ts';
import type { Meter } from '../client/meter.ts';
import { meterText } from '../client/meter-families.ts';
import { type Link, Transport } from '../client/transport.ts';
import type { Flags } from '../flags/component-flags.ts';
import { statusOf } from '../node/images/metrics-server/metrics-api.ts';
import { asApiError, RequestGuard } from '../node/images/metrics-server/request-guard.ts';
import type { Work } from '../sim/work.ts';
import { configurationOf } from './configurations.ts';
import { controllerFacts } from './controller-facts.ts';
import { managerFamilies } from './controller-manager-families.ts';
import { allFlags } from './flag-defaults.ts';
import { podResourceText } from './pod-resource-text.ts';

export interface Component {
  readonly name: 'kube-controller-manager' | 'kube-scheduler';
  readonly meter: Meter;
  readonly network: Pick<NetworkHost, 'ips'>;
  readonly flags: Flags;
  readonly link: Link;
}

/** Answers whoever connects. */
export function componentListener(component: Component): Listener {
  const { name, flags, link, meter, network } = component;
  const { scope } = meter;
  const user = { name: `system:${name}`, groups: ['system:authenticated'] };
  const client = new Client(new Transport(scope, link, undefined, meter.calls), {
    user,
    userAgent: `${name}/v1.36.2`,
  });
  const guard = new RequestGuard(scope, client, { authority: '', allowedNames: [] });
  const isLocal = flags.get('bind-address')?.startsWith('127.') ?? false;
  let certificate: string | undefined;
  return tlsListener<Socket>({
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
          reply(objectReply(request, statusOf(problem), problem.code));
        };
        scope.run(answer(component, request, guard), reply, refused);
      }).accept(socket);
    },
  });
}

const textHeaders = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };
const notFound: HttpReply = { status: 404, headers: textHeaders, body: '404 page not found\n' };

function* answer(component: Component, request: HttpRequest, guard: RequestGuard): Work<HttpReply> {
  const [path = '/'] = request.target.split('?');
  const { name, meter, flags } = component;
  if (!isAlwaysAllowed(flags, path)) yield* guard.check(request, undefined, undefined);
  const checked = healthReply(component, request.target);
  if (checked) return checked;
  const accept = request.headers.get('accept') ?? '';
  const metrics = (body: string): HttpReply => ({
    status: 200,
    headers: {
      'Content-Type': metricsType(accept),
      'Process-Start-Time-Unix': String(Math.floor(meter.startedAt / 1000)),
    },
    body,
  });
  switch (path) {
    case '/metrics':
      return metrics(ownMetrics(component));
    case '/metrics/slis':
      return metrics(metricsText([startTime('[ALPHA] ', meter.startedAt)]));
    case '/metrics/resources':
      return name === 'kube-scheduler' ? metrics(podResourceText(meter.informers)) : notFound;
    case '/configz':
      return objectReply(request, configurationOf(name, flags));
    case '/statusz':
    case '/flagz':
      return aboutReply(component, path === '/statusz' ? 'Statusz' : 'Flagz', accept);
    default:
      return notFound;
  }
}

/** --authorization-always-allow-paths: those that end with a star stand for all that begin so. */
function isAlwaysAllowed(flags: Flags, path: string): boolean {
  const paths = (flags.get('authorization-always-allow-paths') ?? '/healthz,/readyz,/livez').split(',');
  return paths.some((each) => (each.endsWith('*') ? path.startsWith(each.slice(0, -1)) : path === each));
}

const memoryBytes = { 'kube-controller-manager': 92e6, 'kube-scheduler': 58e6 };

function ownMetrics({ name, meter, flags, link }: Component): string {
  const metered = {
    meter,
    host: link.address,
    flags,
    memoryBytes: memoryBytes[name],
    queueName: (controller: string) => controllerFacts(controller)?.queue,
  };
  return meterText(metered, name === 'kube-controller-manager' ? managerFamilies(meter) : []);
}

/** The checks of each of a component's health paths. */
function checksOf({ name, meter, flags }: Component, kind: string): readonly string[] | undefined {
  const election = flags.get('leader-elect') === 'false' ? [] : ['leaderElection'];
  if (name === 'kube-controller-manager') {
    if (kind !== 'healthz') return undefined;
    return [...election, ...[...meter.queues.keys()].flatMap((own) => controllerFacts(own)?.name ?? []).sort()];
  }
  if (kind === 'healthz') return election.length > 0 ? election : ['ping'];
  if (kind === 'livez') return ['ping'];
  return kind === 'readyz' ? [...election, 'shutdown', 'sched-handler-sync'] : undefined;
}

/** Undefined: the path is not about health. */
function healthReply(component: Component, target: string): HttpReply | undefined {
  const [path = '', query = ''] = target.split('?');
  const [, kind = '', ...rest] = path.split('/');
  const checks = checksOf(component, kind);
  if (!checks) return undefined;
  const asked = rest.join('/');
  if (asked !== '') return checks.includes(asked) ? { status: 200, headers: textHeaders, body: 'ok' } : notFound;
  const parameters = query.split('&').map((part) => part.split('='));
  if (!parameters.some(([name]) => name === 'verbose')) return { status: 200, headers: textHeaders, body: 'ok' };
  const excluded = new Set(parameters.flatMap(([name, value = '']) => (name === 'exclude' ? [value] : [])));
  const lines = checks.map((check) => `[+]${check} ${excluded.has(check) ? 'excluded: ' : ''}ok\n`);
  return { status: 200, headers: textHeaders, body: `${lines.join('')}${kind} check passed\n` };
}

function aboutReply({ name, meter, flags }: Component, page: 'Statusz' | 'Flagz', accept: string): HttpReply {
  const { scope, startedAt } = meter;
  const health = name === 'kube-scheduler' ? ['/healthz', '/livez', '/readyz'] : ['/healthz'];
  const facts = {
    component: name,
    startedAt,
    now: scope.now,
    goVersion,
    paths: ['/configz', '/flagz', ...health, '/metrics'],
    flags: allFlags(name, flags),
    separator: scope.random(`${name}/zpages`).pick(separators) ?? ':',
  };
  const wanted = acceptedZPage(accept, page);
  const shown = zPage(page, facts, wanted);
  if (shown.kind === 'text')
    return { status: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: shown.text };
  const headers = { 'Content-Type': `application/json;g=config.k8s.io;v=${wanted};as=${page}` };
  return { status: 200, headers, body: `${JSON.stringify(shown.value, null, 2)}\n` };
}

/** Indented for people. */
function objectReply({ headers }: HttpRequest, value: JsonValue, status = 200): HttpReply {
  const pretty = /^(curl|Wget|Mozilla\/5\.0)/.test(headers.get('user-agent') ?? '');
  return {
    status,
    headers: {
      'Cache-Control': 'no-cache, private',
      'Content-Type': 'application/json',
      ...(status !== 401 && { 'X-Content-Type-Options': 'nosniff' }),
    },
    body: pretty && status >= 400 ? JSON.stringify(value, null, 2) : `${JSON.stringify(value)}\n`,
  };
}

/** By an authority that nobody else knows, as where --tls-cert-file is not given. */
function selfSigned(at: number): string {
  const name = `localhost@${Math.floor(at / 1000)}`;
  const authority = new CertificateAuthority({ seed: name, name: `${name}-ca`, since: at });
  const subject = { commonName: name, organizations: [] };
  return authority.issueWithKey({ subject, usages: ['server'], names: ['localhost'], at }).certificate;
}
