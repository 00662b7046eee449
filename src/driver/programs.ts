// What the simulated machines can run: the shell's programs, kubectl, docker and minikube.
import type { ClustersPort } from '../api/clusters.ts';
import type { DesktopPort } from '../api/desktop.ts';
import type { DockerPort } from '../api/docker.ts';
import type { KubePort } from '../api/ports.ts';
import type { Machine, Program, ProgramTable } from '../api/program.ts';
import { kubectl } from '../kubectl/kubectl.ts';
import { docker } from '../shell/docker/docker.ts';
import { apk, npm, yarn } from '../shell/docker/package-managers.ts';
import { etcdctl } from '../shell/etcd/etcdctl.ts';
import { etcdutl } from '../shell/etcd/etcdutl.ts';
import { minikube } from '../shell/minikube/minikube.ts';
import { node } from '../shell/node/node.ts';
import type { LoadScriptEngine } from '../shell/node/script-engine.ts';
import { editorProgram } from '../shell/programs/edit.ts';
import { programTable as shellPrograms } from '../shell/programs/programs.ts';
import { ssh } from '../shell/services/ssh.ts';
import { service, sudo, systemctl } from '../shell/services/systemctl.ts';
import { pemOf } from './client-certificate.ts';
import { networkKubePort } from './network-kube-port.ts';

/** What programs reach the world by; asked for when one of them runs. */
export interface ProgramPorts {
  /** Leads from a kubeconfig's server to its port, on the learner's machine. */
  /** `certificate`: the client's, in PEM. */
  kube(server: string, certificate?: string): KubePort;
  /** The learner's machine has the short way to its clusters; all others go over the network. */
  isLearner(machine: Machine): boolean;
  docker(): DockerPort;
  clusters(): ClustersPort;
  readonly desktop: DesktopPort;
  /** Executes the learner's JavaScript. */
  readonly scripts: LoadScriptEngine;
}

export function programTable(ports: ProgramPorts): ProgramTable {
  return new Map<string, Program>([
    ...shellPrograms,
    [
      'kubectl',
      kubectl({
        connect: (settings, process) =>
          ports.isLearner(process.machine)
            ? ports.kube(settings.server, pemOf(process, settings.clientCertificate))
            : networkKubePort(process, settings),
      }),
    ],
    ['docker', docker(ports.docker)],
    ['minikube', minikube(ports)],
    ['systemctl', systemctl(ports.docker)],
    ['service', service(ports.docker)],
    ['sudo', sudo],
    ['ssh', ssh(ports.clusters)],
    ['etcdctl', etcdctl],
    ['etcdutl', etcdutl],
    ['editor', editorProgram(ports.desktop)],
    ['node', node(ports.scripts)],
    ...Object.entries({ npm, yarn, apk }),
  ]);
}
