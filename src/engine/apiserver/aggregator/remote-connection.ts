// How the API server asks another one: at the service's cluster address, behind TLS, as the front proxy that it is.
//
//   GET /apis/metrics.k8s.io/v1beta1/nodes       ─▶  GET /apis/metrics.k8s.io/v1beta1/nodes at 10.96.12.3:443
//   of kubernetes-admin                               X-Remote-User: kubernetes-admin
//                                                     X-Remote-Group: system:masters …
//
// Left out: watches and upgrades through it: an answer arrives once it is whole.
import type { Service } from '../../../api/generated/types.ts';
import type { UserInfo } from '../../../api/request.ts';
import type { CertificateAuthority } from '../../../base/certificate-authority.ts';
import { type Dialer, type HttpResponse, httpGet } from '../../../base/http.ts';
import type { Scope, Stop } from '../../sim/scope.ts';
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

export class RemoteConnection {
  private certificate: string | undefined;

  constructor(private readonly parts: ConnectionParts) {}

  /** `host:port` of the service's cluster address; undefined: it has none. */
  address(api: RemoteApi): { readonly host: string; readonly port: number } | undefined {
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
    const { scope } = this.parts;
    const address = this.address(api);
    const machine = this.parts.dialer();
    if (!address || !machine) return scope.schedule(0, () => events.failed('connect: no route to host'));
    const dialer = secureDialer(machine, {
      serverName: `${api.service}.${api.namespace}.svc`,
      authorities: api.authorities,
      certificate: this.proxyCertificate(),
      now: () => scope.now,
    });
    const { method, path, user, headers, body, quiet = false } = request;
    return httpGet(
      dialer,
      { ...address, method, path, body, quiet, headers: { ...headers, ...identityHeaders(user) } },
      events,
    );
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
