// The one address in front of several API servers: new connections go to them in turn; who does not answer is left
// out. Servers are checked as HAProxy does in front of a kubeadm cluster: a machine that has fallen silent is found
// out after three checks, a port that refuses at once.
import type { ApiServer } from './apiserver/api-server.ts';
import type { Link } from './client/transport.ts';
import type { Scope } from './sim/scope.ts';

/** One API server's machine, as the balancer sees it. */
export interface Backend {
  /** Undefined: nothing listens. */
  readonly apiServer: ApiServer | undefined;
  /** Whether the network leads there. */
  readonly reachable: boolean;
}

const checkMs = 2000;
const checksToFall = 3;

export class LoadBalancer {
  private readonly down = new Set<Backend>();
  private turn = 0;

  constructor(
    private readonly scope: Scope,
    readonly address: string,
    private readonly backends: readonly Backend[],
  ) {}

  /** Where the next connection goes; undefined: nowhere. */
  next(): Backend | undefined {
    for (let i = 0; i < this.backends.length; i++) {
      const backend = this.backends[(this.turn + i) % this.backends.length];
      if (!backend || !this.takes(backend)) continue;
      this.turn = (this.turn + i + 1) % this.backends.length;
      return backend;
    }
    return undefined;
  }

  /** Whether a connection to it may stand. */
  takes(backend: Backend): boolean {
    return backend.apiServer !== undefined && !this.down.has(backend);
  }

  /** The way to a backend was cut or mended. */
  changed(backend: Backend): void {
    if (backend.reachable) {
      this.down.delete(backend);
      return;
    }
    this.scope.schedule(checkMs * checksToFall, () => {
      if (backend.reachable) return;
      this.down.add(backend);
      backend.apiServer?.dropConnections();
    });
  }

  /** A client's way through the balancer: it stays with one server as long as that answers. */
  link(delayMs: number): Link {
    return new BalancedLink(this, delayMs);
  }
}

class BalancedLink implements Link {
  readonly address: string;
  readonly jitterMs: number;
  private backend: Backend | undefined;
  private connected = true;

  constructor(
    private readonly balancer: LoadBalancer,
    readonly delayMs: number,
  ) {
    this.address = balancer.address;
    this.jitterMs = delayMs / 2;
  }

  get up(): boolean {
    return this.connected && (this.current()?.reachable ?? true);
  }

  /** The client's own end. */
  set up(connected: boolean) {
    this.connected = connected;
  }

  endpoint(): ApiServer | undefined {
    return this.current()?.apiServer;
  }

  private current(): Backend | undefined {
    if (!this.backend || !this.balancer.takes(this.backend)) this.backend = this.balancer.next();
    return this.backend;
  }
}
