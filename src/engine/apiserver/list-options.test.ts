// Which state lists and watches are about, and what is said where that state is not to be had.
import { describe, expect, test } from 'vitest';
import type { ApiRequest, RequestOptions, WatchEvent } from '../../api/request.ts';
import { ApiError } from '../../api/status.ts';
import { isList, isObject, type JsonObject } from '../../base/json.ts';
import { EtcdStore } from '../etcd/store.ts';
import { Simulation } from '../sim/simulation.ts';
import { createApiServer } from './api-server.ts';
import { asJson } from './json-edge.ts';
import { continueToken } from './list-options.ts';

const user = { name: 'admin', groups: ['system:masters'] };

function setUp() {
  const simulation = new Simulation({ seed: 1, startsAt: Date.UTC(2026, 0, 1) });
  const store = new EtcdStore();
  const api = createApiServer({ scope: simulation.root.child('apiserver'), store });
  const request = (given: Partial<ApiRequest>): ApiRequest => ({
    verb: 'list',
    group: '',
    version: 'v1',
    resource: 'configmaps',
    namespace: 'default',
    user,
    userAgent: 'test',
    ...given,
  });
  const call = (given: Partial<ApiRequest>): JsonObject => asJson(api.perform(request(given), () => {}).object);
  const failure = (given: Partial<ApiRequest>): ApiError | undefined => {
    try {
      if (given.verb === 'watch') api.openWatch(request(given), { events() {}, closed() {} });
      else call(given);
    } catch (error) {
      if (error instanceof ApiError) return error;
      throw error;
    }
    return undefined;
  };
  const add = (...names: readonly string[]) => {
    for (const name of names) call({ verb: 'create', body: { metadata: { name } } });
  };
  const watch = (given: Partial<ApiRequest>) => {
    const seen: string[] = [];
    const sink = {
      events: (events: readonly WatchEvent[]) => {
        for (const { type, object } of events)
          seen.push(type === 'ERROR' ? String(object.message) : `${type} ${nameOf(object)}`);
      },
      closed: () => void seen.push('closed'),
    };
    api.openWatch(request({ verb: 'watch', ...given }), sink);
    return seen;
  };
  return { simulation, store, call, failure, add, watch };
}

function nameOf({ metadata }: JsonObject): string {
  const { name, annotations } = isObject(metadata) ? metadata : {};
  return String(name ?? (annotations ? Object.keys(annotations) : ''));
}

function page({ items, metadata }: JsonObject) {
  const names = isList(items) ? items.filter(isObject).map(nameOf).join(' ') : '';
  const { continue: token, remainingItemCount: more, resourceVersion: rv } = isObject(metadata) ? metadata : {};
  return { names, more, rv: String(rv), token: token === undefined ? undefined : String(token) };
}

describe('options that contradict each other', () => {
  const invalid = (text: string) => `ListOptions.meta.k8s.io "" is invalid: ${text}`;
  test.each([
    [
      'list',
      { resourceVersionMatch: 'Exact' },
      invalid('resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided'),
    ],
    [
      'list',
      { resourceVersionMatch: 'Exact', resourceVersion: '0' },
      invalid('resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"'),
    ],
    [
      'list',
      { resourceVersionMatch: 'Roughly', resourceVersion: '1' },
      invalid('resourceVersionMatch: Unsupported value: "Roughly": supported values: "Exact", "NotOlderThan", ""'),
    ],
    [
      'list',
      { sendInitialEvents: true },
      invalid('sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list'),
    ],
    [
      'list',
      { resourceVersion: 'x' },
      'invalid resource version: resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax',
    ],
    [
      'list',
      { continue: '%' },
      'invalid continue token: continue key is not valid: illegal base64 data at input byte 0',
    ],
    [
      'list',
      { continue: continueToken(0, 'a') },
      'invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)',
    ],
    ['list', { continue: continueToken(5, 'a/../b') }, 'invalid continue token: continue key is not valid: a/../b'],
    [
      'list',
      { continue: continueToken(5, 'a'), resourceVersion: '5' },
      'specifying resource version is not allowed when using continue',
    ],
    [
      'watch',
      { resourceVersionMatch: 'NotOlderThan' },
      invalid(
        'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
      ),
    ],
    [
      'watch',
      { sendInitialEvents: true },
      invalid(
        'resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
      ),
    ],
    [
      'list',
      { fieldSelector: 'data.a=b' },
      '"data.a" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
  ] satisfies ['list' | 'watch', RequestOptions, string][])('%s %j', (verb, options, text) => {
    const { failure, store } = setUp();
    while (store.revision < 10) store.put('x', 1);
    expect(failure({ verb, options })?.message).toBe(text);
  });
});

describe('a list', () => {
  test('in pages is of one moment, whatever happens meanwhile', () => {
    const { call, add } = setUp();
    add('a', 'b', 'c', 'd', 'e');
    const first = page(call({ options: { limit: 2 } }));
    expect(first).toMatchObject({ names: 'a b', more: 3 });
    call({ verb: 'delete', name: 'd' });
    add('bb');
    const second = page(call({ options: { limit: 2, continue: first.token } }));
    expect(second).toMatchObject({ names: 'c d', more: 1, rv: first.rv });
    expect(page(call({ options: { limit: 2, continue: second.token } }))).toMatchObject({
      names: 'e',
      token: undefined,
    });
    expect(page(call({}))).toMatchObject({ names: 'a b bb c e' });
  });

  test('whose state is gone offers to go on with what there is', () => {
    const { call, add, failure, store } = setUp();
    add('a', 'b', 'c');
    const { token, rv } = page(call({ options: { limit: 1 } }));
    call({ verb: 'delete', name: 'b' });
    add('d');
    store.compact(store.revision);
    const error = failure({ options: { limit: 1, continue: token } });
    expect(error?.status).toMatchObject({ code: 410, reason: 'Expired' });
    expect(error?.message).toContain('use the continue token in this response');
    const rest = error?.status.metadata?.continue;
    expect(page(call({ options: { continue: rest } }))).toMatchObject({ names: 'c d' });
    expect(failure({ options: { resourceVersion: rv, resourceVersionMatch: 'Exact' } })?.status).toMatchObject({
      code: 410,
      message: 'The resourceVersion for the provided list is too old.',
    });
  });

  test('is as of a revision, or not older than one', () => {
    const { call, add, store } = setUp();
    add('a');
    const then = String(store.revision);
    add('b');
    const exact = { resourceVersion: then, resourceVersionMatch: 'Exact' };
    expect(page(call({ options: exact }))).toEqual({ names: 'a', rv: then, more: undefined, token: undefined });
    expect(page(call({ options: { resourceVersion: then, limit: 5 } }))).toMatchObject({ names: 'a', rv: then });
    for (const options of [
      { resourceVersion: then },
      { resourceVersion: '0' },
      { ...exact, resourceVersionMatch: 'NotOlderThan' },
    ])
      expect(page(call({ options }))).toMatchObject({ names: 'a b', rv: String(store.revision) });
  });

  test('of a state that has not been yet times out', () => {
    const { failure, store } = setUp();
    for (const verb of ['list', 'get'] as const)
      expect(
        failure({ verb, ...(verb === 'get' && { name: 'a' }), options: { resourceVersion: '9999' } })?.status,
      ).toMatchObject({
        code: 504,
        reason: 'Timeout',
        message: `Timeout: Too large resource version: 9999, current: ${store.revision}`,
        details: {
          causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
          retryAfterSeconds: 1,
        },
      });
  });
});

test('a page has no limit where any state will do', () => {
  const { call, add } = setUp();
  add('a', 'b');
  const any = page(call({ options: { resourceVersion: '0', limit: 1 } }));
  expect(any).toMatchObject({ names: 'a b', token: undefined, more: undefined });
});

test.each([
  ['get', '', 'abc', 'invalid syntax', 500],
  ['watch', '', 'abc', 'invalid syntax', 500],
  ['watch', '', '-1', 'invalid syntax', 500],
  ['list', 'invalid resource version: ', 'abc', 'invalid syntax', 400],
  ['list', 'invalid resource version: ', '99999999999999999999', 'value out of range', 400],
] as const)('%s refuses a resourceVersion that is none: %s%s', (verb, before, resourceVersion, why, code) => {
  const { failure } = setUp();
  expect(failure({ verb, ...(verb === 'get' && { name: 'a' }), options: { resourceVersion } })?.status).toMatchObject({
    message: `${before}resourceVersion: Invalid value: "${resourceVersion}": strconv.ParseUint: parsing "${resourceVersion}": ${why}`,
    code,
  });
});

test('a collection is deleted up to the limit, and the answer is the list of before', () => {
  const { call, add, store } = setUp();
  add('a', 'b', 'c');
  const rv = String(store.revision);
  expect(page(call({ verb: 'deletecollection', options: { limit: 2 } }))).toMatchObject({ names: 'a b', more: 1, rv });
  expect(page(call({})).names).toBe('c');
  const exact = { resourceVersion: rv, resourceVersionMatch: 'Exact' };
  expect(page(call({ verb: 'deletecollection', options: exact }))).toMatchObject({ rv });
  expect(page(call({})).names).toBe('');
});

describe('a watch', () => {
  test('without initial events begins now, whatever any state may be', () => {
    const { add, watch, store } = setUp();
    add('a');
    const now = { sendInitialEvents: false, resourceVersionMatch: 'NotOlderThan' };
    const seen = [watch({ options: now }), watch({ options: { ...now, resourceVersion: '0' } })];
    add('b');
    expect(seen).toEqual([['ADDED b'], ['ADDED b']]);
    const ahead = { ...now, sendInitialEvents: true, resourceVersion: '9999' };
    expect(watch({ options: ahead })).toEqual([
      `Timeout: Too large resource version: 9999, current: ${store.revision}`,
      'closed',
    ]);
  });

  test('has a bookmark each minute and two seconds before its end', () => {
    const { watch, simulation } = setUp();
    const options = { resourceVersion: '1', allowWatchBookmarks: true };
    const [long, short] = [
      watch({ options: { ...options, timeoutSeconds: 90 } }),
      watch({ options: { ...options, timeoutSeconds: 2 } }),
    ];
    simulation.runFor(87_000);
    expect(long.filter((seen) => seen === 'BOOKMARK ')).toHaveLength(1);
    simulation.runFor(1000);
    expect(long.filter((seen) => seen === 'BOOKMARK ')).toHaveLength(2);
    simulation.runFor(2000);
    expect([long.at(-1), short.at(-1), short.includes('BOOKMARK ')]).toEqual(['closed', 'closed', false]);
  });

  test('tells what followed a revision, and not what is gone', () => {
    const { add, watch, store } = setUp();
    add('a');
    const then = String(store.revision);
    add('b');
    expect(watch({ options: { resourceVersion: then } })).toEqual(['ADDED b']);
    expect(watch({ options: { resourceVersion: '0' } })).toEqual(['ADDED a', 'ADDED b']);
    add('c');
    store.compact(store.revision);
    expect(watch({ options: { resourceVersion: then } })).toEqual([
      `too old resource version: ${then} (${store.revision})`,
      'closed',
    ]);
  });

  test('begins with a list where that is asked for, and says where the list ends', () => {
    const { add, watch, simulation } = setUp();
    add('a');
    const options = { sendInitialEvents: true, allowWatchBookmarks: true, resourceVersionMatch: 'NotOlderThan' };
    const seen = watch({ options });
    expect(seen).toEqual(['ADDED a', 'BOOKMARK k8s.io/initial-events-end']);
    add('b');
    simulation.runFor(60_000);
    expect(seen.slice(2)).toEqual(['ADDED b', 'BOOKMARK ']);
  });

  test('of a custom resource ends with its definition', () => {
    const { call, watch, simulation } = setUp();
    const group = 'example.com';
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    const spec = {
      group,
      scope: 'Namespaced',
      names: { plural: 'things', kind: 'Thing' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    };
    const definitions = { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions', namespace: undefined };
    call({ verb: 'create', ...definitions, body: { metadata: { name: 'things.example.com' }, spec } });
    simulation.runFor(5000);
    call({ verb: 'create', group, resource: 'things', body: { metadata: { name: 'x' } } });
    const seen = watch({ group, resource: 'things' });
    call({ verb: 'delete', ...definitions, name: 'things.example.com' });
    simulation.runFor(30_000);
    expect(seen).toEqual(['ADDED x', 'DELETED x', 'closed']);
  });
});
