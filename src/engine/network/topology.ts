// Who is where on the network: hosts by address, machines by node, and which nodes are cut off.
import type { Host } from './host.ts';

export class Topology {
  /** By segment and address; machines are in the segment without a name. */
  private readonly byIp = new Map<string, Host>();
  /** The machines themselves, by node name. */
  private readonly nodes = new Map<string, Host>();
  /** Networks that pods and nodes are in. */
  private readonly clusterNetworks = new Set<string>();
  private readonly cutNodes = new Set<string>();

  add(host: Host): void {
    for (const ip of host.ips) this.byIp.set(placeOf(host, ip), host);
    if (host.isNode && host.node !== undefined) this.nodes.set(host.node, host);
    if (host.node !== undefined) for (const ip of host.ips) this.clusterNetworks.add(networkOf(ip));
  }

  remove(host: Host): void {
    for (const ip of host.ips) if (this.byIp.get(placeOf(host, ip)) === host) this.byIp.delete(placeOf(host, ip));
    if (this.nodes.get(host.node ?? '') === host) this.nodes.delete(host.node ?? '');
  }

  find(segment: string, ip: string): Host | undefined {
    return this.byIp.get(`${segment}/${ip}`) ?? this.byIp.get(`/${ip}`);
  }

  machine(node: string | undefined): Host | undefined {
    return this.nodes.get(node ?? '');
  }

  cut(node: string, cut: boolean): void {
    if (cut) this.cutNodes.add(node);
    else this.cutNodes.delete(node);
  }

  isCutOff(node: string | undefined): boolean {
    return this.cutNodes.has(node ?? '');
  }

  /** What keeps two hosts from each other: a cut link, or that no local network leads from one to the other. */
  cutBetween(a: Host, b: Host): string | undefined {
    if (a === b || (a.node !== undefined && a.node === b.node)) return undefined;
    const node = [a.node, b.node].find((each) => this.isCutOff(each));
    if (node !== undefined) return `${node} is cut off from the network`;
    return areApart(a, b) ? `no network leads from ${a.label} to ${b.label}` : undefined;
  }

  /** Gives a host other addresses than it had. */
  move(host: Host, ips: readonly string[]): void {
    this.remove(host);
    host.ips = ips;
    this.add(host);
  }

  /** Pods' addresses mean nothing outside of the cluster. */
  canReachDirectly(from: Host, ip: string): boolean {
    const host = this.find(from.segment, ip);
    return from.node !== undefined || !host || host.node === undefined || host.isNode;
  }

  /** Whether somebody on the way would notice that nobody has the address. */
  isNeighbour(from: Host, ip: string): boolean {
    if (this.isCutOff(from.node)) return false;
    if (from.ips.some((own) => networkOf(own) === networkOf(ip))) return true;
    return from.node !== undefined && this.clusterNetworks.has(networkOf(ip));
  }
}

function areApart({ lans: a }: Host, { lans: b }: Host): boolean {
  if (a?.size === 0 || b?.size === 0) return true;
  return a !== undefined && b !== undefined && ![...a].some((lan) => b.has(lan));
}

function placeOf(host: Host, ip: string): string {
  return `${host.isNode ? '' : host.segment}/${ip}`;
}

/** Networks are /16 here: `10.244.1.5` is in `10.244`. */
function networkOf(ip: string): string {
  return ip.split('.', 2).join('.');
}
