// etcd's members: who leads, who hears whom, and how far each has got in what they agreed on.
//
//   store (what was agreed on)   1 … 41 42 43
//   etcd-1  leader               applied 43      a write waits for the fastest quorum, then is in the store
//   etcd-2  follower             applied 43      a linearizable read waits for the same, and to have caught up
//   etcd-3  slow                 applied 41      a serializable read answers at once, as of 41
//
// Of Raft this has: terms, one leader, randomised election timeouts, pre-votes (who hears a leader votes for nobody),
// votes only for logs that are as long as one's own, leaders that step down without a quorum, the quorum's round
// trip. Messages are not sent one by one, and there is one log: what no quorum has is never in it, so that members
// need no rollback; a write is decided at its commit instead of proposed and compared then. A member that was away
// catches up from the log, which is kept for it, where etcd's leader would send a snapshot.
import { clusterId, memberId } from '../../api/etcd-database.ts';
import type { Scope, Stop } from '../sim/scope.ts';
import { perform, type Work } from '../sim/work.ts';
import { type AuthSnapshot, AuthStore } from './auth-store.ts';
import type { ClusterIdentity } from './database-file.ts';
import { diskMs, EtcdMember, hopMs, type MemberFacts, NoSpaceError, type Peers } from './member.ts';
import { CompactedError, type EtcdStore, FutureRevisionError } from './store.ts';

export interface EtcdOptions {
  readonly scope: Scope;
  readonly store: EtcdStore;
  readonly members: readonly Pick<MemberFacts, 'name' | 'ip'>[];
  readonly snapshot?: EtcdClusterSnapshot | undefined;
}

/** Plain data. */
export interface EtcdClusterSnapshot {
  readonly id: string;
  readonly term: number;
  readonly ids: Readonly<Record<string, string>>;
  readonly auth?: AuthSnapshot;
}

/** What flags allow: bytes of a request, operations of a transaction; how often watches that ask for it hear of progress. */
export interface EtcdLimits {
  readonly requestBytes: number;
  readonly operations: number;
  readonly progressMs: number;
}

const electionMs = 1000;

const defaultToken = 'etcd-cluster';

export class EtcdCluster implements Peers {
  readonly scope: Scope;
  readonly store: EtcdStore;
  readonly auth: AuthStore;
  readonly single: boolean;
  private ownId: string;
  /** What the ids of new members are made of. */
  private token = defaultToken;
  private list: readonly EtcdMember[];
  private leading: EtcdMember | undefined;
  private currentTerm: number;
  /** The leader and those that answer it first. */
  private quorum: readonly EtcdMember[] = [];
  private readonly elections = new Map<EtcdMember, Stop>();
  private readonly followers = new Set<EtcdMember>();
  private readonly listeners = new Set<() => void>();
  private readonly waiters = new Set<() => void>();
  /** Members whose database is larger than it may be. */
  private readonly alarmed = new Set<EtcdMember>();
  /** Members of before, by the addresses of their machines. */
  private readonly retired = new Map<string, EtcdMember>();
  private stepDown: Stop | undefined;
  /** How often history was forgotten, how many entries of it, and when last. */
  compactions = { count: 0, keys: 0, lastMs: 0 };
  limits: EtcdLimits = { requestBytes: 1_572_864, operations: 128, progressMs: 600_000 };
  /** The version that a downgrade which is under way goes to. */
  downgrade: string | undefined;

  constructor(options: EtcdOptions) {
    const { scope, store, snapshot, members } = options;
    this.scope = scope;
    this.store = store;
    this.auth = new AuthStore(scope);
    this.auth.load(snapshot?.auth);
    this.single = members.length === 1;
    this.list = members.map(
      ({ name, ip }) => new EtcdMember(this, { name, ip, id: snapshot?.ids[name] ?? '' }, store.revision),
    );
    this.ownId = snapshot?.id ?? '';
    if (!snapshot) this.identify();
    this.currentTerm = (snapshot?.term ?? 1) + 1;
    this.leading = this.single ? this.list[0] : scope.random('etcd').pick(this.list);
    if (this.single) return;
    scope.onStop(store.watch(() => this.followUp()));
    this.settle();
  }

  /** In hexadecimal. */
  get id(): string {
    return this.ownId;
  }

  get identity(): ClusterIdentity {
    return { id: this.id, members: this.list.map(({ id, name }) => ({ id, name })) };
  }

  get members(): readonly EtcdMember[] {
    return this.list;
  }

  /** Undefined while none has a quorum. */
  get leader(): EtcdMember | undefined {
    return this.leading;
  }

  get term(): number {
    return this.currentTerm;
  }

  /** Members that have raised the NOSPACE alarm. */
  get alarms(): readonly EtcdMember[] {
    return [...this.alarmed];
  }

  raiseAlarm(member: EtcdMember): void {
    this.alarmed.add(member);
  }

  clearAlarms(): void {
    this.alarmed.clear();
  }

  /** Throws NoSpaceError as long as there is an alarm. */
  checkSpace(): void {
    if (this.alarmed.size > 0) throw new NoSpaceError();
  }

  member(name: string): EtcdMember | undefined {
    return this.list.find((member) => member.name === name);
  }

  /** The leader that a member knows. */
  leaderOf(member: EtcdMember): EtcdMember | undefined {
    const leader = this.leading;
    return member.running && leader?.running && connected(member, leader) ? leader : undefined;
  }

  /** The leader hands over. */
  moveLeader(to: EtcdMember): void {
    this.lead(to);
  }

  /**
   * A new member, which nobody has started yet: it counts for the quorum unless it is a learner. One that a machine here
   * was before gets its new identity when that machine starts it again.
   */
  add(peerUrl: string, learner: boolean): EtcdMember {
    const id = this.idOf(peerUrl);
    const ip = /^https?:\/\/([^/:]+)/.exec(peerUrl)?.[1] ?? '';
    const known = this.retired.get(ip);
    this.retired.delete(ip);
    const member = known ?? new EtcdMember(this, { name: '', ip, id }, 1);
    member.joinAs({ id, peerUrl, learner });
    this.list = [...this.list, member];
    member.stop();
    return member;
  }

  /** Gives a learner its vote. */
  promote(member: EtcdMember): void {
    member.learner = false;
    this.settle();
  }

  remove(member: EtcdMember): void {
    this.list = this.list.filter((each) => each !== member);
    this.alarmed.delete(member);
    if (member.name !== '') this.retired.set(member.ip, member);
    member.stop();
  }

  /** Throws what etcd says of a revision that cannot be compacted to. */
  checkCompaction(revision: number): void {
    if (revision <= (this.store.compactRevision || -1)) throw new CompactedError(this.store.compactRevision);
    if (revision > this.store.revision) throw new FutureRevisionError();
  }

  /** Forgets old history, but for what a member has yet to apply. */
  compact(revision: number): void {
    const started = this.list.filter(({ name }) => name !== '');
    const dropped = this.store.compact(Math.min(revision, ...started.map(({ applied }) => applied)));
    const { count, keys } = this.compactions;
    this.compactions = { count: count + 1, keys: keys + dropped, lastMs: this.scope.now };
  }

  snapshot(): EtcdClusterSnapshot {
    const ids = Object.fromEntries(this.list.map(({ name, id }) => [name, id]));
    return { id: this.id, term: this.term, ids, auth: this.auth.snapshot() };
  }

  /**
   * What was agreed on is another now: every member has it from the beginning, and is who the database says; without
   * that a cluster of a token begins.
   */
  restarted(identity: ClusterIdentity | undefined, token = defaultToken): void {
    this.token = token;
    this.identify(identity);
    for (const member of this.list) member.restarted(this.store.revision);
    this.currentTerm++;
    this.settle();
  }

  roundTripMs(member: EtcdMember): number | undefined {
    if (this.single) return member.running ? 0 : undefined;
    const leader = this.leaderOf(member);
    if (!leader || this.quorum.length < this.quorumSize()) return undefined;
    const last = this.quorum.at(-1);
    const forward = member === leader ? 0 : 2 * hopMs + member.slowMs;
    return forward + (last ? ackMs(last, leader) : 0);
  }

  *changed(maxMs: number): Work<void> {
    yield* perform<void>((settle) => {
      const done = (): void => settle.value();
      const stop = this.scope.schedule(maxMs, () => {
        this.waiters.delete(wake);
        done();
      });
      const wake = (): void => {
        stop();
        this.waiters.delete(wake);
        this.scope.schedule(0, done);
      };
      this.waiters.add(wake);
      return () => {
        stop();
        this.waiters.delete(wake);
      };
    });
  }

  settle(): void {
    if (this.single) return;
    for (const member of this.quorum) member.loggedTo = this.store.revision;
    const leader = this.leading;
    if (leader && (!leader.running || !this.list.includes(leader))) this.leading = undefined;
    this.quorum = this.fastest();
    const led = this.quorum.length >= this.quorumSize();
    if (led) {
      this.stepDown?.();
      this.stepDown = undefined;
    } else if (this.leading) this.stepDown ??= this.scope.schedule(electionMs, () => this.leave());
    for (const member of this.list) {
      if (member.running && !this.leaderOf(member)) this.arm(member);
      else this.disarm(member);
    }
    this.followUp();
    this.wake();
  }

  /** The leader's quorum in the order of their answers; fewer where fewer are to be had. */
  private fastest(): readonly EtcdMember[] {
    const leader = this.leading;
    if (!leader) return [];
    return this.list
      .filter((member) => !member.learner && this.leaderOf(member))
      .sort((a, b) => ackMs(a, leader) - ackMs(b, leader))
      .slice(0, this.quorumSize());
  }

  private quorumSize(): number {
    return Math.floor(this.list.filter(({ learner }) => !learner).length / 2) + 1;
  }

  /** A leader that has heard too few for an election timeout leads no more. */
  private leave(): void {
    this.stepDown = undefined;
    this.leading = undefined;
    this.settle();
  }

  /** Stands for election unless a leader is heard of before. */
  private arm(member: EtcdMember): void {
    if (this.elections.has(member) || member.learner) return;
    const timeoutMs = this.scope.random('etcd/elections').jitter(electionMs, 1);
    const stop = this.scope.schedule(timeoutMs, () => {
      this.elections.delete(member);
      this.campaign(member);
    });
    this.elections.set(member, stop);
  }

  private disarm(member: EtcdMember): void {
    this.elections.get(member)?.();
    this.elections.delete(member);
  }

  private campaign(candidate: EtcdMember): void {
    const led = this.quorum.length >= this.quorumSize();
    const votes = this.list.filter(
      (voter) =>
        !voter.learner &&
        voter.running &&
        connected(voter, candidate) &&
        voter.loggedTo <= candidate.loggedTo &&
        !(led && this.leaderOf(voter)),
    );
    if (votes.length >= this.quorumSize()) this.lead(candidate);
    else this.arm(candidate);
  }

  /** Gives ids: those that are known, else to the first member that which it begins a cluster with. */
  private identify(known?: ClusterIdentity): void {
    for (const [at, member] of this.list.entries())
      member.id = known?.members.find(({ name }) => name === member.name)?.id ?? this.idOf(member.peerUrl, at === 0);
    this.ownId = known?.id ?? clusterId(this.list.slice(0, 1).map(({ id }) => id));
  }

  private idOf(peerUrl: string, isFirst = false): string {
    const addedAtMs = isFirst ? undefined : this.scope.now;
    return memberId({ peerUrls: [peerUrl], token: this.token, ...(addedAtMs !== undefined && { addedAtMs }) });
  }

  private lead(member: EtcdMember): void {
    this.leading = member;
    this.currentTerm++;
    this.scope.record('elected', member.name, `term ${this.term}`);
    this.settle();
  }

  /** Lets everybody who hears the leader apply what was agreed on. */
  private followUp(): void {
    for (const member of this.list) {
      const leader = this.leaderOf(member);
      if (!leader || member.applied === this.store.revision || this.followers.has(member)) continue;
      this.follow(member, (member === leader ? 0 : hopMs + diskMs) + member.slowMs);
    }
  }

  private follow(member: EtcdMember, delayMs: number): void {
    const { revision } = this.store;
    this.followers.add(member);
    this.scope.schedule(delayMs, () => {
      this.followers.delete(member);
      if (!this.leaderOf(member)) return;
      member.advance(revision);
      this.followUp();
      this.wake();
    });
  }

  /** Calls after anything has changed: who runs, who leads, what is applied. Returns how to stop. */
  onChange(run: () => void): Stop {
    this.listeners.add(run);
    return () => this.listeners.delete(run);
  }

  private wake(): void {
    for (const run of this.listeners) run();
    for (const wake of [...this.waiters]) wake();
  }
}

/** From the leader's sending an entry to its having the member's answer. */
function ackMs(member: EtcdMember, leader: EtcdMember): number {
  return (member === leader ? 0 : 2 * hopMs) + diskMs + member.slowMs;
}

function connected(a: EtcdMember, b: EtcdMember): boolean {
  return a === b || !(a.cut || b.cut);
}
