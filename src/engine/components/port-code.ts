// Opens the ports of Kubernetes' own processes; what answers there comes when somebody first connects.
import type { Listener, NetworkHost } from '../../api/network.ts';
import { late } from '../../base/late.ts';
import type { Scope, Stop } from '../sim/scope.ts';
import type { Component } from './component-port.ts';
import type { DnsTally } from './dns-listener.ts';
import type { ProxyParts } from './proxy-listener.ts';

export const portCode = late('the ports of components', () => import('./component-ports.ts'));

const usualPorts = { 'kube-controller-manager': 10_257, 'kube-scheduler': 10_259 };

/** Opens the port of a controller manager or a scheduler, as its flags say; returns how to shut it. */
export function openComponentPort(component: Component & { readonly network: NetworkHost }): Stop {
  const { name, flags, network, meter } = component;
  const port = Number(flags.get('secure-port') ?? usualPorts[name]);
  if (port === 0) return () => {};
  const stop = openPort(network, port, () => portCode().componentListener(component));
  meter.scope.onStop(stop);
  return stop;
}

/** Opens the ports of a kube-proxy, as long as its scope lives. */
export function openProxyPorts(host: NetworkHost, proxy: Pick<ProxyParts, 'meter' | 'server' | 'local'>): void {
  const parts: ProxyParts = { ...proxy, ips: host.ips, healthAnswers: new Map() };
  const { scope } = proxy.meter;
  scope.onStop(openPort(host, 10_249, () => portCode().proxyMetricsListener(parts)));
  scope.onStop(openPort(host, 10_256, () => portCode().proxyHealthListener(parts)));
}

/** Opens the ports of a CoreDNS beside that for names. */
export function openDnsPorts(host: NetworkHost, scope: Scope, tally: DnsTally): void {
  const parts = { scope, startedAt: scope.now, tally };
  scope.onStop(openPort(host, 9153, () => portCode().dnsMetricsListener(parts)));
  scope.onStop(openPort(host, 8080, () => portCode().dnsHealthListener('/health')));
  scope.onStop(openPort(host, 8181, () => portCode().dnsHealthListener('/ready')));
}

/** Listens at a port; `listener` is asked for at the first connection. */
export function openPort(host: NetworkHost, port: number, listener: () => Listener): Stop {
  let made: Listener | undefined;
  const accept: Listener['accept'] = (...connection) => {
    made ??= listener();
    made.accept(...connection);
  };
  return host.listen(port, { accept }) ?? (() => {});
}
