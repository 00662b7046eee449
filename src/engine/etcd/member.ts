// One member of an etcd cluster, as its clients meet it: what it has applied, and what it can have agreed on.
import type { Scope } from '../sim/scope.ts';
import type { Work } from '../sim/work.ts';
import type { EtcdStore } from './store.ts';

/** etcd's own words for why it cannot answer. */
export class EtcdError extends Error {
  override name = 'EtcdError';
}

/** What was asked for makes no sense. */
export class InvalidArgumentError extends EtcdError {}

/** What was asked for cannot be done as things are. */
export class PreconditionError extends EtcdError {}

export class MemberNotFoundError extends EtcdError {
  constructor() {
    super('etcdserver: member not found');
  }
}

/** What Kubernetes v1.36 comes with. */
export const etcdVersion = '3.6.8';

/** One way between members, and writing to a disk. */
export const hopMs = 0.25;
export const diskMs = 0.75;

export const leaderChanged = 'etcdserver: leader changed';

/** The database is as large as it may be: nothing can be put until somebody has made room and disarmed the alarm. */
export class NoSpaceError extends EtcdError {
  constructor() {
    super('etcdserver: mvcc: database space exceeded');
  }
}

/** What a member needs of the cluster that it is part of. */
export interface Peers {
  readonly scope: Scope;
  readonly store: EtcdStore;
  readonly term: number;
  /** Whether the cluster is this member alone. */
  readonly single: boolean;
  /** From a proposal at that member to its commit; undefined: it reaches no leader that has a quorum. */
  roundTripMs(member: EtcdMember): number | undefined;
  /** Waits until anything is different, at most so long. */
  changed(maxMs: number): Work<void>;
  /** Looks again at who leads, after something has changed. */
  settle(): void;
}

export interface MemberFacts {
  readonly name: string;
  readonly ip: string;
  /** In hexadecimal. */
  readonly id: string;
}

/** How long a request waits for the others, as etcd reckons it: five seconds and two election timeouts. */
export const requestTimeoutMs = 7000;

export class EtcdMember {
  /** Empty until it is started. */
  name: string;
  readonly ip: string;
  id: string;
  private readonly ownName: string;
  /** Where the others reach it. */
  peerUrl: string;
  /** Whether the API server beside it finds it at the port where it looks. */
  found = true;
  /** Has no vote. */
  learner = false;
  /** Called before its disk or line becomes slower or faster. */
  beforeSlow: () => void = () => {};
  /** What it has proposed and not heard of yet, and what it never had agreed on since the world began. */
  pendingProposals = 0;
  failedProposals = 0;
  failedReads = 0;
  private isRunning = true;
  private isCut = false;
  private delayMs = 0;
  private appliedTo: number;
  /** How far its log reaches on its disk. */
  loggedTo: number;

  constructor(
    private readonly peers: Peers,
    facts: MemberFacts,
    appliedTo: number,
  ) {
    this.name = facts.name;
    this.ownName = facts.name;
    this.ip = facts.ip;
    this.id = facts.id;
    this.peerUrl = `https://${facts.ip}:2380`;
    this.appliedTo = appliedTo;
    this.loggedTo = appliedTo;
  }

  get running(): boolean {
    return this.isRunning;
  }

  /** Off the network: no other member reaches it. */
  get cut(): boolean {
    return this.isCut;
  }

  /** What a slow disk or line adds to all that it does. */
  get slowMs(): number {
    return this.delayMs;
  }

  /** The revision that its own state is at: what it answers without asking the others. */
  get applied(): number {
    return this.peers.single ? this.peers.store.revision : this.appliedTo;
  }

  stop(): void {
    this.isRunning = false;
    this.peers.settle();
  }

  start(): void {
    this.isRunning = true;
    this.name = this.ownName;
    this.peers.settle();
  }

  partition(cut: boolean): void {
    this.isCut = cut;
    this.peers.settle();
  }

  slow(delayMs: number): void {
    this.beforeSlow();
    this.delayMs = delayMs;
    this.peers.settle();
  }

  /**
   * Waits until a quorum would agree to a write here and now, or has confirmed the leader for a linearizable read, and
   * until this member has applied all that was agreed on before. Throws EtcdError.
   */
  *agree(kind: 'read' | 'write'): Work<void> {
    if (kind === 'write') this.pendingProposals++;
    try {
      yield* this.agreed(kind);
    } catch (error) {
      if (kind === 'write') this.failedProposals++;
      else this.failedReads++;
      throw error;
    } finally {
      if (kind === 'write') this.pendingProposals--;
    }
  }

  private *agreed(kind: 'read' | 'write'): Work<void> {
    const { peers } = this;
    const until = peers.scope.now + requestTimeoutMs;
    for (let waited = false, lost = false; ; waited = true) {
      this.checkRunning();
      const { term } = peers;
      const tripMs = lost ? undefined : peers.roundTripMs(this);
      if (tripMs !== undefined) {
        if (waited && kind === 'read') throw new EtcdError(leaderChanged);
        yield* peers.scope.sleep(tripMs);
        this.checkRunning();
        if (peers.term === term && peers.roundTripMs(this) !== undefined) break;
        lost = kind === 'write'; // the proposal went down with its leader
      }
      const leftMs = until - peers.scope.now;
      if (leftMs <= 0) throw new EtcdError(timeoutText(lost));
      yield* peers.changed(leftMs);
    }
    yield* this.reach(peers.store.revision, until - peers.scope.now);
  }

  /** Waits until it has applied a revision, at most so long. Throws EtcdError. */
  *reach(revision: number, withinMs = requestTimeoutMs): Work<void> {
    const until = this.peers.scope.now + withinMs;
    while (this.applied < revision) {
      this.checkRunning();
      const leftMs = until - this.peers.scope.now;
      if (leftMs <= 0) throw new EtcdError(timeoutText(false));
      yield* this.peers.changed(leftMs);
    }
  }

  /** Throws what a client finds where nothing listens. */
  checkRunning(): void {
    if (this.isRunning) return;
    const dial = 'dial tcp 127.0.0.1:2379: connect: connection refused';
    throw new EtcdError(
      `rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: ${dial}"`,
    );
  }

  /** Is to be another member from now on, which has nothing yet. For the cluster alone. */
  joinAs({ id, peerUrl, learner }: { readonly id: string; readonly peerUrl: string; readonly learner: boolean }): void {
    this.id = id;
    this.name = '';
    this.peerUrl = peerUrl;
    this.learner = learner;
    this.appliedTo = 1;
    this.loggedTo = 1;
  }

  /** Has begun anew, at a revision. For the cluster alone. */
  restarted(revision: number): void {
    this.appliedTo = revision;
    this.loggedTo = revision;
  }

  /** Has applied what was agreed on, up to a revision. For the cluster alone. */
  advance(revision: number): void {
    this.appliedTo = Math.max(this.appliedTo, revision);
    this.loggedTo = Math.max(this.loggedTo, revision);
  }
}

function timeoutText(lost: boolean): string {
  return `etcdserver: request timed out${lost ? ', possibly due to previous leader failure' : ''}`;
}
