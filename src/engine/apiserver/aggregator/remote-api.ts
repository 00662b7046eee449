// One group and version that another server answers for, as its APIService says.
import type { APIService } from '../../../api/generated/types.ts';
import type { CatalogResource } from '../../../kinds/catalog.ts';
import { authoritiesIn } from '../secure-dialer.ts';

export interface RemoteApi {
  readonly group: string;
  readonly version: string;
  /** Of the service in front of it. */
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
  /** PEM of who signs its certificate; undefined: anything will do. */
  readonly authorities: string | undefined;
  readonly groupPriority: number;
  readonly versionPriority: number;
  readonly available: boolean;
}

/** What discovery has found behind it. */
export interface RemoteDiscovery {
  readonly resources: readonly CatalogResource[];
  /** It could not be asked the last time. */
  readonly stale: boolean;
}

/** Undefined: the API server answers for it itself. */
export function remoteApiOf({ spec, status }: APIService): RemoteApi | undefined {
  if (!spec?.service) return undefined;
  const { namespace = '', name = '', port = 443 } = spec.service;
  return {
    group: spec.group ?? '',
    version: spec.version ?? '',
    namespace,
    service: name,
    port,
    authorities: spec.insecureSkipTLSVerify ? undefined : authoritiesIn(spec.caBundle),
    groupPriority: spec.groupPriorityMinimum,
    versionPriority: spec.versionPriority,
    available: status?.conditions?.some(({ type, status: is }) => type === 'Available' && is === 'True') ?? false,
  };
}

export function apiServiceName({ group, version }: Pick<RemoteApi, 'group' | 'version'>): string {
  return `${version}.${group}`;
}
