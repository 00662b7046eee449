// The annotations that shape how an Ingress is served, and the names of those that are not simulated.
import type { Ingress } from '../../../../api/generated/types.ts';

/** Sends a part of the requests to another backend: by header, by cookie, or so many of a hundred. */
export interface Canary {
  readonly weight: number;
  readonly weightTotal: number;
  readonly header: string | undefined;
  readonly headerValue: string | undefined;
  readonly cookie: string | undefined;
}

export interface Annotations {
  readonly rewriteTarget: string | undefined;
  readonly useRegex: boolean;
  /** Undefined: as the controller's own settings say. */
  readonly sslRedirect: boolean | undefined;
  readonly forceSslRedirect: boolean;
  readonly appRoot: string | undefined;
  /** Where all requests are sent to, and with which status. */
  readonly redirect: { readonly to: string; readonly status: number } | undefined;
  readonly canary: Canary | undefined;
  /** HTTP (default) or HTTPS. */
  readonly backendProtocol: string;
}

const prefix = 'nginx.ingress.kubernetes.io/';
const known = new Set([
  ...['rewrite-target', 'use-regex', 'ssl-redirect', 'force-ssl-redirect', 'app-root', 'backend-protocol'],
  ...['permanent-redirect', 'permanent-redirect-code', 'temporal-redirect', 'temporal-redirect-code'],
  ...['canary', 'canary-weight', 'canary-weight-total', 'canary-by-header', 'canary-by-header-value'],
  'canary-by-cookie',
]);

export function annotationsOf({ metadata }: Ingress): Annotations {
  const given = metadata?.annotations ?? {};
  const text = (name: string): string | undefined =>
    Object.hasOwn(given, prefix + name) ? given[prefix + name] : undefined;
  const isTrue = (name: string): boolean => text(name) === 'true';
  const number = (name: string, otherwise: number): number => {
    const value = Number(text(name) ?? otherwise);
    return Number.isInteger(value) ? value : otherwise;
  };
  const [permanent, temporal] = [text('permanent-redirect'), text('temporal-redirect')];
  return {
    rewriteTarget: text('rewrite-target') || undefined,
    useRegex: isTrue('use-regex'),
    sslRedirect: text('ssl-redirect') === undefined ? undefined : isTrue('ssl-redirect'),
    forceSslRedirect: isTrue('force-ssl-redirect'),
    appRoot: text('app-root'),
    redirect: temporal
      ? { to: temporal, status: number('temporal-redirect-code', 302) }
      : permanent
        ? { to: permanent, status: number('permanent-redirect-code', 301) }
        : undefined,
    canary: isTrue('canary')
      ? {
          weight: number('canary-weight', 0),
          weightTotal: number('canary-weight-total', 100),
          header: text('canary-by-header'),
          headerValue: text('canary-by-header-value'),
          cookie: text('canary-by-cookie'),
        }
      : undefined,
    backendProtocol: (text('backend-protocol') ?? 'HTTP').toUpperCase(),
  };
}

/** Annotations of the real controller that the simulated one leaves without effect. */
export function notSimulated({ metadata }: Ingress): readonly string[] {
  const names = Object.keys(metadata?.annotations ?? {}).filter((name) => name.startsWith(prefix));
  const odd = names.filter((name) => !known.has(name.slice(prefix.length)));
  const protocol = metadata?.annotations?.[`${prefix}backend-protocol`];
  return protocol === undefined || /^https?$/i.test(protocol)
    ? odd
    : [...odd, `${prefix}backend-protocol: ${protocol}`];
}
