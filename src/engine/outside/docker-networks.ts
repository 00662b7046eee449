// The docker daemon's networks: who is on which, with what address, and which names they know each other by. The default
// bridge knows no names; networks that people made do.
//
//   bridge 172.17.0.0/16 ── app .2         shop 172.19.0.0/16 ── app .2, db .3: app finds db by its name
import { DockerError, type DockerNetwork } from '../../api/docker.ts';
import type { RandomStream } from '../sim/random.ts';

interface Network {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly createdAt: number;
  /** The first two or three numbers of its addresses, e.g. `172.19.0`; undefined: it has none. */
  readonly prefix: string | undefined;
  readonly bits: number;
  readonly internal: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

/** A running container's place. */
interface Member {
  readonly id: string;
  readonly name: string;
  readonly ip: string;
  readonly aliases: readonly string[];
}

/** Plain data. */
export type NetworksSnapshot = readonly Network[];

export interface NetworkRequest {
  readonly name: string;
  readonly driver: string;
  readonly subnet: string | undefined;
  readonly internal: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

const builtIn = ['bridge', 'host', 'none'];
/** 172.18 is the learner's machine's own. */
const firstSubnet = 19;
const lastSubnet = 31;

export class DockerNetworks {
  private readonly all = new Map<string, Network>();
  private readonly members = new Map<string, Map<string, Member>>();
  /** Networks that minikube made. */
  private machines: readonly DockerNetwork[] = [];

  constructor(
    private readonly now: () => number,
    private readonly random: RandomStream,
    since: number,
  ) {
    for (const name of builtIn)
      this.add({
        id: random.hex(32),
        name,
        driver: name === 'none' ? 'null' : name,
        createdAt: since,
        prefix: name === 'bridge' ? '172.17.0' : undefined,
        bits: 16,
        internal: false,
        labels: {},
      });
  }

  list(): readonly DockerNetwork[] {
    const own = [...this.all.values()].map((network) => this.show(network));
    return [...own, ...this.machines].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  showMachines(networks: readonly DockerNetwork[]): void {
    this.machines = networks;
  }

  /** By name, id or the beginning of an id. */
  get(name: string): Network {
    const all = [...this.all.values()];
    const found = this.all.get(name) ?? all.find(({ id }) => name.length > 3 && id.startsWith(name));
    if (!found) throw new DockerError(`network ${name} not found`);
    return found;
  }

  create(request: NetworkRequest): string {
    const { name, driver } = request;
    if (this.all.has(name) || this.machines.some((each) => each.name === name))
      throw new DockerError(`network with name ${name} already exists`);
    if (driver !== 'bridge')
      throw new DockerError(
        `could not find plugin ${driver} in v1 plugin registry: the simulator has networks of the driver bridge alone`,
      );
    const { prefix, bits } = this.range(request.subnet);
    const id = this.random.hex(32);
    const { internal, labels } = request;
    this.add({ id, name, driver, createdAt: this.now(), prefix, bits, internal, labels });
    return id;
  }

  remove(name: string): void {
    const network = this.get(name);
    if (builtIn.includes(network.name))
      throw new DockerError(`${network.name} is a pre-defined network and cannot be removed`);
    const members = [...(this.members.get(network.name)?.values() ?? [])];
    if (members.length > 0)
      throw new DockerError(
        `error while removing network: network ${network.name} has active endpoints (${members.map((each) => `name:"${each.name}" id:"${each.id.slice(0, 12)}"`).join(', ')})`,
      );
    this.all.delete(network.name);
    this.members.delete(network.name);
  }

  /** The address that the container has there from now on; undefined on a network without any. */
  join(name: string, container: Omit<Member, 'ip'>): string | undefined {
    const { prefix, name: network } = this.get(name);
    const here = this.members.get(network);
    if (prefix === undefined || !here) return undefined;
    const taken = new Set([...here.values()].map(({ ip }) => ip));
    for (let last = 2; last < 255; last++) {
      const ip = `${prefix}.${last}`;
      if (taken.has(ip)) continue;
      here.set(container.id, { ...container, ip });
      return ip;
    }
    throw new DockerError(
      `failed to set up container networking: no available IPv4 addresses on this network's address pools: ${network}`,
    );
  }

  leave(name: string, id: string): void {
    this.members.get(name)?.delete(id);
  }

  addressOf(name: string, id: string): string {
    return this.members.get(name)?.get(id)?.ip ?? '';
  }

  gatewayOf(name: string): string {
    const prefix = this.all.get(name)?.prefix;
    return prefix === undefined ? '' : `${prefix}.1`;
  }

  /** What a container of these networks knows by name: whoever shares one of them that people made. */
  namesIn(networks: readonly string[]): ReadonlyMap<string, string> {
    const known = new Map<string, string>();
    for (const network of networks) {
      if (builtIn.includes(network)) continue;
      for (const { id, name, aliases, ip } of this.members.get(network)?.values() ?? [])
        for (const each of [name, id.slice(0, 12), ...aliases]) if (!known.has(each)) known.set(each, ip);
    }
    return known;
  }

  snapshot(): NetworksSnapshot {
    return [...this.all.values()];
  }

  restore(saved: NetworksSnapshot): void {
    for (const network of saved) this.add(network);
  }

  private add(network: Network): void {
    this.all.set(network.name, network);
    this.members.set(network.name, new Map());
  }

  private range(subnet: string | undefined): { readonly prefix: string; readonly bits: number } {
    const taken = new Set([...this.all.values()].map(({ prefix }) => prefix));
    if (subnet !== undefined) {
      const [, a, b, c, bits = '16'] = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.\d{1,3}\/(\d{1,2})$/.exec(subnet) ?? [];
      const prefix = `${a}.${b}.${c}`;
      if (a === undefined || Number(bits) > 24)
        throw new DockerError(
          `invalid network config:\ninvalid subnet ${subnet}: the simulator has subnets of /8 to /24`,
        );
      if (taken.has(prefix))
        throw new DockerError('invalid pool request: Pool overlaps with other one on this address space');
      return { prefix, bits: Number(bits) };
    }
    for (let second = firstSubnet; second <= lastSubnet; second++)
      if (!taken.has(`172.${second}.0`)) return { prefix: `172.${second}.0`, bits: 16 };
    throw new DockerError('all predefined address pools have been fully subnetted');
  }

  private show({ prefix, bits, ...network }: Network): DockerNetwork {
    return {
      ...network,
      subnet: prefix === undefined ? undefined : `${prefix}.0/${bits}`,
      gateway: prefix === undefined ? undefined : `${prefix}.1`,
      members: [...(this.members.get(network.name)?.values() ?? [])].map(({ id, name, ip }) => ({ id, name, ip })),
    };
  }
}
