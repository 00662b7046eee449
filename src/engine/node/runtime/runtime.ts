// The node's container runtime (containerd's part): sandboxes, containers, images. It outlives kubelet restarts.

import type { DnsSettings, Network, NetworkHost } from '../../../api/network.ts';
import type { ProgramHost } from '../../../api/program.ts';
import { forwardingListener } from '../../../base/forward.ts';
import { late } from '../../../base/late.ts';
import type { RandomStream } from '../../sim/random.ts';
import type { Scope } from '../../sim/scope.ts';
import type { ImageName } from '../registry/image-name.ts';
import { fullName } from '../registry/image-name.ts';
import type { PulledImage } from '../registry/registries.ts';
import type { Container } from './container.ts';
import type { ApiAccess, ContainerConfig, HostPort, StartComponent } from './container-config.ts';
import type { UsageBounds } from './container-usage.ts';
import { NodeTally } from './node-tally.ts';

/** A node begins without containers. */
const code = late('containers', () => import('./container.ts'));

export interface Sandbox {
  readonly id: string;
  readonly podUid: string;
  readonly ips: readonly string[];
  readonly network: NetworkHost;
  readonly hostNetwork: boolean;
  readonly createdAt: number;
  ready: boolean;
  /** How to take its ports off the machine. */
  readonly closePorts: readonly (() => void)[];
}

export interface RuntimePod {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  /** The newest; undefined before the first. */
  sandbox: Sandbox | undefined;
  /** Oldest first. */
  containers: Container[];
}

export interface RuntimeOptions {
  readonly scope: Scope;
  readonly node: string;
  readonly network: Network;
  /** The node's own, for pods in its network. */
  readonly host: NetworkHost;
  readonly programs: ProgramHost;
  /** All that the machine has. */
  readonly machine: UsageBounds;
  readonly component?: StartComponent | undefined;
  /** How containers with a service account's token reach the API server. */
  readonly api?: ApiAccess | undefined;
  /** From the machine's disk: what `attempts` said before it went down. */
  readonly attempts?: ContainerAttempts | undefined;
}

/** How often containers were started again, by `POD UID/NAME`. */
export type ContainerAttempts = readonly (readonly [container: string, attempt: number])[];

/** Dead instances kept of one container: what `logs --previous` shows. */
const deadMax = 1;

export class Runtime {
  readonly pods = new Map<string, RuntimePod>();
  /** Goes on when the kubelet starts anew: here its counts begin with the machine. */
  readonly tally = new NodeTally();
  private readonly images = new Map<string, PulledImage>();
  private readonly random: RandomStream;
  private readonly addresses = new Set<string>();
  private readonly earlier: ReadonlyMap<string, number>;
  private nextAddress = 2;
  /** CPU time of containers that are gone. */
  private pastCpuMs = 0;
  private range: AddressRange | undefined;
  /** When it was stopped: it starts and ends nothing until it runs again. */
  stoppedAt: number | undefined;
  /** Called with a pod's uid whenever something of it changed. */
  onChange: (uid: string) => void = () => {};
  /** Called when a container has taken much memory. */
  onGrowth: () => void = () => {};

  constructor(private readonly options: RuntimeOptions) {
    this.random = options.scope.random(`${options.scope.name}/runtime`);
    this.earlier = new Map(options.attempts);
  }

  imageOf(name: ImageName): PulledImage | undefined {
    return this.images.get(fullName(name));
  }

  addImage(image: PulledImage): void {
    this.images.set(image.name, image);
  }

  /** Forgets a container that has ended. */
  removeContainer(id: string): void {
    for (const pod of this.pods.values()) {
      const container = pod.containers.find((each) => each.id === id);
      if (!container) continue;
      this.pastCpuMs += container.usage?.cpuMs ?? 0;
      pod.containers = pod.containers.filter((each) => each !== container);
      this.tally.did('remove_container');
      this.onChange(pod.uid);
    }
  }

  removeImage(name: ImageName): boolean {
    return this.images.delete(fullName(name));
  }

  listImages(): readonly PulledImage[] {
    return [...this.images.values()];
  }

  runSandbox(
    pod: { readonly uid: string; readonly namespace: string; readonly name: string },
    settings: {
      readonly podCidr: string;
      readonly hostNetwork: boolean;
      readonly dns: DnsSettings | undefined;
      /** Known without a name server. */
      readonly names?: ReadonlyMap<string, string> | undefined;
      readonly hostPorts?: readonly HostPort[] | undefined;
    },
  ): Sandbox {
    this.tally.did('run_podsandbox');
    const { uid, namespace, name } = pod;
    const known = this.pods.get(uid) ?? { uid, namespace, name, sandbox: undefined, containers: [] };
    this.pods.set(pod.uid, known);
    const ips = settings.hostNetwork ? this.options.host.ips : [this.takeAddress(settings.podCidr)];
    const network = settings.hostNetwork
      ? this.options.host
      : this.options.network.attach({
          id: `pod/${pod.uid}`,
          label: `pod/${pod.namespace}/${pod.name}`,
          ips,
          node: this.options.node,
          dns: settings.dns,
          names: settings.names,
        });
    known.sandbox = {
      id: this.random.hex(32),
      podUid: pod.uid,
      ips,
      network,
      hostNetwork: settings.hostNetwork,
      createdAt: this.options.scope.now,
      ready: true,
      closePorts: settings.hostNetwork ? [] : this.openPorts(network, settings.hostPorts ?? []),
    };
    this.onChange(pod.uid);
    return known.sandbox;
  }

  createContainer(sandbox: Sandbox, config: ContainerConfig): Container {
    this.tally.did('create_container');
    const uid = sandbox.podUid;
    const container = new (code().Container)(this.random.hex(32), config, {
      scope: this.options.scope,
      programs: this.options.programs,
      network: sandbox.network,
      machine: this.options.machine,
      component: this.options.component,
      api: this.options.api,
      changed: () => this.onChange(uid),
      grew: () => this.onGrowth(),
    });
    const pod = this.pods.get(uid);
    if (pod) {
      const kept = withoutOldest(pod.containers, config.name);
      for (const each of pod.containers) if (!kept.includes(each)) this.pastCpuMs += each.usage?.cpuMs ?? 0;
      pod.containers = [...kept, container];
    }
    return container;
  }

  stopSandbox(uid: string): void {
    const sandbox = this.pods.get(uid)?.sandbox;
    if (!sandbox?.ready) return;
    this.tally.did('stop_podsandbox');
    sandbox.ready = false;
    for (const close of sandbox.closePorts) close();
    if (!sandbox.hostNetwork) {
      sandbox.network.close();
      for (const ip of sandbox.ips) this.addresses.delete(ip);
    }
    this.onChange(uid);
  }

  removePod(uid: string): void {
    this.stopSandbox(uid);
    this.tally.did('remove_podsandbox');
    for (const { usage } of this.pods.get(uid)?.containers ?? []) this.pastCpuMs += usage?.cpuMs ?? 0;
    this.pods.delete(uid);
  }

  /** CPU time of all containers that there ever were. */
  get cpuMs(): number {
    let total = this.pastCpuMs;
    for (const { containers } of this.pods.values()) for (const { usage } of containers) total += usage?.cpuMs ?? 0;
    return total;
  }

  /** What its records on disk say of containers. */
  attempts(): ContainerAttempts {
    return [...this.pods.values()].flatMap(({ uid, containers }) =>
      containers.map(({ name, config }) => [`${uid}/${name}`, config.attempt] as const),
    );
  }

  /** The last attempt at a container before the machine went down. */
  attemptBefore(uid: string, name: string): number | undefined {
    return this.earlier.get(`${uid}/${name}`);
  }

  /** Power off: every process ends where it is. */
  loseAll(): void {
    for (const pod of this.pods.values()) {
      for (const container of pod.containers) container.lost();
      this.stopSandbox(pod.uid);
    }
  }

  /** Ports of the machine that lead to the pod's, as the portmap plugin makes them; the pod sees the node as the client. */
  private openPorts(network: NetworkHost, ports: readonly HostPort[]): readonly (() => void)[] {
    return ports.flatMap(({ hostPort, containerPort }) => {
      const to = { host: network.ips[0] ?? '', port: containerPort };
      const listener = forwardingListener(() => ({ dialer: this.options.host, to }));
      return this.options.host.listen(hostPort, listener) ?? [];
    });
  }

  /** The next free address of the node's range, as host-local hands them out: after the last one given. */
  private takeAddress(cidr: string): string {
    if (this.range?.cidr !== cidr) this.range = rangeOf(cidr);
    const { start, size } = this.range;
    for (let tries = 0; tries < size; tries++) {
      const offset = this.nextAddress;
      this.nextAddress = offset + 1 >= size - 1 ? 2 : offset + 1;
      const value = start + offset;
      const ip = `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
      if (this.addresses.has(ip)) continue;
      this.addresses.add(ip);
      return ip;
    }
    return '';
  }
}

/** The addresses of a CIDR: the first as a number, and how many. */
interface AddressRange {
  readonly cidr: string;
  readonly start: number;
  readonly size: number;
}

function rangeOf(cidr: string): AddressRange {
  const [base = '10.244.0.0', bits = '24'] = cidr.split('/');
  const start = base.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return { cidr, start, size: 2 ** (32 - Number(bits)) };
}

/** Makes room for a new instance: of the dead ones, only the newest stay. */
function withoutOldest(containers: readonly Container[], name: string): readonly Container[] {
  if (containers.length === 0) return containers;
  const dead = containers.filter((container) => container.name === name && container.state === 'exited');
  const gone = new Set(dead.slice(0, Math.max(0, dead.length - deadMax)));
  return containers.filter((container) => !gone.has(container));
}
