// kubectl as the simulated machines have it: the learner's has the short way to its clusters, all others go over the
// network.
import type { KubePort } from '../api/ports.ts';
import type { LoadCode, Machine, Program } from '../api/program.ts';
import { kubectl } from '../kubectl/kubectl.ts';
import { pemOf } from './client-certificate.ts';
import { networkKubePort } from './network-kube-port.ts';

/** What kubectl reaches clusters by. */
export interface KubectlPorts {
  readonly loadCode: LoadCode;
  /** Leads from a kubeconfig's server to its port, on the learner's machine. `certificate`: the client's, in PEM. */
  kube(server: string, certificate?: string): KubePort;
  /** The learner's machine has the short way to its own clusters; all else goes over the network. */
  hasShortWay(machine: Machine, server: string): boolean;
}

export function kubectlProgram(ports: KubectlPorts): Program {
  return kubectl({
    loadCode: ports.loadCode,
    connect(settings, process) {
      // A path of the server's is part of each request's own.
      const server = settings.server.replace(/^([a-z]+:\/\/[^/]*)\/.*$/, '$1');
      return ports.hasShortWay(process.machine, server)
        ? ports.kube(server, pemOf(process, settings.clientCertificate))
        : networkKubePort(process, settings);
    },
  });
}
