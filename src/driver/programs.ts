// What the simulated machines can run: the shell's programs, kubectl, docker and minikube. Their code is loaded when
// they are first run.
import type { ClustersPort } from '../api/clusters.ts';
import type { DesktopPort } from '../api/desktop.ts';
import type { DockerPort } from '../api/docker.ts';
import type { MachinesPort } from '../api/machines.ts';
import type { Program, ProgramTable } from '../api/program.ts';
import type { LoadScriptEngine } from '../shell/node/script-engine.ts';
import { editorProgram } from '../shell/programs/edit.ts';
import { lateProgram } from '../shell/programs/late-program.ts';
import { loadAllTools, shellPrograms } from '../shell/programs/programs.ts';
import type { KubectlPorts } from './kubectl-program.ts';

/** What programs reach the world by; asked for when one of them runs. */
export interface ProgramPorts extends KubectlPorts {
  docker(): DockerPort;
  /** The docker daemon that `DOCKER_HOST` leads to; undefined: there is none. */
  dockerAt(host: string): DockerPort | undefined;
  clusters(): ClustersPort;
  machines(): MachinesPort;
  readonly desktop: DesktopPort;
  /** Executes the learner's JavaScript. */
  readonly scripts: LoadScriptEngine;
}

type Load = (ports: ProgramPorts) => Promise<Program>;

const loaders: Readonly<Record<string, Load>> = {
  kubectl: async (ports) => (await import('./kubectl-program.ts')).kubectlProgram(ports),
  docker: async ({ docker, dockerAt }) => (await import('../shell/docker/docker.ts')).docker(docker, dockerAt),
  minikube: async (ports) => (await import('../shell/minikube/minikube.ts')).minikube(ports),
  systemctl: async (ports) => (await import('../shell/services/systemctl.ts')).systemctl(ports),
  service: async (ports) => (await import('../shell/services/systemctl.ts')).service(ports),
  sudo: async () => (await import('../shell/services/sudo.ts')).sudo,
  ssh: async ({ clusters }) => (await import('../shell/services/ssh.ts')).ssh(clusters),
  journalctl: async ({ machines }) => (await import('../shell/services/journalctl.ts')).journalctl(machines),
  crictl: async ({ machines }) => (await import('../shell/crictl/crictl.ts')).crictl(machines),
  kubeadm: async () => {
    const { administratorPort } = await import('./administrator-port.ts');
    return (await import('../shell/kubeadm/kubeadm.ts')).kubeadm(administratorPort);
  },
  openssl: async () => (await import('../shell/openssl/openssl.ts')).openssl,
  etcdctl: async () => (await import('../shell/etcd/etcdctl.ts')).etcdctl,
  etcdutl: async () => (await import('../shell/etcd/etcdutl.ts')).etcdutl,
  editor: async ({ desktop }) => editorProgram(desktop),
  node: async ({ scripts }) => (await import('../shell/node/node.ts')).node(scripts),
  npm: async () => (await import('../shell/docker/package-managers.ts')).npm,
  yarn: async () => (await import('../shell/docker/package-managers.ts')).yarn,
  apk: async () => (await import('../shell/docker/package-managers.ts')).apk,
};

export function programTable(ports: ProgramPorts): ProgramTable {
  const late = ([name, load]: [string, Load]) => [name, lateProgram(ports.loadCode, () => load(ports))] as const;
  return new Map([...shellPrograms(ports.loadCode), ...Object.entries(loaders).map(late)]);
}

/** Loads the code of all programs, for when it can no longer be had. */
export async function loadAllPrograms(ports: ProgramPorts): Promise<void> {
  for (const load of Object.values(loaders)) await load(ports);
  await (await import('../kubectl/kubectl.ts')).loadAllCommands();
  await loadAllTools();
}
