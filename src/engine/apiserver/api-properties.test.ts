// Laws of the API, whatever is done: writes against a model of the store, watches against its history, apply, patches,
// and writers that race. API_RUNS=1000 looks further.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configMaps } from '../../api/generated/resources.ts';
import type { ConfigMap, ConfigMapList } from '../../api/generated/types.ts';
import type { ApiRequest, WatchEvent } from '../../api/request.ts';
import { ApiError, isConflict } from '../../api/status.ts';
import type { JsonObject } from '../../base/json.ts';
import { EtcdStore } from '../etcd/store.ts';
import { Simulation } from '../sim/simulation.ts';
import type { Work } from '../sim/work.ts';
import { testCluster } from '../testing/cluster.ts';
import { createApiServer } from './api-server.ts';
import { asJson } from './json-edge.ts';

const numRuns = Number(process.env.API_RUNS ?? 10);
const seed = Number(process.env.SEED ?? 1);
const user = { name: 'admin', groups: ['system:masters'] };

function server() {
  const simulation = new Simulation({ seed, startsAt: Date.UTC(2026, 0, 1) });
  const store = new EtcdStore();
  const api = createApiServer({ scope: simulation.root.child('apiserver'), store });
  const request = (given: Partial<ApiRequest>): ApiRequest => ({
    ...{
      verb: 'list',
      group: '',
      version: 'v1',
      resource: 'configmaps',
      namespace: 'default',
      user,
      userAgent: 'test',
    },
    ...given,
  });
  /** The object, or the reason why not. */
  const call = (given: Partial<ApiRequest>): ConfigMap | string => {
    try {
      return asJson(api.perform(request(given), () => {}).object);
    } catch (error) {
      if (error instanceof ApiError) return error.reason;
      throw error;
    }
  };
  const list = (options: ApiRequest['options'] = {}): Contents => {
    const { items } = asJson(api.perform(request({ options }), () => {}).object) as { items?: readonly ConfigMap[] };
    return contentsOf(items ?? []);
  };
  /** Every page of a list, with something done after each. */
  const pages = (limit: number, between: () => void) => {
    const found: { readonly names: readonly string[]; readonly more: number }[] = [];
    for (let token: string | undefined = ''; token !== undefined; between()) {
      const options = { limit, ...(token !== '' && { continue: token }) };
      const { items, metadata } = api.perform(request({ options }), () => {}).object as ConfigMapList;
      found.push({
        names: items.map((item) => item.metadata?.name ?? ''),
        more: metadata?.remainingItemCount ?? 0,
      });
      token = metadata?.continue;
    }
    return found;
  };
  /** What somebody knows who had `known` at a revision and has watched since. */
  const watched = (known: Contents, resourceVersion: string): Contents => {
    const contents = new Map(known);
    const events = (batch: readonly WatchEvent[]): void => {
      for (const { type, object } of batch) {
        const { metadata, data = {} }: ConfigMap = object;
        if (type === 'DELETED') contents.delete(metadata?.name ?? '');
        else contents.set(metadata?.name ?? '', data);
      }
    };
    api.openWatch(request({ verb: 'watch', options: { resourceVersion } }), { events, closed() {} })();
    return contents;
  };
  return { store, call, list, pages, watched };
}

type Contents = Map<string, ConfigMap['data']>;

function contentsOf(items: readonly ConfigMap[]): Contents {
  return new Map(items.map(({ metadata, data = {} }) => [metadata?.name ?? '', data]));
}

const name = fc.constantFrom('a', 'b', 'c');
const data = fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.constantFrom('1', '2', '3'));
const operation = fc.record({
  verb: fc.constantFrom('create', 'update', 'stale update', 'patch', 'delete', 'stale delete', 'compact'),
  name,
  data,
});

test('writes do what a model of the store says, and every revision can be listed and watched from', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
      const { store, call, list, watched } = server();
      const model: Contents = new Map();
      const versions = new Map<string, string>();
      const history = new Map<string, Contents>([[String(store.revision), new Map()]]);
      for (const { verb, name, data } of operations) {
        const version = versions.get(name);
        const before = store.revision;
        const outcome = perform(call, { verb, name, data, version });
        const expected = predicted(model, { verb, name, data });
        if (verb === 'compact') {
          store.compact(store.revision);
          history.clear();
        } else if (typeof expected === 'string') expect([verb, outcome]).toEqual([verb, expected]);
        else {
          if (expected.data) model.set(name, expected.data);
          else model.delete(name);
          const stored = typeof outcome === 'string' ? {} : (outcome.metadata ?? {});
          versions.set(name, stored.resourceVersion ?? '');
          expect(typeof outcome).toBe('object');
        }
        expect(store.revision - before).toBeLessThanOrEqual(1);
        expect(list()).toEqual(model);
        history.set(String(store.revision), new Map(model));
      }
      for (const [resourceVersion, contents] of history) {
        expect(list({ resourceVersion, resourceVersionMatch: 'Exact' })).toEqual(contents);
        expect(watched(contents, resourceVersion)).toEqual(model);
      }
    }),
    { numRuns, seed },
  );
});

test('pages are one moment cut in pieces, whatever is written between them', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.stringMatching(/^[a-f]{1,3}$/), { maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      fc.array(operation, { maxLength: 8 }),
      (names, limit, between) => {
        const { call, pages } = server();
        for (const name of names) call({ verb: 'create', body: { metadata: { name } } });
        const steps = between[Symbol.iterator]();
        const found = pages(limit, () => {
          const { value: step } = steps.next();
          if (step && step.verb !== 'compact') perform(call, { ...step, version: undefined });
        });
        expect(found.flatMap(({ names }) => names)).toEqual([...names].sort());
        for (const { names: some, more } of found) {
          expect(some.length).toBeLessThanOrEqual(limit);
          expect(more === 0 || some.length === limit).toBe(true);
        }
      },
    ),
    { numRuns, seed },
  );
});

test('an object with finalizers is there until the last of them has gone, and takes no new ones once deleted', () => {
  const finalizers = fc.uniqueArray(fc.constantFrom('a.io/x', 'a.io/y', 'a.io/z'), { maxLength: 3 });
  const step = fc.record({ verb: fc.constantFrom('set', 'delete', 'write'), finalizers, data });
  fc.assert(
    fc.property(finalizers, fc.array(step, { maxLength: 8 }), (first, steps) => {
      const { call } = server();
      call({ verb: 'create', body: { metadata: { name: 'a', finalizers: first } } });
      let held: readonly string[] | undefined = first;
      let deleted = false;
      for (const { verb, finalizers: wanted, data } of steps) {
        const outcome: ConfigMap | string =
          verb === 'delete'
            ? call({ verb, name: 'a' })
            : call({
                verb: 'patch',
                name: 'a',
                patchType: 'application/merge-patch+json',
                body: verb === 'set' ? { metadata: { finalizers: wanted } } : { data },
              });
        if (!held) {
          expect(outcome).toBe('NotFound');
          continue;
        }
        const known: readonly string[] = held;
        const grows = wanted.some((finalizer) => !known.includes(finalizer));
        if (verb === 'set' && deleted && grows) {
          expect(outcome).toBe('Invalid');
          continue;
        }
        if (verb === 'set') held = wanted;
        if (verb === 'delete') deleted = true;
        if (deleted && held.length === 0) held = undefined;
        const now = call({ verb: 'get', name: 'a' });
        expect(typeof now === 'string' ? undefined : (now.metadata?.finalizers ?? [])).toEqual(held);
        expect(typeof now !== 'string' && now.metadata?.deletionTimestamp !== undefined).toBe(
          deleted && held !== undefined,
        );
      }
    }),
    { numRuns, seed },
  );
});

test('a write that changes nothing is no revision', () => {
  fc.assert(
    fc.property(data, (content) => {
      const { call, store } = server();
      const made = call({ verb: 'create', body: { metadata: { name: 'a' }, data: content } });
      const { revision } = store;
      call({ verb: 'update', name: 'a', body: { metadata: { name: 'a' }, data: content } });
      call({ verb: 'patch', name: 'a', patchType: 'application/merge-patch+json', body: { data: content } });
      expect([call({ verb: 'get', name: 'a' }), store.revision]).toEqual([made, revision]);
    }),
    { numRuns, seed },
  );
});

interface Step {
  readonly verb: string;
  readonly name: string;
  readonly data: ConfigMap['data'];
  readonly version?: string | undefined;
}

function perform(call: (given: Partial<ApiRequest>) => ConfigMap | string, { verb, name, data = {}, version }: Step) {
  const metadata = { name };
  switch (verb) {
    case 'create':
      return call({ verb, body: { metadata, data } });
    case 'update':
      return call({
        verb,
        name,
        body: { metadata: { ...metadata, ...(version && { resourceVersion: version }) }, data },
      });
    case 'stale update':
      return call({ verb: 'update', name, body: { metadata: { ...metadata, resourceVersion: '1' }, data } });
    case 'patch':
      return call({ verb, name, patchType: 'application/merge-patch+json', body: { data } });
    case 'delete':
      return call({ verb, name });
    default:
      return call({ verb: 'delete', name, body: { preconditions: { resourceVersion: '1' } } });
  }
}

/** The reason of a refusal, or what is there afterwards. */
function predicted(model: Contents, { verb, name, data }: Step): string | { readonly data: ConfigMap['data'] } {
  const known = model.get(name);
  if (verb === 'create') return known ? 'AlreadyExists' : { data };
  if (!known) return 'NotFound';
  if (verb.startsWith('stale')) return 'Conflict';
  if (verb === 'update') return { data };
  return verb === 'patch' ? { data: { ...known, ...data } } : { data: undefined };
}

describe('apply', () => {
  const apply = (
    call: ReturnType<typeof server>['call'],
    fieldManager: string,
    data: ConfigMap['data'],
    force = false,
  ) =>
    call({
      verb: 'patch',
      name: 'a',
      patchType: 'application/apply-patch+yaml',
      options: { fieldManager, force },
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, ...(data && { data }) },
    });

  test('twice is once; what is given up and nobody else wants is gone; who wants something else is told', () => {
    fc.assert(
      fc.property(data, data, data, (first, second, other) => {
        const { call } = server();
        const once = apply(call, 'me', first);
        expect(apply(call, 'me', first)).toEqual(once);
        const theirs = apply(call, 'them', other);
        const clash = Object.keys(other).some((key) => first[key] !== undefined && first[key] !== other[key]);
        expect(theirs === 'Conflict').toBe(clash);
        const forced = apply(call, 'them', other, true);
        expect(dataOf(forced)).toEqual({ ...first, ...other });
        const mine = apply(call, 'me', second, true);
        expect(dataOf(mine)).toEqual({ ...other, ...second });
      }),
      { numRuns, seed },
    );
  });
});

describe('a patch', () => {
  test('twice is once, and patches of different fields do not mind their order', () => {
    const patch = (call: ReturnType<typeof server>['call'], body: JsonObject) =>
      call({ verb: 'patch', name: 'a', patchType: 'application/strategic-merge-patch+json', body });
    fc.assert(
      fc.property(data, data, data, (first, changes, labels) => {
        const [one, two] = [server(), server()];
        for (const { call } of [one, two]) call({ verb: 'create', body: { metadata: { name: 'a' }, data: first } });
        const after = patch(one.call, { data: changes });
        expect(patch(one.call, { data: changes })).toEqual(after);
        expect(dataOf(after)).toEqual({ ...first, ...changes });
        patch(one.call, { metadata: { labels } });
        patch(two.call, { metadata: { labels } });
        patch(two.call, { data: changes });
        expect(one.list()).toEqual(two.list());
      }),
      { numRuns, seed },
    );
  });
});

function dataOf(outcome: ConfigMap | string): ConfigMap['data'] | string {
  return typeof outcome === 'string' ? outcome : (outcome.data ?? {});
}

test('of writers that have read the same, one wins', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 1, max: 5 }), fc.nat(), (writers, rounds, chance) => {
      const cluster = testCluster({ seed: chance });
      const counter = { name: 'counter', namespace: 'default' };
      cluster.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: counter, data: { count: '0' } });
      let won = 0;
      let lost = 0;
      const client = cluster.client();
      function* write(pauseMs: number): Work<void> {
        for (let i = 0; i < rounds; i++) {
          yield* cluster.simulation.root.sleep(pauseMs);
          const read = yield* client.get(configMaps, counter);
          try {
            yield* client.update(configMaps, { ...read, data: { count: String(Number(read.data?.count) + 1) } });
            won++;
          } catch (error) {
            if (!isConflict(error)) throw error;
            lost++;
          }
        }
      }
      for (let i = 0; i < writers; i++) cluster.simulation.root.spawn(write((i * chance) % 3));
      cluster.run(10_000);
      expect(won + lost).toBe(writers * rounds);
      expect(cluster.get(configMaps, 'counter', 'default').data).toEqual({ count: String(won) });
    }),
    { numRuns, seed },
  );
});
