// metrics-server: asks every kubelet what its pods use, every so often, and serves that as metrics.k8s.io/v1beta1 to the
// API server's aggregation layer.
//
// Left out: its own /metrics and OpenAPI; protobuf: it answers in JSON.
import { nodes, pods } from '../../../../api/generated/resources.ts';
import type { Node, Pod } from '../../../../api/generated/types.ts';
import type { Socket } from '../../../../api/network.ts';
import { ApiError } from '../../../../api/status.ts';
import { CertificateAuthority } from '../../../../base/certificate-authority.ts';
import { FileError } from '../../../../base/files.ts';
import { type HttpReply, type HttpRequest, httpListener } from '../../../../base/http.ts';
import { tlsListener } from '../../../../base/tls.ts';
import type { Client } from '../../../client/client.ts';
import { type Informer, InformerFactory } from '../../../client/informer.ts';
import { TransportError } from '../../../client/transport.ts';
import type { Work } from '../../../sim/work.ts';
import { tokenPath } from '../../runtime/service-account.ts';
import { defineImage, type NativeContext, untilStopped } from '../define-image.ts';
import { answerMetrics, askedOf, json, type MetricsApi, statusOf } from './metrics-api.ts';
import { asApiError, RequestGuard, readFrontProxy } from './request-guard.ts';
import { scrape } from './scrape.ts';
import { readSettings, type Settings } from './settings.ts';
import { UsagePoints } from './usage-points.ts';

const usage = { idleMillicores: 4, memoryMebibytes: 17 };

export const metricsServer = defineImage({
  names: ['registry.k8s.io/metrics-server/metrics-server', 'k8s.gcr.io/metrics-server/metrics-server'],
  sizeBytes: 22_516_864,
  entrypoint: ['/metrics-server'],
  usage,
  natives: {
    '/metrics-server': (context) => {
      begin(context);
      return untilStopped(context);
    },
  },
});

function begin(context: NativeContext): void {
  const settings = readSettings(context.argv);
  const token = fileText(context, tokenPath)?.trim();
  const missing = `unable to construct lister client config: open ${tokenPath}: no such file or directory`;
  const client = typeof settings === 'string' ? undefined : context.api(settings.userAgent);
  if (typeof settings === 'string') end(context, settings);
  else if (token === undefined || !client) end(context, missing);
  else new MetricsServer(context, { settings, token, client });
}

function end({ stderr, exit }: NativeContext, problem: string): void {
  stderr(`Error: ${problem}\n`);
  exit(1);
}

const authorityPath = '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt';

function fileText({ files }: NativeContext, path: string): string | undefined {
  try {
    return files().readText(path);
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

interface Running {
  readonly settings: Settings;
  readonly token: string;
  readonly client: Client;
}

class MetricsServer {
  private readonly points: UsagePoints;
  private readonly nodes: Informer<Node>;
  private readonly pods: Informer<Pod>;
  private readonly api: MetricsApi;

  constructor(
    private readonly place: NativeContext,
    private readonly running: Running,
  ) {
    const { scope } = place;
    const informers = new InformerFactory(scope, running.client);
    this.points = new UsagePoints(running.settings.resolutionMs);
    this.nodes = informers.informer(nodes);
    this.pods = informers.informer(pods);
    const { points } = this;
    this.api = { points, nodes: this.nodes.lister, pods: this.pods.lister, now: () => scope.now };
    this.log('I', 'serving.go:380', 'Generated self-signed cert (/tmp/apiserver.crt, /tmp/apiserver.key)');
    scope.spawn(this.run(informers));
  }

  private *run(informers: InformerFactory): Work<void> {
    const { scope } = this.place;
    const { client, settings } = this.running;
    try {
      const frontProxy = yield* readFrontProxy(client);
      const guard = new RequestGuard(scope, client, frontProxy);
      yield* informers.waitForSync();
      this.listen(guard);
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof TransportError)) throw error;
      end(this.place, error.message);
      return;
    }
    const round = (): void => void scope.spawn(this.scrape());
    round();
    scope.every(settings.resolutionMs, round);
  }

  private *scrape(): Work<void> {
    const { scope, network } = this.place;
    const { settings, token } = this.running;
    const authorities = fileText(this.place, authorityPath) ?? '';
    const failed = ({ metadata }: Node, message: string): void =>
      this.log(
        'E',
        'scraper.go:149',
        `"Failed to scrape node" err=${JSON.stringify(message)} node="${metadata?.name}"`,
      );
    const batch = yield* scrape({ scope, network, settings, token, authorities, failed }, [
      ...this.nodes.lister.list(),
    ]);
    this.points.store(batch);
  }

  private listen(guard: RequestGuard): void {
    const { scope, network, hostname } = this.place;
    const { port } = this.running.settings;
    const authority = new CertificateAuthority({
      seed: `metrics-server/${hostname}`,
      name: 'localhost-ca',
      since: scope.now,
    });
    let certificate: string | undefined;
    const listener = tlsListener<Socket>({
      certificate: () => {
        const subject = { commonName: 'localhost', organizations: [] };
        certificate ??= authority.issueWithKey({
          subject,
          usages: ['server'],
          names: ['localhost'],
          at: scope.now,
        }).certificate;
        return certificate;
      },
      accept: (socket, hello) =>
        httpListener((request, reply) => {
          const refused = (error: unknown): void => reply(json(asApiError(error).code, statusOf(asApiError(error))));
          scope.run(this.answer(request, guard, hello.certificate), reply, refused);
        }).accept(socket),
    });
    network.listen(port, listener);
    this.log('I', 'secure_serving.go:211', `Serving securely on [::]:${port}`);
  }

  private *answer(request: HttpRequest, guard: RequestGuard, certificate: string | undefined): Work<HttpReply> {
    const health = this.health(request.target.split('?')[0] ?? '');
    if (health) return health;
    yield* guard.check(request, askedOf(request.target), certificate);
    return answerMetrics(this.api, request);
  }

  /** Undefined: the path is none of health's. */
  private health(path: string): HttpReply | undefined {
    if (!['/healthz', '/livez', '/readyz'].includes(path)) return undefined;
    const headers = { 'Content-Type': 'text/plain; charset=utf-8' };
    if (path !== '/readyz' || this.points.ready) return { status: 200, headers, body: 'ok' };
    this.log('I', 'server.go:191', '"Failed probe" probe="metric-storage-ready" err="no metrics to serve"');
    const checks = ['[+]ping ok', '[-]metric-storage-ready failed: reason withheld', '[+]metric-informer-sync ok'];
    return { status: 500, headers, body: `${checks.join('\n')}\nreadyz check failed\n` };
  }

  /** As klog writes: `I1122 21:43:54.123456       1 serving.go:380] …`. */
  private log(level: 'I' | 'E', where: string, text: string): void {
    const at = new Date(Math.floor(this.place.scope.now)).toISOString();
    const stamp = `${at.slice(5, 7)}${at.slice(8, 10)} ${at.slice(11, 23)}000`;
    this.place.stderr(`${level}${stamp}       1 ${where}] ${text}\n`);
  }
}
