// Leader election, as client-go's: of several candidates one holds a Lease and works. It renews the Lease every two
// seconds; who cannot renew it for ten gives up, and after fifteen without a renewal another takes it.
import { leases } from '../../api/generated/resources.ts';
import type { Lease } from '../../api/generated/types.ts';
import { ApiError, isNotFound } from '../../api/status.ts';
import { formatMicroTime } from '../../base/time.ts';
import type { Scope, Stop } from '../sim/scope.ts';
import type { Work } from '../sim/work.ts';
import type { Client } from './client.ts';
import type { EventRecorder } from './events.ts';
import { TransportError } from './transport.ts';

const leaseSeconds = 15;
const renewDeadlineMs = 10_000;
const retryMs = 2000;
const retryJitter = 1.2;

export interface Candidacy {
  readonly scope: Scope;
  readonly client: Client;
  readonly events: EventRecorder;
  /** The Lease, e.g. `kube-scheduler`. */
  readonly lease: string;
  /** Default kube-system. */
  readonly namespace?: string | undefined;
  /** Who this is, e.g. `control-plane-1_6d5…`. */
  readonly identity: string;
  /** Starts to work; the scope stops when the Lease is lost. */
  lead(term: Scope): void;
}

export function standForLeader(candidacy: Candidacy): void {
  candidacy.scope.spawn(new Candidate(candidacy).run());
}

class Candidate {
  /** The Lease as last seen, and when it was seen to change: clocks of others are not to be trusted. */
  private seen: { readonly holder: string; readonly renewTime: string; readonly at: number } | undefined;

  constructor(private readonly own: Candidacy) {}

  *run(): Work<void> {
    const { scope } = this.own;
    const random = scope.random();
    for (;;) {
      while (!(yield* this.attempt())) yield* scope.round(random.jitter(retryMs, retryJitter));
      yield* this.lead();
    }
  }

  /** Works until the Lease is lost. */
  private *lead(): Work<void> {
    const { scope, lease, identity, lead } = this.own;
    scope.record('lead', lease, identity);
    const term = scope.child(scope.name);
    let giveUp: Stop = () => {};
    const renewed = (): void => {
      giveUp();
      giveUp = scope.schedule(renewDeadlineMs, () => term.stop());
    };
    renewed();
    lead(term);
    while (term.live) {
      yield* scope.round(retryMs);
      if (!term.live) break;
      if (yield* this.attempt()) renewed();
      else if (this.seen && this.seen.holder !== identity) break;
    }
    giveUp();
    term.stop();
    scope.record('lost', lease, identity);
  }

  /** Takes or renews the Lease; whether it is held now. */
  private *attempt(): Work<boolean> {
    try {
      return yield* this.takeOrRenew();
    } catch (error) {
      if (error instanceof ApiError || error instanceof TransportError) return false;
      throw error;
    }
  }

  private *takeOrRenew(): Work<boolean> {
    const { scope, client, lease: name, namespace = 'kube-system', identity } = this.own;
    const known = yield* this.current();
    const renewTime = formatMicroTime(scope.now);
    const fresh = { holderIdentity: identity, leaseDurationSeconds: leaseSeconds, renewTime };
    if (!known) {
      const metadata = { name, namespace };
      const spec = { ...fresh, acquireTime: renewTime, leaseTransitions: 0 };
      this.won(yield* client.create(leases, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec }));
      return true;
    }
    this.look(known);
    const { holderIdentity = '', leaseTransitions = 0, acquireTime } = known.spec ?? {};
    const mine = holderIdentity === identity;
    const runsUntil = (this.seen?.at ?? 0) + leaseSeconds * 1000;
    if (!mine && holderIdentity !== '' && runsUntil > scope.now) return false;
    const spec = mine
      ? { ...known.spec, ...fresh, acquireTime }
      : { ...known.spec, ...fresh, acquireTime: renewTime, leaseTransitions: leaseTransitions + 1 };
    const written = yield* client.update(leases, { ...known, spec });
    if (mine) this.look(written);
    else this.won(written);
    return true;
  }

  private *current(): Work<Lease | undefined> {
    const { client, namespace = 'kube-system', lease: name } = this.own;
    try {
      return yield* client.get(leases, { namespace, name });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  private look({ spec }: Lease): void {
    const { holderIdentity: holder = '', renewTime = '' } = spec ?? {};
    if (this.seen?.holder === holder && this.seen.renewTime === renewTime) return;
    this.seen = { holder, renewTime, at: this.own.scope.now };
  }

  private won(lease: Lease): void {
    const { events, identity } = this.own;
    this.look(lease);
    const message = `${identity} became leader`;
    events.record(lease, { type: 'Normal', reason: 'LeaderElection', message, action: 'LeaderElection' });
  }
}
