// A KubePort over HTTP whose code is loaded with the first request: TLS and WebSockets take longer to load than to run
// a command that needs no server.
import type { KubePort } from '../../api/ports.ts';
import type { HttpSettings } from './http-kube-port.ts';

export function lazyKubePort(settings: HttpSettings): KubePort {
  let made: Promise<KubePort> | undefined;
  const port = (): Promise<KubePort> => {
    made ??= import('./http-kube-port.ts').then(({ httpKubePort }) => httpKubePort(settings));
    return made;
  };
  return {
    server: settings.server,
    request: async (call, cancel) => (await port()).request(call, cancel),
    stream: async (call, cancel) => (await port()).stream(call, cancel),
    connect: async (call, cancel) => (await port()).connect(call, cancel),
  };
}
