// What a kube-proxy answers, without TLS: its health to everybody, its metrics and configuration on its machine.
import { endpointSlices, services } from '../../api/generated/resources.ts';
import type { Listener } from '../../api/network.ts';
import { separators, zPage } from '../../api/zpages.ts';
import { type HttpReply, httpListener } from '../../base/http.ts';
import type { JsonObject } from '../../base/json.ts';
import { exponentialBounds, Histogram } from '../../base/metric-counts.ts';
import { counter, gauge, labelText, type MetricFamily, metricsText, metricsType } from '../../base/metrics-text.ts';
import { goVersion, startTime } from '../../base/process-metrics.ts';
import { formatTime } from '../../base/time.ts';
import type { Meter } from '../client/meter.ts';
import { meterText } from '../client/meter-families.ts';

export interface ProxyParts {
  readonly meter: Meter;
  /** Where its API server is. */
  readonly server: string;
  /** Whether 10249 is for its machine alone. */
  readonly local: boolean;
  /** Addresses of the machine. */
  readonly ips: readonly string[];
  /** Answers on 10256 so far, by their code. */
  readonly healthAnswers: Map<number, number>;
}

const flags = new Map([['config', '/var/lib/kube-proxy/config.conf']]);

/** 10249. */
export function proxyMetricsListener(parts: ProxyParts): Listener {
  const listener = httpListener(({ target, headers }, reply) => {
    const accept = headers.get('accept') ?? '';
    reply(answer(parts, target.split('?')[0] ?? '/', accept));
  });
  return {
    accept(socket) {
      const { ip } = socket.remote;
      if (parts.local && !ip.startsWith('127.') && !parts.ips.includes(ip)) socket.close();
      else listener.accept(socket);
    },
  };
}

/** 10256. */
export function proxyHealthListener({ meter, healthAnswers }: ProxyParts): Listener {
  return httpListener(({ target }, reply) => {
    const path = target.split('?')[0];
    if (path !== '/healthz' && path !== '/livez') {
      reply(notFound);
      return;
    }
    if (path === '/healthz') healthAnswers.set(200, (healthAnswers.get(200) ?? 0) + 1);
    const now = formatTime(meter.scope.now).replace('T', ' ').replace('Z', ' +0000 UTC');
    const more = path === '/healthz' ? { nodeEligible: true } : {};
    const headers = { 'Content-Type': 'application/json', 'X-Content-Type-Options': 'nosniff' };
    reply({ status: 200, headers, body: JSON.stringify({ lastUpdated: now, currentTime: now, ...more }) });
  });
}

const textHeaders = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };
const notFound: HttpReply = { status: 404, headers: textHeaders, body: '404 page not found\n' };

function answer(parts: ProxyParts, path: string, accept: string): HttpReply {
  const { meter, server } = parts;
  const metrics = (body: string): HttpReply => ({
    status: 200,
    headers: { 'Content-Type': metricsType(accept) },
    body,
  });
  switch (path) {
    case '/healthz':
      return { status: 200, headers: textHeaders, body: 'ok' };
    case '/proxyMode':
      return { status: 200, headers: textHeaders, body: 'iptables' };
    case '/metrics': {
      const metered = { meter, host: server, flags, memoryBytes: 42e6, queueName: () => undefined };
      return metrics(meterText(metered, proxyFamilies(parts)));
    }
    case '/metrics/slis':
      return metrics(metricsText([startTime('[ALPHA] ', meter.startedAt)]));
    case '/configz':
      return {
        status: 200,
        headers: { 'Content-Type': 'application/json', 'X-Content-Type-Options': 'nosniff' },
        body: `${JSON.stringify({ 'kubeproxy.config.k8s.io': configurationOf(parts) })}\n`,
      };
    case '/statusz':
    case '/flagz': {
      const facts = {
        component: 'kube-proxy',
        startedAt: meter.startedAt,
        now: meter.scope.now,
        goVersion,
        paths: ['/configz', '/flagz', '/healthz', '/metrics', '/proxyMode', '/statusz'],
        flags,
        separator: separators[0],
      };
      const page = zPage(path === '/statusz' ? 'Statusz' : 'Flagz', facts, undefined);
      return { status: 200, headers: textHeaders, body: page.kind === 'text' ? page.text : '' };
    }
    default:
      return notFound;
  }
}

/** Seconds that writing all rules is taken to need. */
const syncSeconds = 0.04;
/** Rules that each service port and each endpoint are worth. */
const rulesPerService = 6;
const rulesPerEndpoint = 3;

/** Rules are worked out when a connection is made; upstream writes them after each change and every 30 seconds. */
function proxyFamilies({ meter, healthAnswers }: ProxyParts): readonly MetricFamily[] {
  const { scope, startedAt, informers } = meter;
  const known = informers?.known(services)?.size ?? 0;
  let endpoints = 0;
  for (const slice of informers?.known(endpointSlices)?.list() ?? []) endpoints += slice.endpoints?.length ?? 0;
  const syncs = 1 + known + endpoints + Math.floor((scope.now - startedAt) / 30_000);
  const durations = new Histogram(exponentialBounds(0.001, 2, 15));
  durations.observe(syncSeconds, syncs);
  const last = Math.floor((scope.now - ((scope.now - startedAt) % 30_000)) / 1000);
  const family = (name: string, value: number, help: string, type: 'counter' | 'gauge' = 'gauge'): MetricFamily => ({
    name: `kubeproxy_sync_proxy_rules_${name}`,
    help: `[ALPHA] ${help}`,
    type,
    series: [{ labels: labelText({ ip_family: 'IPv4' }), value }],
  });
  const table = (name: string, rules: number) => ({
    labels: labelText({ ip_family: 'IPv4', table: name }),
    value: rules,
  });
  return [
    {
      name: 'kubeproxy_sync_proxy_rules_duration_seconds',
      help: '[ALPHA] SyncProxyRules latency in seconds',
      type: 'histogram',
      series: durations.series(labelText({ ip_family: 'IPv4' })),
    },
    family('endpoint_changes_pending', 0, 'Pending proxy rules Endpoint changes'),
    family('endpoint_changes_total', endpoints, 'Cumulative proxy rules Endpoint changes', 'counter'),
    gauge('kubeproxy_sync_proxy_rules_iptables_total', '[ALPHA] Total number of iptables rules owned by kube-proxy', [
      table('filter', 5 + known),
      table('nat', 8 + known * rulesPerService + endpoints * rulesPerEndpoint),
    ]),
    family('last_queued_timestamp_seconds', last, 'The last time a sync of proxy rules was queued'),
    family('last_timestamp_seconds', last, 'The last time proxy rules were successfully synced'),
    family('service_changes_pending', 0, 'Pending proxy rules Service changes'),
    family('service_changes_total', known, 'Cumulative proxy rules Service changes', 'counter'),
    counter(
      'kubeproxy_proxy_healthz_total',
      '[ALPHA] Cumulative proxy healthz HTTP status',
      [...healthAnswers].map(([code, value]) => ({ labels: labelText({ code }), value })),
    ),
  ];
}

function configurationOf({ local }: ProxyParts): JsonObject {
  return {
    kind: 'KubeProxyConfiguration',
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    clientConnection: {
      kubeconfig: '/var/lib/kube-proxy/kubeconfig.conf',
      acceptContentTypes: '',
      contentType: 'application/vnd.kubernetes.protobuf',
      qps: 5,
      burst: 10,
    },
    logging: {
      format: 'text',
      flushFrequency: '5s',
      verbosity: 0,
      options: { text: { infoBufferSize: '0' }, json: { infoBufferSize: '0' } },
    },
    hostnameOverride: '',
    bindAddress: '0.0.0.0',
    healthzBindAddress: '0.0.0.0:10256',
    metricsBindAddress: `${local ? '127.0.0.1' : '0.0.0.0'}:10249`,
    bindAddressHardFail: false,
    enableProfiling: false,
    showHiddenMetricsForVersion: '',
    mode: 'iptables',
    ...modes,
    detectLocalMode: 'ClusterCIDR',
    detectLocal: { bridgeInterface: '', interfaceNamePrefix: '' },
    clusterCIDR: '10.244.0.0/16',
    nodePortAddresses: null,
    oomScoreAdj: -999,
    conntrack: {
      maxPerCore: 32_768,
      min: 131_072,
      tcpEstablishedTimeout: '24h0m0s',
      tcpCloseWaitTimeout: '1h0m0s',
      tcpBeLiberal: false,
      udpTimeout: '0s',
      udpStreamTimeout: '0s',
    },
    configSyncPeriod: '15m0s',
    portRange: '',
  };
}

const modes: JsonObject = {
  iptables: {
    masqueradeBit: 14,
    masqueradeAll: false,
    localhostNodePorts: true,
    syncPeriod: '30s',
    minSyncPeriod: '1s',
  },
  ipvs: {
    syncPeriod: '30s',
    minSyncPeriod: '1s',
    scheduler: '',
    excludeCIDRs: null,
    strictARP: false,
    tcpTimeout: '0s',
    tcpFinTimeout: '0s',
    udpTimeout: '0s',
  },
  nftables: { masqueradeBit: 14, masqueradeAll: false, syncPeriod: '30s', minSyncPeriod: '1s' },
  winkernel: {
    networkName: '',
    sourceVip: '',
    enableDSR: false,
    rootHnsEndpointName: '',
    forwardHealthCheckVip: false,
  },
};
