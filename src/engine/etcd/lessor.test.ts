import { expect, test } from 'vitest';
import { Simulation } from '../sim/simulation.ts';
import { Lessor } from './lessor.ts';
import { EtcdStore } from './store.ts';

function setUp() {
  const simulation = new Simulation({ seed: 1, startsAt: 0 });
  const store = new EtcdStore();
  const lessor = new Lessor(simulation.root, store);
  return { simulation, store, lessor, keys: () => store.range('', '\u{ffff}').items.map(({ key }) => key) };
}

test('the keys of a lease go when its time is over, and the others stay', () => {
  const { simulation, store, lessor, keys } = setUp();
  const lease = lessor.grant(60);
  store.put('a', 1, { lease });
  store.put('b', 1);
  simulation.runFor(59_999);
  expect(keys()).toEqual(['a', 'b']);
  simulation.runFor(1);
  expect(keys()).toEqual(['b']);
});

test('a lease that is kept alive lives on', () => {
  const { simulation, store, lessor, keys } = setUp();
  const lease = lessor.grant(60);
  store.put('a', 1, { lease });
  simulation.runFor(50_000);
  expect(lessor.keepAlive(lease)).toBe(60);
  expect(lessor.timeToLive(lease)).toEqual({ grantedSeconds: 60, leftSeconds: 60 });
  simulation.runFor(50_000);
  expect(keys()).toEqual(['a']);
  simulation.runFor(10_000);
  expect(keys()).toEqual([]);
  expect(() => lessor.keepAlive(lease)).toThrow('etcdserver: requested lease not found');
});

test('a key that was written again hangs on the lease of the last write', () => {
  const { simulation, store, lessor, keys } = setUp();
  const first = lessor.grant(10);
  const second = lessor.grant(20);
  store.put('a', 1, { lease: first });
  store.put('a', 2, { lease: second });
  expect(store.leaseKeys(first)).toEqual([]);
  simulation.runFor(10_000);
  expect(keys()).toEqual(['a']);
  simulation.runFor(10_000);
  expect(keys()).toEqual([]);
});

test('leases age, and go on from a snapshot', () => {
  const { simulation, store, lessor } = setUp();
  store.put('short', 1, { lease: lessor.grant(3600) });
  store.put('long', 1, { lease: lessor.grant(7200) });
  lessor.age(3_600_000);
  expect(lessor.snapshot()).toEqual([{ id: 2, ttlSeconds: 7200, endsAt: 3_600_000 }]);
  const again = EtcdStore.restore(store.snapshot());
  const restored = new Lessor(simulation.root, again, lessor.snapshot());
  expect(again.leaseKeys(2)).toEqual(['long']);
  restored.revoke(2);
  expect(again.get('long')).toBeUndefined();
  expect(lessor.ids()).toEqual([2]);
});
