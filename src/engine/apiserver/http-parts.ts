// Puts together what the HTTP edge needs of the API server and of the cluster around it.
import type { KubeletApi } from '../../api/kubelet.ts';
import type { ApiRequest } from '../../api/request.ts';
import { separators } from '../../api/zpages.ts';
import type { Dialer } from '../../base/http.ts';
import { late } from '../../base/late.ts';
import type { Scope, Stop } from '../sim/scope.ts';
import type { Aggregator } from './aggregator/aggregator.ts';
import type { ApiCore } from './api-core.ts';
import type { HttpSink } from './http-sink.ts';
import type { OpenApiDocuments } from './openapi-documents.ts';
import type { ProxyReach } from './proxy/proxy.ts';
import type { ResourceRoute, Target } from './router.ts';

const code = late('the HTTP edge', () => import('./http-edge.ts'));

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
  /** Opens logs, proxies and the like; see kubelet-streams.ts. */
  readonly stream: (route: ResourceRoute, target: Target, request: ApiRequest, sink: HttpSink) => Stop | undefined;
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
    stream: (...asked) => code().openStream({ api, kubelets })(...asked),
    proxy: {
      api,
      kubelets,
      now: () => scope.now,
      dialer: () => around.dialer?.(),
      random: scope.random('apiserver/proxy'),
    },
  };
}
