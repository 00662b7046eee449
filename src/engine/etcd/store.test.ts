import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CompactedError, EtcdStore, FutureRevisionError } from './store.ts';

/** The picture at the top of store.ts. */
function drawn(): EtcdStore {
  const store = new EtcdStore();
  for (let i = 0; i < 3; i++) store.put('/x', i);
  store.put('/a', 'v1');
  store.put('/b', 'v1');
  store.put('/a', 'v2');
  store.put('/x', 'v9');
  store.delete('/a');
  return store;
}

describe('revisions', () => {
  test('every change takes the next one, and a key is seen as of any of them', () => {
    const store = drawn();
    expect(store.revision).toBe(9);
    expect([4, 5, 6, 7, 8, 9].map((revision) => store.get('/a', revision)?.value)).toEqual([
      undefined,
      'v1',
      'v1',
      'v2',
      'v2',
      undefined,
    ]);
    expect(store.get('/a', 7)).toMatchObject({ createRevision: 5, modRevision: 7, version: 2 });
    expect(() => store.get('/a', 10)).toThrow(FutureRevisionError);
  });

  test('compaction drops what was overwritten and refuses to look behind it', () => {
    const store = drawn();
    store.compact(7);
    expect(store.get('/a', 7)?.value).toBe('v2');
    expect(() => store.get('/a', 6)).toThrow(CompactedError);
    expect(() => store.changesAfter(6)).toThrow('etcdserver: mvcc: required revision has been compacted');
    expect(store.changesAfter(7).map((event) => `${event.type} ${event.current.key}`)).toEqual(['put /x', 'delete /a']);
    store.compact(9);
    expect(store.range('/', '0').items.map((item) => item.key)).toEqual(['/b', '/x']);
  });
});

describe('writes', () => {
  test('compare and swap: of two writers with the same view the second fails', () => {
    const store = new EtcdStore();
    const made = store.put('/a', 1, { expected: 0 });
    expect(store.put('/a', 2, { expected: 0 })).toBeUndefined();
    expect(store.put('/a', 2, { expected: made?.modRevision })?.version).toBe(2);
    expect(store.put('/a', 3, { expected: made?.modRevision })).toBeUndefined();
    expect(store.delete('/a', { expected: made?.modRevision })).toBeUndefined();
  });

  test('a revoked lease takes along the keys that still hang on it', () => {
    const store = new EtcdStore();
    const lease = store.grantLease();
    store.put('/leased', 1, { lease });
    store.put('/freed', 1, { lease });
    store.put('/freed', 2);
    store.revokeLease(lease);
    expect(store.range('', '~').items.map((item) => item.key)).toEqual(['/freed']);
  });
});

test('ranges give key order, stop at the limit and count what they left', () => {
  const store = new EtcdStore();
  for (const key of ['/p/c', '/p/a', '/q/z', '/p/b']) store.put(key, key);
  const { items, more, count } = store.range('/p/', '/p0', { limit: 2 });
  expect({ keys: items.map((item) => item.key), more, count }).toEqual({
    keys: ['/p/a', '/p/b'],
    more: true,
    count: 3,
  });
});

test('for any history, changes after any revision rebuild the present from the past', () => {
  const change = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.option(fc.nat(9)));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), fc.nat(40), (changes, from) => {
      const store = new EtcdStore();
      for (const [key, value] of changes)
        if (value === null) store.delete(key);
        else store.put(key, value);
      const past = Math.min(1 + from, store.revision);
      const state = new Map(store.range('', '~', { revision: past }).items.map((item) => [item.key, item.value]));
      for (const event of store.changesAfter(past)) {
        if (event.type === 'put') state.set(event.current.key, event.current.value);
        else state.delete(event.current.key);
      }
      expect([...state].sort()).toEqual(store.range('', '~').items.map((item) => [item.key, item.value]));
    }),
  );
});

test('for any transactions, each is one revision or none, and every revision between two compactions is seen whole', () => {
  const change = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.option(fc.nat(9)));
  const transaction = fc.record({
    changes: fc.uniqueArray(change, { selector: ([key]) => key, maxLength: 4 }),
    compacts: fc.boolean(),
  });
  const contents = (store: EtcdStore, revision?: number) =>
    store.range('', '~', { revision }).items.map(({ key, value, modRevision }) => [key, value, modRevision]);
  fc.assert(
    fc.property(fc.array(transaction, { maxLength: 15 }), (transactions) => {
      const store = new EtcdStore();
      const seen = new Map<number, unknown>();
      for (const { changes, compacts } of transactions) {
        const before = store.revision;
        store.transact(() => {
          for (const [key, value] of changes)
            if (value === null) store.delete(key);
            else store.put(key, value);
        });
        expect(store.revision - before).toBeLessThanOrEqual(1);
        expect(store.changesAfter(before).every(({ current }) => current.modRevision === store.revision)).toBe(true);
        seen.set(store.revision, contents(store));
        if (!compacts) continue;
        store.compact(store.revision);
        for (const revision of seen.keys()) if (revision < store.revision) seen.delete(revision);
      }
      for (const [revision, state] of seen) expect(contents(store, revision)).toEqual(state);
    }),
  );
});

test('a snapshot starts a store that goes on where the old one stopped', () => {
  const store = EtcdStore.restore(drawn().snapshot());
  expect(store.revision).toBe(9);
  expect(store.get('/b')).toMatchObject({ value: 'v1', createRevision: 6 });
  expect(store.put('/b', 'v2')?.modRevision).toBe(10);
  expect(() => store.changesAfter(5)).toThrow(CompactedError);
});
