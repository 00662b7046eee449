// Puts together what the HTTP edge needs of the API server and of the cluster around it.
import type { KubeletApi } from '../../api/kubelet.ts';
import type { Dialer } from '../../base/http.ts';
import type { Scope } from '../sim/scope.ts';
import type { Aggregator } from './aggregator/aggregator.ts';
import type { ApiCore } from './api-core.ts';
import type { HttpServer } from './http.ts';
import { openStream } from './kubelet-streams.ts';
import { RequestCounts } from './metrics.ts';
import type { OpenApiDocuments } from './openapi-documents.ts';

/** What an API server reaches others by. */
export interface Surroundings {
  readonly scope: Scope;
  /** The kubelet of a node, as far as it can be reached. */
  kubelets?(node: string): KubeletApi | undefined;
  /** The machine that it runs on, for what it connects to itself. */
  dialer?(): Dialer | undefined;
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
    counts: new RequestCounts(),
    nowMs: () => scope.now,
    after: (delayMs, then) => scope.schedule(delayMs, then),
    auditId: () => audit.uuid(),
    stream: openStream({ api, kubelets }),
    proxy: {
      api,
      kubelets,
      now: () => scope.now,
      dialer: () => around.dialer?.(),
      random: scope.random('apiserver/proxy'),
    },
  };
}
