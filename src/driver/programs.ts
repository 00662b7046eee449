// What the simulated machines can run: the shell's programs, kubectl, docker and minikube.
import type { ClustersPort } from '../api/clusters.ts';
import type { DesktopPort } from '../api/desktop.ts';
import type { DockerPort } from '../api/docker.ts';
import type { KubePort } from '../api/ports.ts';
import type { Program, ProgramTable } from '../api/program.ts';
import { type ConnectionSettings, kubectl } from '../kubectl/kubectl.ts';
import { docker } from '../shell/docker/docker.ts';
import { apk, node, npm, yarn } from '../shell/docker/package-managers.ts';
import { minikube } from '../shell/minikube/minikube.ts';
import { programTable as shellPrograms } from '../shell/programs/programs.ts';
import { service, sudo, systemctl } from '../shell/services/systemctl.ts';

/** What programs reach the world by; asked for when one of them runs. */
export interface ProgramPorts {
  /** Leads from a kubeconfig's server to its port. */
  connect(settings: ConnectionSettings): KubePort;
  docker(): DockerPort;
  clusters(): ClustersPort;
  readonly desktop: DesktopPort;
}

export function programTable(ports: ProgramPorts): ProgramTable {
  return new Map<string, Program>([
    ...shellPrograms,
    ['kubectl', kubectl({ connect: ports.connect })],
    ['docker', docker(ports.docker)],
    [
      'minikube',
      minikube({ ...ports, kube: (server) => ports.connect({ server, insecure: false, requestTimeoutMs: 0 }) }),
    ],
    ['systemctl', systemctl(ports.docker)],
    ['service', service(ports.docker)],
    ['sudo', sudo],
    ...Object.entries({ npm, yarn, apk, node }),
  ]);
}
