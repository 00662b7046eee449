// Two ends of a byte connection: what one sends arrives at the other after the way's delay, in order.
import type { Socket } from '../../api/network.ts';
import type { Scope } from '../sim/scope.ts';

export interface Way {
  readonly delayMs: number;
  /** False while a link on the way is cut: what is sent gets lost. */
  open(): boolean;
}

type Address = Socket['remote'];

/** Makes both ends; `client.remote` is where it dialed to, `server.remote` who the server thinks it is. */
export function connect(
  scope: Scope,
  way: Way,
  addresses: { readonly client: Address; readonly server: Address },
): { readonly client: End; readonly server: End } {
  const client = new End(scope, way, addresses.server);
  const server = new End(scope, way, addresses.client);
  client.peer = server;
  server.peer = client;
  return { client, server };
}

export class End implements Socket {
  peer: End | undefined;
  private data: ((bytes: Uint8Array) => void) | undefined;
  private readonly closers: (() => void)[] = [];
  private over = false;
  private firstSent: ((bytes: Uint8Array) => void) | undefined;

  constructor(
    private readonly scope: Scope,
    private readonly way: Way,
    readonly remote: Address,
  ) {}

  get closed(): boolean {
    return this.over;
  }

  send(bytes: Uint8Array): void {
    if (this.over || bytes.length === 0) return;
    const { cause } = this.scope;
    this.firstSent?.(bytes);
    this.firstSent = undefined;
    this.deliver((peer) => {
      if (!peer.over) peer.data?.(bytes);
    });
    this.scope.resumeCause(cause);
  }

  /** Sees the first bytes that are sent from this end, before they are on their way. */
  onFirstSent(run: (bytes: Uint8Array) => void): void {
    this.firstSent = run;
  }

  /** Ends the connection: nothing is heard here any more; the other side hears of it after what was sent. */
  close(): void {
    if (this.over) return;
    this.end();
    this.deliver((peer) => peer.end());
  }

  onData(run: (bytes: Uint8Array) => void): void {
    this.data = run;
  }

  onClose(run: () => void): void {
    if (this.over) run();
    else this.closers.push(run);
  }

  private end(): void {
    if (this.over) return;
    this.over = true;
    this.data = undefined;
    for (const run of this.closers.splice(0)) run();
  }

  private deliver(run: (peer: End) => void): void {
    const { peer } = this;
    if (!peer) return;
    this.scope.schedule(this.way.delayMs, () => {
      if (this.way.open()) run(peer);
    });
  }
}
