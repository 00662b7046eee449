// Components' command lines and the files that they name: what comes of them, or upstream's words for why not.
import { describe, expect, test } from 'vitest';
import { ApiError } from '../../api/status.ts';
import { decodeUtf8, encodeUtf8 } from '../../base/bytes.ts';
import { sealedBytes } from '../apiserver/encryption-keys.ts';
import { testCluster } from '../testing/cluster.ts';
import { settingsOf } from './api-server-flags.ts';
import { idleFlags, readFlags } from './component-flags.ts';
import { controllerChoice } from './controller-names.ts';
import { apiServerFlagNames } from './flag-names.ts';

const cluster = testCluster();

function settings(argv: readonly string[], files: Readonly<Record<string, string>> = {}) {
  return settingsOf(readFlags(argv, apiServerFlagNames), {
    files: { read: (path) => files[path] ?? '' },
    logs: { append() {}, size: () => 0, rename() {}, remove() {}, list: () => [] },
    print() {},
    warn() {},
    now: () => 0,
  });
}

describe('an API server does not start with', () => {
  test.each([
    [['--bogus=1'], 'unknown flag: --bogus'],
    [['--etcd-servers'], 'flag needs an argument: --etcd-servers'],
    [
      ['--anonymous-auth=perhaps'],
      'invalid argument "perhaps" for "--anonymous-auth" flag: strconv.ParseBool: parsing "perhaps": invalid syntax',
    ],
    [['--authorization-mode=Magic'], 'authorization-mode "Magic" is not a valid mode'],
    [['--authorization-mode=Webhook'], '--authorization-mode: the mode Webhook is not simulated'],
    [['--authorization-mode=RBAC,RBAC'], 'authorization-mode ["RBAC" "RBAC"] has mode specified more than once'],
    [['--enable-admission-plugins=Foo'], 'enable-admission-plugins plugin "Foo" is unknown'],
    [
      ['--enable-admission-plugins=PodSecurity', '--disable-admission-plugins=PodSecurity'],
      '[PodSecurity] in enable-admission-plugins and disable-admission-plugins overlapped',
    ],
    [['--audit-log-path=/a', '--audit-log-maxage=-1'], "--audit-log-maxage -1 can't be a negative number"],
    [
      ['--audit-log-path=/a', '--audit-log-format=xml'],
      'invalid audit log format xml, allowed formats are "legacy,json"',
    ],
  ])('%j', (argv, message) => {
    expect(() => settings(argv)).toThrow(message);
  });
});

describe('a file that a flag names is refused', () => {
  const config = (kind: string, rest: string): string =>
    `apiVersion: apiserver.config.k8s.io/v1\nkind: ${kind}\n${rest}`;
  const rows: readonly (readonly [flag: string, text: string, message: string])[] = [
    [
      'authorization-config',
      config('AuthorizationConfiguration', 'authorizers: [{type: RBAC}, {type: RBAC, name: a}, {type: Foo, name: b}]'),
      '[authorizers[0].name: Required value, authorizers[1].type: Duplicate value: "RBAC", authorizers[2].type: Unsupported value: "Foo": supported values: "ABAC", "AlwaysAllow", "AlwaysDeny", "Node", "RBAC", "Webhook"]',
    ],
    [
      'authentication-config',
      config('AuthenticationConfiguration', 'anonymous: {enabled: false, conditions: [{path: /livez}]}'),
      'anonymous.conditions: Invalid value: [{"path":"/livez"}]: enabled should be set to true when conditions are defined',
    ],
    [
      'authentication-config',
      config('AuthenticationConfiguration', 'anonimous: {}'),
      'failed to load authentication configuration from file "f": strict decoding error: unknown field "anonimous"',
    ],
    [
      'authentication-config',
      config('AuthenticationConfiguration', 'jwt: [{issuer: {url: "https://a"}}]'),
      '--authentication-config: JWT authenticators (jwt) are not simulated',
    ],
    [
      'encryption-provider-config',
      config(
        'EncryptionConfiguration',
        'resources: [{resources: [secrets], providers: [{aescbc: {keys: [{name: a, secret: YQ==}]}}]}]',
      ),
      'resources[0].providers[0].aescbc.keys[0].secret: Invalid value: "REDACTED": secret is not of the expected length, got 1, expected one of [16 24 32]',
    ],
    [
      'admission-control-config-file',
      config(
        'AdmissionConfiguration',
        'plugins: [{name: PodSecurity, configuration: {apiVersion: pod-security.admission.config.k8s.io/v1, kind: PodSecurityConfiguration, defaults: {enforce: some}}}]',
      ),
      'defaults.enforce: Invalid value: "some": must be one of privileged, baseline, restricted',
    ],
  ];
  test.each(rows)('%s %j', (flag, text, message) => {
    expect(() => settings([`--${flag}=f`], { f: text })).toThrow(message);
  });
});

test('flags that change nothing are named, unless they say what is so anyway', () => {
  const flags = readFlags(
    ['--secure-port=8443', '--event-ttl', '2h', '--profiling', '-v=2', '--v=4', '--tls-private-key-file=/a'],
    apiServerFlagNames,
  );
  expect(idleFlags(flags, new Set(), { 'secure-port': '8443' })).toBe(
    '"Flags are not simulated and change nothing" flags="--event-ttl --profiling --tls-private-key-file --v"\n',
  );
});

test('controllers are chosen by the names that the manager gives them', () => {
  const runs = controllerChoice(['*', '-daemonset', '-garbage-collector-controller']);
  expect(['daemon-set-controller', 'generic-garbage-collector', 'deployment-controller'].map(runs)).toEqual([
    false,
    false,
    true,
  ]);
  expect(() => controllerChoice(['bogus'])).toThrow('"bogus" is not in the list of known controllers');
});

test('what is written is encrypted with the first key, and what no key opens cannot be read', () => {
  const { apiServer } = cluster;
  const keys = (...providers: readonly string[]): void =>
    apiServer.configure(
      settings(['--encryption-provider-config=f', '--authorization-mode=RBAC'], {
        f: `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources: [{resources: [secrets], providers: [${providers.join(', ')}]}]`,
      }),
    );
  const key = (name: string): string => `{aescbc: {keys: [{name: ${name}, secret: ${btoa(name.padEnd(32, '.'))}}]}}`;
  const user = { name: 'admin', groups: ['system:masters'] };
  const at = { group: '', version: 'v1', resource: 'secrets', namespace: 'default', user, userAgent: '' };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { a: 'Yg==' } };
  const shown = (): string => {
    const stored = apiServer.lookup('secrets', 'default', 's');
    return decodeUtf8(sealedBytes(stored, encodeUtf8('open'))).slice(0, 23);
  };
  keys(key('key1'), '{identity: {}}');
  apiServer.perform({ ...at, verb: 'create', body: secret }, () => {});
  expect(shown()).toBe('k8s:enc:aescbc:v1:key1:');
  keys(key('key2'), key('key1'));
  const same = apiServer.lookup('secrets', 'default', 's');
  apiServer.perform({ ...at, verb: 'update', name: 's', body: JSON.parse(JSON.stringify(same)) }, () => {});
  expect(shown()).toBe('k8s:enc:aescbc:v1:key2:');
  const read = (): unknown => apiServer.perform({ ...at, verb: 'get', name: 's' }, () => {});
  expect(read).not.toThrow(ApiError);
  keys(key('key3'), '{identity: {}}');
  expect(read).toThrow(
    'Internal error occurred: unable to transform key "/registry/secrets/default/s": no matching key was found for the provided AES transformer',
  );
});
