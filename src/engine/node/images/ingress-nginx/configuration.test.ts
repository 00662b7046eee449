// Which backend a request is sent to, and the path that it is asked for.
import { describe, expect, test } from 'vitest';
import type { Ingress } from '../../../../api/generated/types.ts';
import { configurationOf } from './configuration.ts';
import { locationFor, rewritten, serverFor } from './match.ts';

type Path = readonly [path: string, pathType: string, service: string];

function ingress(name: string, host: string | undefined, paths: readonly Path[], more: Partial<Ingress> = {}): Ingress {
  const backend = (service: string) => ({ service: { name: service, port: { number: 80 } } });
  return {
    metadata: { name, namespace: 'shop', creationTimestamp: `2026-01-01T00:00:0${name.length}Z`, ...more.metadata },
    spec: {
      rules: [
        { host, http: { paths: paths.map(([path, pathType, to]) => ({ path, pathType, backend: backend(to) })) } },
      ],
      ...more.spec,
    },
  };
}

const annotated = (annotations: Readonly<Record<string, string>>): Partial<Ingress> => ({
  metadata: {
    annotations: Object.fromEntries(
      Object.entries(annotations).map(([key, value]) => [`nginx.ingress.kubernetes.io/${key}`, value]),
    ),
  },
});

/** `service /path?query`, or `404`. */
function answer(ingresses: readonly Ingress[], url: string): string {
  const [, host = '', target = '/'] = /^([^/]*)(\/.*)?$/.exec(url) ?? [];
  const server = serverFor(configurationOf(ingresses), host);
  const location = server && locationFor(server, target.split('?')[0] ?? '');
  return location?.backend ? `${location.backend.service} ${rewritten(location, target)}` : '404';
}

describe('paths', () => {
  const shop = [
    ingress('a', 'a.example', [
      ['/', 'Exact', 'root'],
      ['/foo', 'Prefix', 'foo'],
      ['/foo/bar', 'Prefix', 'bar'],
      ['/foo/only', 'Exact', 'only'],
      ['/img/', 'Prefix', 'img'],
      ['/any', 'ImplementationSpecific', 'any'],
    ]),
  ];
  test.each([
    ['a.example/', 'root /'],
    ['a.example/x', '404'],
    // whole elements
    ['a.example/foo', 'foo /foo'],
    ['a.example/foo/', 'foo /foo/'],
    ['a.example/foobar', '404'],
    ['a.example/foo/bar?x=1', 'bar /foo/bar?x=1'],
    ['a.example/foo/barely', 'foo /foo/barely'],
    ['a.example/foo/only', 'only /foo/only'],
    ['a.example/foo/only/', 'foo /foo/only/'],
    ['a.example/img', 'img /img'],
    ['a.example/anything', 'any /anything'],
    // names
    ['A.Example/foo', 'foo /foo'],
    ['b.example/foo', '404'],
  ])('%s', (url, expected) => {
    expect(answer(shop, url)).toBe(expected);
  });
});

describe('hosts', () => {
  const all = [
    ingress('a', '*.a.example', [['/', 'Prefix', 'wild']]),
    ingress('bb', 'one.a.example', [['/', 'Prefix', 'one']]),
    ingress('ccc', undefined, [['/all', 'Prefix', 'all']]),
    ingress('dddd', 'one.a.example', [['/', 'Prefix', 'late']]),
  ];
  test.each([
    ['one.a.example/', 'one /'],
    ['two.a.example/', 'wild /'],
    ['a.b.a.example/', '404'],
    ['192.168.49.2/all', 'all /all'],
    ['192.168.49.2/', '404'],
  ])('%s', (url, expected) => {
    expect(answer(all, url)).toBe(expected);
  });

  test('a default backend takes what no rule does', () => {
    const backend = { service: { name: 'rest', port: { name: 'http' } } };
    const only = { metadata: { name: 'a', namespace: 'shop' }, spec: { defaultBackend: backend } };
    expect(answer([only], 'any.example/x')).toBe('rest /x');
    const beside = ingress('b', 'b.example', [['/foo', 'Prefix', 'foo']]);
    const both = { ...beside, spec: { ...beside.spec, defaultBackend: backend } };
    expect([answer([both], 'b.example/x'), answer([both], 'c.example/x')]).toEqual(['rest /x', '404']);
  });
});

describe('rewrite-target', () => {
  test.each([
    [['/something(/|$)(.*)', 'ImplementationSpecific', 'web'], '/$2', 'a.example/something/new?q=1', 'web /new?q=1'],
    [['/something(/|$)(.*)', 'ImplementationSpecific', 'web'], '/$2', 'a.example/something', 'web /'],
    [['/something(/|$)(.*)', 'ImplementationSpecific', 'web'], '/$2', 'a.example/Something/x', 'web /x'],
    [['/something(/|$)(.*)', 'ImplementationSpecific', 'web'], '/$2', 'a.example/somethingelse', '404'],
    [['/api', 'Prefix', 'web'], '/', 'a.example/api/users', 'web /'],
    [['/', 'Prefix', 'web'], '/', 'a.example/users', 'web /users'],
    [['/[', 'ImplementationSpecific', 'web'], '/', 'a.example/[', '404'],
  ] as const)('%s as %s: %s', (path, target, url, expected) => {
    expect(answer([ingress('a', 'a.example', [path], annotated({ 'rewrite-target': target }))], url)).toBe(expected);
  });
});

test('a canary shares the paths of the main Ingress', () => {
  const main = ingress('a', 'a.example', [['/', 'Prefix', 'main']]);
  const canary = ingress(
    'bb',
    'a.example',
    [['/', 'Prefix', 'next']],
    annotated({ canary: 'true', 'canary-weight': '20' }),
  );
  const [location] = configurationOf([canary, main]).get('a.example')?.locations ?? [];
  expect(location?.backend?.service).toBe('main');
  expect(location?.canary).toMatchObject({ backend: { service: 'next' }, rule: { weight: 20, weightTotal: 100 } });
});
