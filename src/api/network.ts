// The simulated network as the engine's parts see it: hosts with addresses, things that listen, byte connections.
// Callbacks, not promises: this is engine code's side of NetworkPort.

/** One end of an open connection. Bytes arrive in order; after `closed` nothing comes. */
export interface Socket {
  readonly remote: { readonly ip: string; readonly port: number };
  send(bytes: Uint8Array): void;
  close(): void;
  onData(run: (bytes: Uint8Array) => void): void;
  onClose(run: () => void): void;
}

/** What is called when somebody connects to a port. */
export interface Listener {
  /** Called for each connection that is accepted. Data handlers must be set before it returns. */
  accept(socket: Socket): void;
}

/** Why a connection did not come about; `message` is Go's words, e.g. `connect: connection refused`. */
export interface DialFailure {
  readonly kind: 'refused' | 'timeout' | 'no-route' | 'unknown-host';
  readonly message: string;
}

/** A network namespace: a pod's (shared by its containers), a node's, the learner's machine's. */
export interface NetworkHost {
  readonly id: string;
  readonly ips: readonly string[];
  /** Undefined when the port is taken. Returns how to stop listening. */
  listen(port: number, listener: Listener): (() => void) | undefined;
  /** Connects to a name or an address as seen from here: DNS, service addresses, policies, cut links. */
  dial(target: DialTarget, events: DialEvents): () => void;
  /** Addresses of a name as seen from here. `found` gets none when it does not exist. */
  resolve(name: string, found: (ips: readonly string[]) => void): void;
  /** Takes the host off the network: listeners end, connections break. */
  close(): void;
}

/** Where to connect to. */
export interface DialTarget {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs?: number;
  /** The trace tells nothing of it: probes. */
  readonly quiet?: boolean;
  /** Where it began as the trace names it, when this is the far end of a tunnel. */
  readonly origin?: string;
}

/** How a connection attempt ends: one of the two, once. */
export interface DialEvents {
  connected(socket: Socket): void;
  failed(failure: DialFailure): void;
}

/** How to put hosts on the network. `node` names the machine whose proxy rules apply to what leaves it. */
export interface Network {
  attach(host: {
    readonly id: string;
    /** How the trace names it, e.g. `pod/default/web-1`; default: its id. */
    readonly label?: string | undefined;
    readonly ips: readonly string[];
    readonly node: string | undefined;
    readonly dns?: DnsSettings | undefined;
    /** Addresses of names that its own hosts file has. */
    readonly names?: ReadonlyMap<string, string> | undefined;
    /** The cluster whose pods' addresses it shares; default: the one that needs no name. */
    readonly segment?: string | undefined;
    /** Local networks that it is plugged into, which may change: of two hosts that have such, those reach each other that share one; with none, it reaches nobody. Default: it is everybody's neighbour. */
    readonly lans?: ReadonlySet<string> | undefined;
  }): NetworkHost;
}

/** As a pod's resolv.conf says it. */
export interface DnsSettings {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  readonly ndots: number;
}
