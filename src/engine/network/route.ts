// What stands between a dialed address and the host that answers: nodes' proxies, policies, name servers.

/** Where a proxy sends a connection. */
export type Route =
  /** `masquerade`: the server sees the node instead of the client. */
  | { readonly kind: 'to'; readonly ip: string; readonly port: number; readonly masquerade: boolean }
  /** Answered with a refusal: a service without endpoints. */
  | { readonly kind: 'reject' }
  /** Never answered: a Local traffic policy without endpoints on the node. */
  | { readonly kind: 'drop' };

export interface Dialed {
  readonly ip: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  readonly sourceIp: string;
  /** From a pod or a node of the cluster. */
  readonly fromCluster: boolean;
}

/** One node's service rules. */
export interface NodeProxy {
  /** Undefined: not a service's address; the packet goes on as it is. */
  route(dialed: Dialed): Route | undefined;
  /** A port of the node itself. */
  routeNodePort(dialed: Dialed): Route | undefined;
  /** Whether a load balancer in front of the nodes would send connections for this address here. */
  serves(ip: string, port: number): boolean;
}

/** One end of a packet: the server may see a node's address in place of the client's. */
export interface PacketEnd {
  readonly ip: string;
  /** The uid of the pod whose address it is; a network plugin knows it since it made the pod's network. */
  readonly pod?: string | undefined;
}

/** Network policies as one node enforces them, on its own pods. */
export interface PacketFilter {
  allows(packet: {
    readonly direction: 'ingress' | 'egress';
    readonly source: PacketEnd;
    readonly destination: PacketEnd;
    readonly port: number;
    readonly protocol: 'TCP' | 'UDP';
  }): boolean;
}

/** Answers for a name. Undefined: it does not exist. */
export interface NameServer {
  lookup(name: string): readonly string[] | undefined;
}
