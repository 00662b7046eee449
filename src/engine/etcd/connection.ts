// An API server's connection to etcd: to the member beside it as long as that runs, else to another one.
import type { Scope, Stop } from '../sim/scope.ts';
import type { Work } from '../sim/work.ts';
import type { EtcdCluster } from './etcd-cluster.ts';
import { EtcdError, type EtcdMember, requestTimeoutMs } from './member.ts';
import type { EtcdEvent } from './store.ts';

/** Whom its certificate names, and the keys that it is about, where etcd asks who may do what. */
const ownName = 'kube-apiserver-etcd-client';
const registry = { key: '/registry/', end: '/registry0' };

export class EtcdConnection {
  readonly scope: Scope;
  /** Whether it is the cluster's only member. */
  readonly alone: boolean;
  readonly close: Stop;
  private seen: number;
  private readonly watchers = new Set<(event: EtcdEvent) => void>();

  constructor(
    private readonly cluster: EtcdCluster,
    private readonly beside: EtcdMember,
  ) {
    this.scope = cluster.scope;
    this.alone = cluster.single;
    this.seen = beside.applied;
    this.close = this.alone ? () => {} : cluster.onChange(() => this.passOn());
  }

  /** The revision up to which changes have come in. */
  get applied(): number {
    return this.alone ? this.cluster.store.revision : this.seen;
  }

  /** The revision that the members have agreed on. */
  get committed(): number {
    return this.cluster.store.revision;
  }

  /** Requests need not wait for anybody. */
  get immediate(): boolean {
    return this.alone && serves(this.beside) && this.cluster.alarms.length === 0 && !this.cluster.auth.enabled;
  }

  /** Whether a quorum is to be had from here. */
  get healthy(): boolean {
    const member = this.member();
    return member !== undefined && this.cluster.roundTripMs(member) !== undefined;
  }

  /** Calls `listener` with every change when the member has applied it, in order. Returns how to stop. */
  watch(listener: (event: EtcdEvent) => void): Stop {
    this.watchers.add(listener);
    return () => this.watchers.delete(listener);
  }

  /** As EtcdMember's: a quorum agrees, and all that it agreed on before has come in. Throws EtcdError. */
  *agree(kind: 'read' | 'write'): Work<void> {
    const member = this.member();
    if (!member) throw refused();
    this.cluster.auth.check(ownName, kind === 'read' ? 'READ' : 'WRITE', registry);
    yield* member.agree(kind);
    yield* this.reach(this.committed);
  }

  /** Waits until a revision has come in, at most so long. Throws EtcdError. */
  *reach(revision: number, withinMs = requestTimeoutMs): Work<void> {
    const until = this.scope.now + withinMs;
    while (this.applied < revision) {
      if (!this.member()) throw refused();
      const leftMs = until - this.scope.now;
      if (leftMs <= 0) throw new EtcdError('etcdserver: request timed out');
      yield* this.cluster.changed(leftMs);
    }
  }

  /** Throws NoSpaceError when nothing can be put. */
  checkSpace(): void {
    this.cluster.checkSpace();
  }

  compact(revision: number): void {
    this.cluster.compact(revision);
  }

  /** The member that answers; undefined: none within reach runs. */
  private member(): EtcdMember | undefined {
    const { beside } = this;
    if (serves(beside)) return beside;
    return beside.cut ? undefined : this.cluster.members.find((member) => serves(member) && !member.cut);
  }

  private passOn(): void {
    const applied = this.member()?.applied ?? 0;
    this.seen = Math.min(this.seen, this.committed);
    if (applied <= this.seen) return;
    for (const event of this.cluster.store.changesAfter(this.seen)) {
      if (event.current.modRevision > applied) break;
      this.seen = event.current.modRevision;
      for (const watcher of this.watchers) watcher(event);
    }
  }
}

function serves({ running, found }: EtcdMember): boolean {
  return running && found;
}

function refused(): EtcdError {
  const dial = 'dial tcp 127.0.0.1:2379: connect: connection refused';
  return new EtcdError(
    `rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: ${dial}"`,
  );
}
