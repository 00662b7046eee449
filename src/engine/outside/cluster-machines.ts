// The machines of minikube's clusters: their names, addresses and published ports, and how `docker ps` shows them.
import type { LocalNode } from '../../api/clusters.ts';
import type { DockerContainer, PublishedPort } from '../../api/docker.ts';
import { digestOf } from './local-image.ts';

interface Profile {
  readonly name: string;
  /** The third number of its network, e.g. 49. */
  readonly subnet: number;
}

const kicbase = 'gcr.io/k8s-minikube/kicbase:v0.0.50';
export const firstSubnet = 49;
export const sshPort = 22;
const apiPort = 8443;

/** The machine's port that docker publishes on this one: Docker Desktop's machines cannot be reached otherwise. */
export function serverOf(entry: Profile): string {
  return `https://127.0.0.1:${portsOf(entry, 0).find(({ containerPort }) => containerPort === apiPort)?.hostPort ?? apiPort}`;
}

/** Ports of the learner's machine that lead to a machine's. */
export function portsOf({ subnet }: Pick<Profile, 'subnet'>, index: number): readonly PublishedPort[] {
  const first = 32_768 + (subnet - firstSubnet) * 5 + index * 5;
  return [sshPort, 2376, 5000, apiPort, 32443].map((containerPort, i) => ({
    hostIp: '127.0.0.1',
    hostPort: first + i,
    containerPort,
  }));
}

/** The machine of that number, from 1. */
export function machineOf({ name, subnet }: Profile, number: number, controlPlane: boolean): LocalNode {
  const suffix = number === 1 ? '' : `-m${String(number).padStart(2, '0')}`;
  return { name: `${name}${suffix}`, ip: `192.168.${subnet}.${number + 1}`, controlPlane };
}

/** A machine as `docker ps` shows it. */
export function shownMachine(
  entry: Profile & { readonly createdAt: number; readonly startedAt: number; readonly up: boolean },
  { name, ip }: LocalNode,
  index: number,
): DockerContainer {
  const ports = portsOf(entry, index);
  const { up } = entry;
  return {
    id: digestOf(`machine/${name}/${entry.createdAt}`),
    name,
    image: kicbase,
    imageId: `sha256:${digestOf(kicbase)}`,
    argv: ['/usr/local/bin/entrypoint', '/sbin/init'],
    env: [],
    createdAt: entry.createdAt,
    startedAt: entry.startedAt,
    finishedAt: entry.startedAt,
    state: up ? 'running' : 'exited',
    exitCode: up ? 0 : 130,
    ip,
    ports: up ? ports : [],
    exposed: [],
    removeOnExit: false,
    endpoints: [
      { network: name.replace(/-m\d\d$/, ''), ip: up ? ip : '', gateway: ip.replace(/\.\d+$/, '.1'), aliases: [] },
    ],
    mounts: [{ kind: 'volume', source: name, target: '/var', readOnly: false }],
    labels: { 'created_by.minikube.sigs.k8s.io': 'true', 'name.minikube.sigs.k8s.io': name },
    restart: { name: 'no', retriesMax: 0 },
    restartCount: 0,
    health: undefined,
    workingDir: '/',
    user: 'root',
  };
}
