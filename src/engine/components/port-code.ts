// Opens the ports of Kubernetes' own processes; what answers there comes when somebody first connects.
import type { Listener, NetworkHost } from '../../api/network.ts';
import { late } from '../../base/late.ts';
import type { Stop } from '../sim/scope.ts';
import type { Component } from './component-port.ts';

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

/** Listens at a port; `listener` is asked for at the first connection. */
export function openPort(host: NetworkHost, port: number, listener: () => Listener): Stop {
  let made: Listener | undefined;
  const accept: Listener['accept'] = (...connection) => {
    made ??= listener();
    made.accept(...connection);
  };
  return host.listen(port, { accept }) ?? (() => {});
}
