// What the controller's ConfigMap and its command line say.
import type { ConfigMap } from '../../../../api/generated/types.ts';
import { flagOf } from '../web-server.ts';

/** Of the ConfigMap; the rest of its keys is left without effect. */
export interface Settings {
  readonly sslRedirect: boolean;
  /** The header's value; undefined: none is sent. */
  readonly hsts: string | undefined;
}

export function settingsOf(map: ConfigMap | undefined): Settings {
  const data = map?.data ?? {};
  const seconds = data['hsts-max-age'] ?? '31536000';
  const below = data['hsts-include-subdomains'] === 'false' ? '' : '; includeSubDomains';
  return {
    sslRedirect: data['ssl-redirect'] !== 'false',
    hsts: data.hsts === 'false' ? undefined : `max-age=${seconds}${below}`,
  };
}

/** The command line, and what the pod tells of itself. */
export interface Arguments {
  readonly controllerClass: string;
  readonly ingressClass: string;
  readonly withoutClass: boolean;
  /** `namespace/name`. */
  readonly configMap: string | undefined;
  readonly publishService: string | undefined;
  readonly publishAddresses: readonly string[];
  readonly internalNodeIp: boolean;
  readonly electionId: string;
  readonly watchNamespace: string | undefined;
  readonly defaultCertificate: string | undefined;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly healthPort: number;
  readonly webhookPort: number | undefined;
  /** The file that the webhook's certificate is in. */
  readonly webhookCertificate: string;
  readonly podName: string;
  readonly podNamespace: string;
}

export function argumentsOf(argv: readonly string[], env: ReadonlyMap<string, string>): Arguments {
  const text = (name: string): string | undefined => flagOf(argv, name) || undefined;
  const isOn = (name: string): boolean => argv.includes(`--${name}`) || text(name) === 'true';
  const webhook = text('validating-webhook');
  const port = (name: string, otherwise: number): number => Number(text(name) ?? otherwise);
  return {
    controllerClass: text('controller-class') ?? 'k8s.io/ingress-nginx',
    ingressClass: text('ingress-class') ?? 'nginx',
    withoutClass: isOn('watch-ingress-without-class'),
    configMap: text('configmap'),
    publishService: text('publish-service'),
    publishAddresses: text('publish-status-address')?.split(',') ?? [],
    internalNodeIp: isOn('report-node-internal-ip-address'),
    electionId: text('election-id') ?? 'ingress-controller-leader',
    watchNamespace: text('watch-namespace'),
    defaultCertificate: text('default-ssl-certificate'),
    httpPort: port('http-port', 80),
    httpsPort: port('https-port', 443),
    healthPort: port('healthz-port', 10254),
    webhookPort: webhook === undefined ? undefined : Number(webhook.split(':').at(-1)),
    webhookCertificate: text('validating-webhook-certificate') ?? '',
    podName: env.get('POD_NAME') ?? '',
    podNamespace: env.get('POD_NAMESPACE') ?? '',
  };
}
