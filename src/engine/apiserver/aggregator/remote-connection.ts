// How the API server asks another one: at the service's cluster address, behind TLS, as the front proxy that it is.
//
//   GET /apis/metrics.k8s.io/v1beta1/nodes       ─▶  GET /apis/metrics.k8s.io/v1beta1/nodes at 10.96.12.3:443
//   of kubernetes-admin                               X-Remote-User: kubernetes-admin
//                                                     X-Remote-Group: system:masters …
import type { Service } from '../../../api/generated/types.ts';
import type { KubeRequest } from '../../../api/ports.ts';
import type { UserInfo } from '../../../api/request.ts';
import { serviceUnavailable } from '../../../api/status.ts';
import type { CertificateAuthority } from '../../../base/certificate-authority.ts';
import { type Dialer, type HttpResponse, httpGet } from '../../../base/http.ts';
import { type ExchangeEvents, exchange } from '../../../base/http-exchange.ts';
import type { Scope, Stop } from '../../sim/scope.ts';
import type { ChannelInput, ChannelSink } from '../channels.ts';
import { upgradeHeaders } from '../proxy/messages.ts';
import { openTunnel } from '../proxy/tunnel.ts';
import type { ResourceStorage } from '../resource-storage.ts';
import { secureDialer } from '../secure-dialer.ts';
import type { RemoteApi } from './remote-api.ts';

export interface ConnectionParts {
  readonly scope: Scope;
  /** The machine that the API server runs on; undefined where it has no network. */
  dialer(): Dialer | undefined;
  storage(place: string): ResourceStorage;
  /** Signs the certificate that it shows. */
  readonly authority: CertificateAuthority;
}

export interface RemoteRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly user: UserInfo;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  /** Nobody wants to hear of it. */
  readonly quiet?: boolean;
}

interface Address {
  readonly host: string;
  readonly port: number;
}

const noRoute = 'connect: no route to host';

export class RemoteConnection {
  private certificate: string | undefined;

  constructor(private readonly parts: ConnectionParts) {}

  /** `host:port` of the service's cluster address; undefined: it has none. */
  address(api: RemoteApi): Address | undefined {
    const { namespace, service: name, port } = api;
    const found = this.parts.storage('/services').get(`${namespace}/${name}`);
    const { spec }: Service = (found ?? {}) as Service; // edge: an object of the services resource
    const host = spec?.type === 'ExternalName' ? spec.externalName : spec?.clusterIP;
    return host && host !== 'None' ? { host, port } : undefined;
  }

  /** One request and its answer. Returns how to give up. */
  ask(
    api: RemoteApi,
    request: RemoteRequest,
    events: { response(response: HttpResponse): void; failed(message: string): void },
  ): Stop {
    const way = this.wayTo(api);
    if (!way) return this.parts.scope.schedule(0, () => events.failed(noRoute));
    const { method, path, body, quiet = false } = request;
    return httpGet(way.dialer, { ...way.address, method, path, body, quiet, headers: headersOf(request) }, events);
  }

  /** As ask, for an answer that is told as it comes. */
  exchange(api: RemoteApi, request: RemoteRequest, events: Omit<ExchangeEvents, 'upgraded'>): Stop {
    const way = this.wayTo(api);
    if (!way) return this.parts.scope.schedule(0, () => events.failed(noRoute));
    const { method, path, body } = request;
    const target = { ...way.address, method, path, body, headers: headersOf(request) };
    return exchange(way.dialer, target, { ...events, upgraded: (connection) => connection.close() });
  }

  /** Takes a client's upgrade on. */
  tunnel(
    api: RemoteApi,
    { request, user }: { readonly request: KubeRequest; readonly user: UserInfo },
    sink: ChannelSink,
  ): ChannelInput {
    const way = this.wayTo(api);
    if (!way) throw serviceUnavailable(`error trying to reach service: ${noRoute}`);
    const { method, path, headers: { host: _, ...headers } = {} } = request;
    const target = { ...way.address, method, path, headers: headersOf({ user, headers: upgradeHeaders(headers) }) };
    return openTunnel(way.dialer, target, sink, (message) =>
      serviceUnavailable(`error trying to reach service: ${message}`),
    );
  }

  /** Undefined: there is none. */
  private wayTo(api: RemoteApi): { readonly address: Address; readonly dialer: Dialer } | undefined {
    const address = this.address(api);
    const machine = this.parts.dialer();
    if (!address || !machine) return undefined;
    const dialer = secureDialer(machine, {
      serverName: `${api.service}.${api.namespace}.svc`,
      authorities: api.authorities,
      certificate: this.proxyCertificate(),
      now: () => this.parts.scope.now,
    });
    return { address, dialer };
  }

  private proxyCertificate(): string {
    this.certificate ??= this.parts.authority.issueWithKey({
      subject: { commonName: 'front-proxy-client', organizations: [] },
      usages: ['client'],
      at: this.parts.authority.origin.since,
    }).certificate;
    return this.certificate;
  }
}

function headersOf({ headers, user }: Pick<RemoteRequest, 'headers' | 'user'>): Readonly<Record<string, string>> {
  return { ...headers, ...identityHeaders(user) };
}

function identityHeaders({ name, groups, extra = {} }: UserInfo): Readonly<Record<string, string>> {
  const extras = Object.entries(extra).map(
    ([key, values]) => [`X-Remote-Extra-${encodeURIComponent(key)}`, values.join('\n')] as const,
  );
  return {
    'X-Remote-User': name,
    ...(groups.length > 0 && { 'X-Remote-Group': groups.join('\n') }),
    ...Object.fromEntries(extras),
  };
}
