// The ingress controller: watches Ingresses and what they name with its service account's rights, makes a configuration
// of them, and serves HTTP and HTTPS by it.
import {
  configMaps,
  endpointSlices,
  ingressClasses,
  ingresses,
  pods,
  secrets,
  services,
} from '../../../../api/generated/resources.ts';
import type { ConfigMap, Ingress, IngressClass } from '../../../../api/generated/types.ts';
import type { Socket } from '../../../../api/network.ts';
import { FileError } from '../../../../base/files.ts';
import { httpListener } from '../../../../base/http.ts';
import { tlsListener } from '../../../../base/tls.ts';
import type { Client } from '../../../client/client.ts';
import { EventRecorder } from '../../../client/events.ts';
import { type Informer, InformerFactory } from '../../../client/informer.ts';
import { keyOf } from '../../../client/store.ts';
import type { Work } from '../../../sim/work.ts';
import type { NativeContext, NativeProgram } from '../define-image.ts';
import { text } from '../web-server.ts';
import { reviewIngress } from './admission.ts';
import { notSimulated } from './annotations.ts';
import { Certificates } from './certificates.ts';
import { type Configuration, configurationOf } from './configuration.ts';
import { controllerLog, type Log } from './controller-log.ts';
import { indexSlices, readyEndpoints } from './endpoints.ts';
import { publishStatus } from './ingress-status.ts';
import { ReverseProxy } from './reverse-proxy.ts';
import { type Arguments, argumentsOf, type Settings, settingsOf } from './settings.ts';

const userAgent = 'nginx-ingress-controller/v1.14.1';
/** Until nginx has read a new configuration. */
const reloadMs = 400;

export const ingressController: NativeProgram = (context) => {
  const log = controllerLog(context);
  const client = context.api(userAgent);
  if (!client) {
    log.say('F', 'main.go:84', 'Error while initiating a connection to the Kubernetes API server: no token');
    context.exit(255);
    return { signal() {} };
  }
  log.banner();
  const controller = new Controller(context, client, log);
  context.scope.spawn(controller.run());
  return {
    signal(signal) {
      if (signal !== 'SIGTERM' && signal !== 'SIGQUIT' && signal !== 'SIGINT') return;
      log.say('I', 'main.go:148', '"Received SIGTERM, shutting down"');
      context.scope.spawn(controller.shutDown());
    },
  };
};

class Controller {
  private readonly given: Arguments;
  private readonly informers: InformerFactory;
  private readonly events: EventRecorder;
  private readonly ingresses: Informer<Ingress>;
  private readonly classes: Informer<IngressClass>;
  private readonly maps: Informer<ConfigMap>;
  private configuration: Configuration = configurationOf([]);
  private settings: Settings = settingsOf(undefined);
  private reloads = false;
  private loaded = false;
  private unpublish: (() => Work<void>) | undefined;

  constructor(
    private readonly context: NativeContext,
    private readonly client: Client,
    private readonly log: Log,
  ) {
    const { scope, argv, env } = context;
    this.given = argumentsOf(argv, env);
    const within = this.given.watchNamespace === undefined ? {} : { namespace: this.given.watchNamespace };
    this.informers = new InformerFactory(scope.child('informers'), client);
    this.events = new EventRecorder(scope, client, { component: 'nginx-ingress-controller' });
    this.ingresses = this.informers.informer(ingresses, within);
    this.classes = this.informers.informer(ingressClasses);
    this.maps = this.informers.informer(configMaps, within);
  }

  *run(): Work<void> {
    const { context, informers, given } = this;
    const slices = informers.informer(endpointSlices);
    const serviceLister = informers.informer(services).lister;
    indexSlices(slices);
    const certificates = new Certificates(context.scope, informers.informer(secrets).lister, given.defaultCertificate);
    yield* informers.waitForSync();
    this.watch();
    const proxy = new ReverseProxy({
      context,
      random: context.scope.random(`${context.scope.name}/proxy`),
      configuration: () => this.configuration,
      settings: () => this.settings,
      endpoints: (backend) => readyEndpoints(backend, serviceLister, slices.lister),
    });
    this.serve(proxy, certificates);
    this.unpublish = publishStatus({
      scope: context.scope,
      client: this.client,
      events: this.events,
      given,
      log: this.log,
      services: serviceLister,
      ingresses: () => this.own(),
    });
  }

  *shutDown(): Work<void> {
    if (this.unpublish) yield* this.unpublish();
    this.log.say('I', 'main.go:163', '"Handled quit, controller stopped"');
    this.context.exit(0);
  }

  /** The Ingresses that this controller serves. */
  private own(): readonly Ingress[] {
    return [...this.ingresses.lister.list()].filter((ingress) => this.isOwn(ingress));
  }

  private isOwn({ spec, metadata }: Ingress): boolean {
    const { ingressClass, controllerClass, withoutClass } = this.given;
    const annotated = metadata?.annotations?.['kubernetes.io/ingress.class'];
    if (annotated !== undefined) return annotated === ingressClass;
    if (spec?.ingressClassName === undefined) return withoutClass;
    return this.classes.lister.get(spec.ingressClassName)?.spec?.controller === controllerClass;
  }

  private watch(): void {
    const changed = (): void => this.reloadSoon();
    const told = (ingress: Ingress): void => {
      if (this.isOwn(ingress)) this.tell(ingress);
      else this.log.ignored(keyOf(ingress), ingress.spec?.ingressClassName);
      changed();
    };
    this.ingresses.on({ added: told, updated: told, deleted: changed });
    this.classes.on({ added: changed, updated: changed, deleted: changed });
    this.maps.on({ added: changed, updated: changed, deleted: changed });
    this.reload();
  }

  private tell(ingress: Ingress): void {
    this.log.found(keyOf(ingress), ingress.spec?.ingressClassName ?? this.given.ingressClass);
    for (const name of notSimulated(ingress))
      this.log.say('W', 'annotations.go:94', `ingress ${keyOf(ingress)}: the simulator gives ${name} no effect`);
    const message = 'Scheduled for sync';
    const as = { kind: 'Ingress', apiVersion: 'networking.k8s.io/v1' };
    this.events.record(ingress, { type: 'Normal', reason: 'Sync', message }, as);
  }

  private reloadSoon(): void {
    if (this.reloads) return;
    this.reloads = true;
    this.context.scope.schedule(reloadMs, () => this.reload());
  }

  private reload(): void {
    this.reloads = false;
    this.settings = settingsOf(this.maps.lister.get(this.given.configMap ?? ''));
    const made = configurationOf(this.own());
    if (this.loaded && JSON.stringify([...made]) === JSON.stringify([...this.configuration])) return;
    this.loaded = true;
    this.configuration = made;
    this.log.say('I', 'controller.go:196', '"Configuration changes detected, backend reload required"');
    this.log.say('I', 'controller.go:216', '"Backend successfully reloaded"');
    this.context.scope.spawn(this.tellReload());
  }

  private *tellReload(): Work<void> {
    const { podName: name, podNamespace: namespace } = this.given;
    if (name === '') return;
    const pod = yield* this.client.get(pods, { namespace, name });
    const message = 'NGINX reload triggered due to a change in configuration';
    this.events.record(pod, { type: 'Normal', reason: 'RELOAD', message }, { kind: 'Pod', apiVersion: 'v1' });
  }

  private serve(proxy: ReverseProxy, certificates: Certificates): void {
    const { network } = this.context;
    const { httpPort, httpsPort, healthPort, webhookPort } = this.given;
    network.listen(
      httpPort,
      httpListener<Socket>((request, reply, socket) =>
        proxy.handle({ request, scheme: 'http', remoteIp: socket.remote.ip }, reply),
      ),
    );
    network.listen(
      httpsPort,
      tlsListener<Socket>({
        certificate: ({ serverName = '' }) => certificates.of(serverName, this.configuration),
        accept: (socket, _hello, { remote }) =>
          httpListener((request, reply) =>
            proxy.handle({ request, scheme: 'https', remoteIp: remote.ip }, reply),
          ).accept(socket),
      }),
    );
    network.listen(
      healthPort,
      httpListener(({ target }, reply) =>
        reply(target === '/healthz' ? text('ok') : text('404 page not found\n', 404)),
      ),
    );
    if (webhookPort !== undefined)
      network.listen(
        webhookPort,
        tlsListener({
          certificate: () => this.webhookCertificate(),
          accept: (socket) =>
            httpListener(({ body }, reply) =>
              reply(reviewIngress(body, this.own(), (ingress) => this.isOwn(ingress))),
            ).accept(socket),
        }),
      );
  }

  /** Read at each connection: the file is renewed while the controller runs. */
  private webhookCertificate(): string {
    try {
      return this.context.files().readText(this.given.webhookCertificate);
    } catch (error) {
      if (error instanceof FileError) return '';
      throw error;
    }
  }
}
