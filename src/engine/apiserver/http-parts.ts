// Puts together what the HTTP edge needs of the API server and of the cluster around it.
import type { KubeletApi } from '../../api/kubelet.ts';
import { separators } from '../../api/zpages.ts';
import type { Dialer } from '../../base/http.ts';
import type { Scope, Stop } from '../sim/scope.ts';
import type { Aggregator } from './aggregator/aggregator.ts';
import type { ApiCore } from './api-core.ts';
import type { OpenApiDocuments } from './openapi-documents.ts';
import type { ProxyReach } from './proxy/proxy.ts';

export interface HttpServer {
  readonly api: ApiCore;
  readonly nowMs: () => number;
  readonly startedAt: number;
  readonly storageBytes: () => number;
  /** What /statusz and /flagz put between names and values. */
  readonly separator: () => string;
  readonly openApi: OpenApiDocuments;
  readonly aggregator: () => Aggregator;
  readonly proxy: ProxyReach;
  /** One for each request. */
  readonly auditId: () => string;
  /** Calls later. */
  readonly after: (delayMs: number, then: () => void) => Stop;
}

/** What an API server reaches others by. */
export interface Surroundings {
  readonly scope: Scope;
  /** The kubelet of a node, as far as it can be reached. */
  kubelets?(node: string): KubeletApi | undefined;
  /** The machine that it runs on, for what it connects to itself. */
  dialer?(): Dialer | undefined;
  /** How large etcd's database is; default: nothing. */
  storageBytes?(): number;
}

export function httpServerOf(
  api: ApiCore,
  around: Surroundings,
  own: { readonly openApi: OpenApiDocuments; readonly aggregator: () => Aggregator },
): HttpServer {
  const { scope } = around;
  const audit = scope.random('apiserver/audit');
  const kubelets = (node: string): KubeletApi | undefined => around.kubelets?.(node);
  return {
    api,
    ...own,
    nowMs: () => scope.now,
    startedAt: scope.now,
    storageBytes: () => around.storageBytes?.() ?? 0,
    separator: () => scope.random('apiserver/zpages').pick(separators) ?? ':',
    after: (delayMs, then) => scope.schedule(delayMs, then),
    auditId: () => audit.uuid(),
    proxy: {
      api,
      kubelets,
      now: () => scope.now,
      dialer: () => around.dialer?.(),
      random: scope.random('apiserver/proxy'),
    },
  };
}
