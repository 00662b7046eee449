// What becomes of connections, as steps of the trace: names looked up, endpoints chosen, ports that answer or refuse,
// packets that get lost. `way` names the places that each step passes.
//
//   coredns              resolve web               10.96.3.7                    pod/shop/client ▶ coredns
//   kube-proxy/worker-1  choose  services shop/web 10.244.2.9:80, 1 of 3        pod/shop/client ▶ service/shop/web
//   pod/shop/web-1       accept  port 80                                        service/shop/web ▶ pod/shop/web-1
//   pod/shop/web-1       answer  GET /             200 OK                       pod/shop/web-1 ▶ pod/shop/client
import { decodeUtf8 } from '../../base/bytes.ts';
import type { Scope } from '../sim/scope.ts';
import type { End } from './connection.ts';
import type { Host } from './host.ts';
import type { Block, RouteVia } from './route.ts';

/** Connections told of at once, and each second after that: a trace full of a load test would tell of nothing else. */
const atOnce = 64;
const eachSecond = 16;

/** Decides which connections are told of. Those that go back to somebody's command do not compete with all others. */
export class Traffic {
  private readonly asked: Budget;
  private readonly other: Budget;

  constructor(private readonly scope: Scope) {
    this.asked = new Budget(scope.now);
    this.other = new Budget(scope.now);
  }

  /** A connection that sets out; undefined: nothing is told of it. */
  begin(from: string): Passage | undefined {
    const { now, cause } = this.scope;
    return (cause === 0 ? this.other : this.asked).take(now) ? new Passage(this.scope, from) : undefined;
  }
}

const lineBytesMax = 256;

class Budget {
  private left = atOnce;

  constructor(private since: number) {}

  take(now: number): boolean {
    this.left = Math.min(atOnce, this.left + ((now - this.since) * eachSecond) / 1000);
    this.since = now;
    if (this.left < 1) return false;
    this.left--;
    return true;
  }
}

/** One connection, or one look-up. */
export class Passage {
  /** The step that the next goes back to. */
  private last: number;

  constructor(
    private readonly scope: Scope,
    private at: string,
  ) {
    this.last = scope.cause;
  }

  /** `to`: places after the one where it stands; it stands at the last of them then. */
  tell(step: {
    readonly by: string;
    readonly action: string;
    readonly subject: string;
    readonly detail?: string;
    readonly to?: readonly string[];
  }): void {
    const { by: component, action, subject, detail, to = [] } = step;
    const way = [this.at, ...to];
    this.scope.resumeCause(this.last);
    this.last = this.scope.recordFor({ component, action, subject, detail, way });
    this.at = way.at(-1) ?? this.at;
  }

  /** Asks a name server, and stays where it is. */
  ask(server: string, name: string, answer: string): void {
    const { at } = this;
    this.tell({ by: server, action: 'resolve', subject: name, detail: answer, to: [server] });
    this.at = at;
  }

  /** What a node's rules make of it. */
  route(route: RouteVia): void {
    const { service, node } = route;
    const step = { by: `kube-proxy/${node}`, subject: `services ${service}`, to: [...route.by, `service/${service}`] };
    if (route.kind === 'to') {
      const detail = `${route.ip}:${route.port}, one of ${route.endpoints}`;
      this.tell({ ...step, action: 'choose', detail });
    } else if (route.kind === 'reject') this.tell({ ...step, action: 'reject', detail: noEndpoints });
    else this.tell({ ...step, action: 'drop', detail: noLocalEndpoint });
  }

  /** Policies hold it up at the pod that they select. */
  block(block: Block, at: Host): void {
    const [, namespace, name] = at.label.split('/');
    this.tell({
      by: `network-plugin/${at.node}`,
      action: 'drop',
      subject: `pods ${namespace}/${name}`,
      detail: blockText(block),
      to: block.direction === 'ingress' ? [at.label] : [],
    });
  }

  /** The packets get lost on the way. */
  lose(address: string, reason: string): void {
    this.tell({ by: 'network', action: 'lose', subject: address, detail: reason });
  }

  /** Follows what is said on an open connection: the first request, and how it is answered. */
  follow({ client, server }: { readonly client: End; readonly server: End }, ends: { from: string; to: string }): void {
    let asked = '';
    client.onFirstSent((bytes) => {
      asked = /^([A-Z]+ \S{1,200}) HTTP\/1/.exec(firstLine(bytes))?.[1] ?? '';
    });
    server.onFirstSent((bytes) => {
      const status = /^HTTP\/1\.\d (\d+.*)/.exec(firstLine(bytes))?.[1];
      if (asked === '' || status === undefined) return;
      this.tell({ by: ends.to, action: 'answer', subject: asked, detail: status, to: [ends.from] });
    });
  }
}

export const noEndpoints = 'the service has no ready endpoints';
export const noLocalEndpoint = 'its traffic policy is Local, and the node has no ready endpoint of its own';

export function blockText({ direction, policies }: Block): string {
  const what = direction === 'ingress' ? 'coming in' : 'going out';
  const [first, ...more] = policies;
  return more.length === 0
    ? `NetworkPolicy ${first} does not allow it ${what}`
    : `none of the NetworkPolicies ${policies.join(', ')} allows it ${what}`;
}

function firstLine(bytes: Uint8Array): string {
  return decodeUtf8(bytes.subarray(0, Math.min(bytes.indexOf(0x0d), lineBytesMax) + 1)).trimEnd();
}
