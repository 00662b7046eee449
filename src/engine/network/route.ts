// What stands between a dialed address and the host that answers: nodes' proxies, policies, name servers.

/** Where a proxy sends a connection to a service. */
export type Route = {
  /** `namespace/name`. */
  readonly service: string;
} & (
  | {
      readonly kind: 'to';
      readonly ip: string;
      readonly port: number;
      /** The server sees the node instead of the client. */
      readonly masquerade: boolean;
      /** How many endpoints it was chosen from. */
      readonly endpoints: number;
    }
  /** Answered with a refusal: a service without endpoints. */
  | { readonly kind: 'reject' }
  /** Never answered: a Local traffic policy without endpoints on the node. */
  | { readonly kind: 'drop' }
);

/** A route as a connection takes it. */
export type RouteVia = Route & {
  /** Whose rules made it. */
  readonly node: string;
  /** Whose addresses it speaks of. */
  readonly segment: string;
  /** Places before the service, as the trace names them: a load balancer, a node's port. */
  readonly by: readonly string[];
};

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
  /** Undefined: it is let through. Otherwise: the policies (`namespace/name`) that hold it up, none of whose rules fits. */
  blockedBy(packet: {
    readonly direction: 'ingress' | 'egress';
    readonly source: PacketEnd;
    readonly destination: PacketEnd;
    readonly port: number;
    readonly protocol: 'TCP' | 'UDP';
  }): readonly string[] | undefined;
}

/** Policies that hold a connection up, where it leaves or where it comes in. */
export interface Block {
  readonly direction: 'ingress' | 'egress';
  readonly policies: readonly string[];
}

/** Answers for a name. Undefined: it does not exist. */
export interface NameServer {
  lookup(name: string): readonly string[] | undefined;
}
