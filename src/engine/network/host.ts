// A host on the simulated network: its addresses, what listens on them, and the connections it holds.
import type { DialEvents, DnsSettings, Listener, Network, NetworkHost } from '../../api/network.ts';
import type { End } from './connection.ts';

/** What a host is attached to. */
export interface Fabric {
  dial(from: Host, target: Parameters<NetworkHost['dial']>[0], events: DialEvents): () => void;
  resolve(from: Host, name: string, found: (ips: readonly string[]) => void): void;
  detach(host: Host): void;
}

export class Host implements NetworkHost {
  readonly id: string;
  /** How the trace names it. */
  readonly label: string;
  ips: readonly string[];
  readonly node: string | undefined;
  readonly dns: DnsSettings | undefined;
  readonly names: ReadonlyMap<string, string> | undefined;
  /** Whose addresses it speaks of. */
  readonly segment: string;
  readonly lans: ReadonlySet<string> | undefined;
  /** Undefined until the first: most pods neither listen nor dial. */
  private listeners: Map<number, Listener> | undefined;
  private sockets: Set<End> | undefined;
  private over = false;

  constructor(
    private readonly fabric: Fabric,
    options: Parameters<Network['attach']>[0],
  ) {
    this.id = options.id;
    this.label = options.label ?? options.id;
    this.ips = options.ips;
    this.node = options.node;
    this.dns = options.dns;
    this.names = options.names;
    this.segment = options.segment ?? '';
    this.lans = options.lans;
  }

  /** Whether it is a machine itself, not a pod on one. */
  get isNode(): boolean {
    return this.node !== undefined && this.id === `node/${this.node}`;
  }

  /** The uid of the pod that it is the network of. */
  get pod(): string | undefined {
    return this.id.startsWith('pod/') ? this.id.slice('pod/'.length) : undefined;
  }

  get closed(): boolean {
    return this.over;
  }

  listener(port: number): Listener | undefined {
    return this.listeners?.get(port);
  }

  listen(port: number, listener: Listener): (() => void) | undefined {
    if (this.over || this.listeners?.has(port)) return undefined;
    this.listeners ??= new Map();
    this.listeners.set(port, listener);
    return () => {
      if (this.listeners?.get(port) === listener) this.listeners.delete(port);
    };
  }

  dial(target: Parameters<NetworkHost['dial']>[0], events: DialEvents): () => void {
    return this.fabric.dial(this, target, events);
  }

  resolve(name: string, found: (ips: readonly string[]) => void): void {
    this.fabric.resolve(this, name, found);
  }

  close(): void {
    if (this.over) return;
    this.over = true;
    this.listeners = undefined;
    this.fabric.detach(this);
    for (const socket of this.sockets ?? []) socket.close();
  }

  hold(socket: End): void {
    this.sockets ??= new Set();
    this.sockets.add(socket);
    socket.onClose(() => this.sockets?.delete(socket));
  }

  /** Go's words for a question to a name server. */
  lookupOf(name: string): string {
    const [server] = this.dns?.servers ?? [];
    return `lookup ${name}${server === undefined ? '' : ` on ${server}:53`}`;
  }
}
