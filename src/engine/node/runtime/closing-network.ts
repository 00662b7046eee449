// A pod's network that forgets what one container has opened on it.
import type { NetworkHost } from '../../../api/network.ts';
import type { Scope } from '../../sim/scope.ts';

/** The pod's network as one container sees it: what it opens is closed when it ends. */
export function closingNetwork(network: NetworkHost, scope: Scope, connected: () => void): NetworkHost {
  return {
    id: network.id,
    ips: network.ips,
    listen(port, listener) {
      const stop = network.listen(port, {
        accept(socket) {
          connected();
          listener.accept(socket);
        },
      });
      if (stop) scope.onStop(stop);
      return stop;
    },
    dial: (target, events) => network.dial(target, events),
    resolve: (name, found) => network.resolve(name, found),
    close: () => network.close(),
  };
}
