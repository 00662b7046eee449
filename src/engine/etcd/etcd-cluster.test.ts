import { describe, expect, test } from 'vitest';
import { Simulation } from '../sim/simulation.ts';
import type { Work } from '../sim/work.ts';
import { EtcdConnection } from './connection.ts';
import { EtcdCluster } from './etcd-cluster.ts';
import type { EtcdMember } from './member.ts';
import { EtcdStore } from './store.ts';

const ms = 1;
const second = 1000;

function setUp(size = 3, seed = 1) {
  const simulation = new Simulation({ seed, startsAt: 0 });
  const store = new EtcdStore();
  const names = [...Array(size).keys()].map((i) => ({ name: `etcd-${i}`, ip: `10.0.0.${i}` }));
  const etcd = new EtcdCluster({ scope: simulation.root, store, members: names });
  const member = (i: number): EtcdMember => {
    const found = etcd.members[i];
    if (!found) throw new Error(`no member ${i}`);
    return found;
  };
  const leader = (): EtcdMember => {
    const found = etcd.members.find((each) => each.running && etcd.leaderOf(each) === each);
    if (!found) throw new Error('no leader');
    return found;
  };
  const follower = (): EtcdMember => {
    const found = etcd.members.find((each) => etcd.leaderOf(each) !== each);
    if (!found) throw new Error('no follower');
    return found;
  };
  /** A write through a member: how it ended, and when. */
  const write = (through: EtcdMember, value = 'x', key = 'key'): { text: string } => {
    const result = { text: 'waiting' };
    const began = simulation.now;
    function* work(): Work<number> {
      yield* through.agree('write');
      store.put(key, value);
      yield* through.reach(store.revision);
      return simulation.now - began;
    }
    simulation.root.run(
      work(),
      (took) => {
        result.text = `written after ${took} ms`;
      },
      (error) => {
        result.text = `${error instanceof Error ? error.message : error} (${Math.round(simulation.now - began)} ms)`;
      },
    );
    return result;
  };
  return { simulation, store, etcd, member, leader, follower, write };
}

describe('writes', () => {
  test('one takes a round trip to the fastest quorum, and a follower forwards it', () => {
    const { simulation, leader, follower, write } = setUp();
    const [first, second] = [write(leader()), write(follower())];
    simulation.runFor(10 * ms);
    expect([first.text, second.text]).toEqual(['written after 1.25 ms', 'written after 3.25 ms']);
  });

  test('a slow follower of three holds nobody up, two of them hold up all', () => {
    const { simulation, etcd, leader, write } = setUp();
    const slow = etcd.members.filter((each) => each !== leader());
    slow[0]?.slow(200);
    const first = write(leader());
    simulation.runFor(second);
    slow[1]?.slow(100);
    const next = write(leader());
    simulation.runFor(second);
    expect([first.text, next.text]).toEqual(['written after 1.25 ms', 'written after 101.25 ms']);
  });

  test('without a quorum a write times out, and reads of one member go on', () => {
    const { simulation, store, member, write } = setUp();
    write(member(0));
    simulation.runFor(second);
    member(1).stop();
    member(2).stop();
    const lost = write(member(0), 'y');
    simulation.runFor(10 * second);
    expect(lost.text).toBe('etcdserver: request timed out (7000 ms)');
    expect(store.get('key', member(0).applied)?.value).toBe('x');
  });

  test('a write that waits goes through when the quorum comes back', () => {
    const { simulation, member, write } = setUp();
    member(1).stop();
    member(2).stop();
    const waiting = write(member(0));
    simulation.runFor(3 * second);
    member(1).start();
    simulation.runFor(4 * second);
    expect(waiting.text).toMatch(/^written after/);
  });

  test('one that was under way when its leader went down is lost', () => {
    const { simulation, leader, follower, write } = setUp();
    const old = leader();
    const lost = write(follower());
    simulation.runFor(0.5 * ms);
    old.stop();
    simulation.runFor(10 * second);
    expect(lost.text).toBe('etcdserver: request timed out, possibly due to previous leader failure (7000 ms)');
  });

  test('nothing listens where a member has stopped', () => {
    const { simulation, member, write } = setUp();
    member(1).stop();
    const refused = write(member(1));
    simulation.runFor(second);
    expect(refused.text).toContain('dial tcp 127.0.0.1:2379: connect: connection refused');
  });
});

describe('elections', () => {
  test('another member leads within a few election timeouts when the leader stops, in a new term', () => {
    const { simulation, etcd, leader } = setUp();
    const [old, { term }] = [leader(), etcd];
    old.stop();
    simulation.runFor(3 * second);
    expect(leader()).not.toBe(old);
    expect(etcd.term).toBe(term + 1);
    old.start();
    simulation.runFor(3 * second);
    expect(etcd.leaderOf(old)).toBe(leader());
    expect(etcd.term).toBe(term + 1);
  });

  test('a leader cut off from the others steps down and stands for nothing that it could win', () => {
    const { simulation, etcd, leader, write } = setUp();
    const [old, { term }] = [leader(), etcd];
    old.partition(true);
    const stuck = write(old);
    simulation.runFor(10 * second);
    expect(etcd.leaderOf(old)).toBeUndefined();
    expect(stuck.text).toBe('etcdserver: request timed out (7000 ms)');
    expect(etcd.term).toBe(term + 1);
    old.partition(false);
    simulation.runFor(second);
    expect(etcd.leaderOf(old)).toBe(leader());
    expect(etcd.term).toBe(term + 1);
  });

  test('who lacks what was agreed on is not elected', () => {
    const { simulation, etcd, leader, write } = setUp();
    const old = leader();
    const [lagging, fresh] = etcd.members.filter((each) => each !== old);
    lagging?.slow(60 * second);
    simulation.runFor(ms);
    write(old);
    simulation.runFor(second);
    old.stop();
    lagging?.slow(0);
    simulation.runFor(10 * second);
    expect(leader()).toBe(fresh);
  });

  test('five members bear the loss of two, not of three', () => {
    const { simulation, member, write } = setUp(5);
    member(0).stop();
    member(1).stop();
    simulation.runFor(5 * second);
    const two = write(member(2));
    simulation.runFor(second);
    member(4).stop();
    simulation.runFor(5 * second);
    const three = write(member(2));
    simulation.runFor(10 * second);
    expect(two.text).toMatch(/^written/);
    expect(three.text).toMatch(/^etcdserver: request timed out/);
  });

  test('a read that waited for a leader is told that there is a new one', () => {
    const { simulation, leader, follower } = setUp();
    const reader = follower();
    leader().stop();
    let text = '';
    simulation.root.run(
      reader.agree('read'),
      () => {},
      (error) => {
        text = String(error);
      },
    );
    simulation.runFor(5 * second);
    expect(text).toBe('EtcdError: etcdserver: leader changed');
  });
});

test('a member that was away catches up in order, and the history that it needs is kept for it', () => {
  const { simulation, store, etcd, leader, write } = setUp();
  const away = etcd.members.find((each) => each !== leader());
  if (!away) throw new Error('no follower');
  const seen: unknown[] = [];
  new EtcdConnection(etcd, away).watch((event) => seen.push(event.current.value));
  away.partition(true);
  for (const value of ['a', 'b', 'c']) {
    write(leader(), value);
    simulation.runFor(second);
  }
  etcd.compact(store.revision);
  expect([away.applied, store.revision, seen]).toEqual([1, 4, []]);
  away.partition(false);
  simulation.runFor(second);
  expect([away.applied, seen]).toEqual([4, ['a', 'b', 'c']]);
  etcd.compact(store.revision);
  expect(store.compactRevision).toBe(4);
});

test('the same seed elects the same leaders', () => {
  const leaders = (seed: number): string => {
    const { simulation, leader } = setUp(5, seed);
    const names: string[] = [];
    for (let round = 0; round < 6; round++) {
      const old = leader();
      names.push(old.name);
      old.stop();
      simulation.runFor(10 * second);
      old.start();
      simulation.runFor(10 * second);
    }
    return names.join(' ');
  };
  expect(leaders(7)).toBe(leaders(7));
  expect(leaders(7)).not.toBe(leaders(8));
});

test('a connection goes over to another member, and hears of nothing twice', () => {
  const { simulation, store, etcd, member, write } = setUp();
  const connection = new EtcdConnection(etcd, member(0));
  const seen: unknown[] = [];
  connection.watch((event) => seen.push(event.current.value));
  write(member(1), 'a');
  simulation.runFor(second);
  member(0).stop();
  simulation.runFor(5 * second);
  write(member(1), 'b');
  simulation.runFor(second);
  expect([seen, connection.applied, connection.healthy]).toEqual([['a', 'b'], store.revision, true]);
  member(0).start();
  simulation.runFor(second);
  write(member(2), 'c');
  simulation.runFor(second);
  expect(seen).toEqual(['a', 'b', 'c']);
});

test('one member alone never waits', () => {
  const { etcd, member, simulation } = setUp(1);
  const connection = new EtcdConnection(etcd, member(0));
  expect([connection.immediate, etcd.leaderOf(member(0)), simulation.nextAt]).toEqual([true, member(0), undefined]);
  member(0).stop();
  expect([connection.immediate, connection.healthy]).toEqual([false, false]);
});
