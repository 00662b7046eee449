// Where a webhook is called: a service by its cluster address, or a URL; and what the call is named in errors.
import type { AdmissionregistrationWebhookClientConfig, Service } from '../../../../api/generated/types.ts';
import { notFound, serviceUnavailable } from '../../../../api/status.ts';
import type { StoredObject } from '../../../../kinds/kind.ts';
import { authoritiesIn } from '../../secure-dialer.ts';

export interface WebhookAddress {
  /** As upstream's client writes it, without the timeout. */
  readonly url: string;
  readonly path: string;
  /** The Host header's. */
  readonly name: string;
  /** Whom its certificate must name. */
  readonly serverName: string;
  /** PEM of who may have signed that. */
  readonly authorities: string;
  /** Where the connection goes; a text says why nowhere. */
  readonly target: { readonly host: string; readonly port: number } | string;
}

const defaultPort = 443;

export function webhookAddress(
  { service, url, caBundle }: AdmissionregistrationWebhookClientConfig,
  lookups: { get(resource: string, namespace: string, name: string): StoredObject | undefined },
): WebhookAddress {
  const authorities = authoritiesIn(caBundle);
  if (service) {
    const { name, namespace, path = '', port = defaultPort } = service;
    const serverName = `${name}.${namespace}.svc`;
    const host = `${serverName}:${port}`;
    const whole = path.startsWith('/') ? path : `/${path}`;
    const found = lookups.get('services', namespace, name) as Service | undefined; // edge: an object of that resource
    const target = serviceTarget(found, name, port);
    return { url: `https://${host}${whole}`, path: whole, name: host, serverName, authorities, target };
  }
  const [, authority = '', path = '/'] = /^https:\/\/([^/?#]*)([^?#]*)/i.exec(url ?? '') ?? [];
  const [, host = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(authority) ?? [];
  const serverName = host.replace(/^\[|\]$/g, '');
  const target = { host: serverName, port: Number(port ?? defaultPort) };
  const whole = path || '/';
  return { url: `https://${authority}${whole}`, path: whole, name: authority, serverName, authorities, target };
}

/** As kube-apiserver finds services: by cluster address, whoever is behind it. */
function serviceTarget(service: Service | undefined, name: string, port: number): WebhookAddress['target'] {
  if (!service) return notFound({ group: '', resource: 'service' }, name).message;
  const { type, clusterIP = '', externalName = '', ports = [] } = service.spec ?? {};
  if (type === 'ExternalName') return { host: externalName, port };
  if (clusterIP === 'None') return 'cannot route to service with ClusterIP "None"';
  if (!ports.some((each) => each.port === port))
    return serviceUnavailable(`no service port ${port} found for service ${JSON.stringify(name)}`).message;
  return { host: clusterIP, port };
}
