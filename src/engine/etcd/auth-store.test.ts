// Users, roles and what they may, without anybody who asks over a network.
import { describe, expect, test } from 'vitest';
import { Simulation } from '../sim/simulation.ts';
import { AuthStore, type PermissionType } from './auth-store.ts';

function storeWith(permissions: readonly (readonly [type: PermissionType, key: string, end: string])[]): AuthStore {
  const store = new AuthStore(new Simulation({ seed: 1, startsAt: 0 }).root);
  store.addUser('root', 'secret');
  store.grantRole('root', 'root');
  store.addUser('alice', 'secret');
  store.addRole('app');
  store.grantRole('alice', 'app');
  for (const [type, key, end] of permissions) store.grantPermission('app', { type, key, end });
  store.enable();
  return store;
}

function answer(run: () => void): string {
  try {
    run();
    return 'allowed';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('what a user may', () => {
  const denied = 'etcdserver: permission denied';
  test.each([
    // a key alone
    ['READ', 'a', '', 'READ', 'a', '', 'allowed'],
    ['READ', 'a', '', 'READ', 'a', 'b', denied],
    ['READ', 'a', '', 'WRITE', 'a', '', denied],
    ['READWRITE', 'a', '', 'WRITE', 'a', '', 'allowed'],
    // a range, all from a key on
    ['READ', 'a', 'c', 'READ', 'b', '', 'allowed'],
    ['READ', 'a', 'c', 'READ', 'c', '', denied],
    ['READ', 'a', 'c', 'READ', 'a', '\0', denied],
    ['WRITE', 'b', '\0', 'WRITE', 'z', '\0', 'allowed'],
    ['WRITE', 'b', '\0', 'WRITE', 'a', '', denied],
  ] as const)('%s %j %j lets %s %j %j: %s', (type, key, end, wanted, from, to, told) => {
    const store = storeWith([[type, key, end]]);
    expect(answer(() => store.check('alice', wanted, { key: from, end: to }))).toBe(told);
  });

  test('ranges side by side are one; whoever is unknown or nobody may nothing, root everything', () => {
    const store = storeWith([
      ['READ', 'a', 'b'],
      ['READ', 'b', 'd'],
    ]);
    const all = { key: 'a', end: 'd' };
    expect(answer(() => store.check('alice', 'READ', all))).toBe('allowed');
    expect(answer(() => store.check('bob', 'READ', all))).toBe(denied);
    expect(answer(() => store.check(undefined, 'READ', all))).toBe('etcdserver: user name is empty');
    expect(answer(() => store.check('root', 'WRITE', all))).toBe('allowed');
    store.disable();
    expect(answer(() => store.check(undefined, 'WRITE', all))).toBe('allowed');
  });
});

test('tokens are for who knows the password, until they are idle for too long or the password changes', () => {
  const store = storeWith([]);
  expect(answer(() => store.authenticate('alice', 'wrong'))).toBe(
    'etcdserver: authentication failed, invalid user ID or password',
  );
  const token = store.authenticate('alice', 'secret');
  expect(store.userOf(token)).toBe('alice');
  store.changePassword('alice', 'other');
  expect(answer(() => store.userOf(token))).toBe('etcdserver: invalid auth token');
  store.tokenMs = 0;
  const brief = store.authenticate('alice', 'other');
  expect(answer(() => store.userOf(brief))).toBe('etcdserver: invalid auth token');
});

test('what it is goes into a snapshot and comes back', () => {
  const store = storeWith([['READ', 'a', 'b']]);
  const again = new AuthStore(new Simulation({ seed: 1, startsAt: 0 }).root);
  again.load(JSON.parse(JSON.stringify(store.snapshot())));
  expect(again.snapshot()).toEqual(store.snapshot());
  expect(answer(() => again.check('alice', 'READ', { key: 'a', end: '' }))).toBe('allowed');
});
