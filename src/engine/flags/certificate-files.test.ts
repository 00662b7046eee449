// Whose client certificates count by the flags, and for whom a front proxy speaks.
import { expect, test } from 'vitest';
import { ApiError } from '../../api/status.ts';
import { CertificateAuthority, keyPair } from '../../base/certificate-authority.ts';
import { decodePem } from '../../base/pem.ts';
import { publicKeyInfo } from '../../base/x509.ts';
import { Authenticator } from '../apiserver/authentication.ts';
import { ConfigurationError } from '../apiserver/configuration/config-file.ts';
import { clientAuthorityOf, frontProxyOf } from './certificate-files.ts';
import { readFlags } from './component-flags.ts';
import { apiServerFlagNames } from './flag-names.ts';

const authority = (name: string) => new CertificateAuthority({ seed: name, name, since: 0 });
const [ours, other, proxies] = [authority('ours'), authority('other'), authority('proxies')];

function certificate(by: CertificateAuthority, commonName: string): Uint8Array {
  const publicKey = publicKeyInfo(keyPair(commonName).point);
  const pem = by.issue({ subject: { commonName, organizations: ['o'] }, publicKey, usages: ['client'], at: 0 });
  return decodePem('CERTIFICATE', pem) ?? new Uint8Array();
}

const held: Readonly<Record<string, string>> = {
  other: other.certificate,
  both: ours.certificate + other.certificate,
  proxies: proxies.certificate,
  none: 'no certificate',
  empty: '',
};
const files = {
  read(path: string): string {
    const text = held[path];
    if (text === undefined) throw new ConfigurationError(`open ${path}: no such file or directory`);
    return text;
  },
};

function sender(flags: readonly string[], by: CertificateAuthority, headers = {}, name = 'ann'): string {
  const read = readFlags(flags, apiServerFlagNames);
  const lookups = { get: () => undefined, replace: () => true };
  const authenticator = new Authenticator(lookups, () => 1000, ours);
  try {
    authenticator.configure({ clientAuthority: clientAuthorityOf(read, files), frontProxy: frontProxyOf(read, files) });
    const user = authenticator.userOfRequest({ headers, path: '/', tls: { certificate: certificate(by, name) } });
    const { 'authentication.kubernetes.io/credential-id': _, ...extra } = user.extra ?? {};
    return [user.name, user.uid ?? '', ...user.groups, JSON.stringify(extra)].join(' ');
  } catch (error) {
    if (error instanceof ApiError || error instanceof ConfigurationError) return error.message;
    throw error;
  }
}

const asRoot = { 'x-remote-user': 'root', 'x-remote-group': 'a\nb', 'x-remote-extra-acme.io%2fscopes': 'v\nw' };
const proxy = ['--client-ca-file=both', '--requestheader-client-ca-file=proxies'];
const ann = 'ann  o system:authenticated {}';
const root = 'root  a b system:authenticated {"acme.io/scopes":["v","w"]}';

test.each([
  [[], ours, {}, 'system:anonymous  system:unauthenticated {}'],
  [['--client-ca-file=other'], ours, {}, 'Unauthorized'],
  [['--client-ca-file=other'], other, {}, ann],
  [['--client-ca-file=both'], ours, {}, ann],
  [
    ['--client-ca-file=none'],
    ours,
    {},
    'error loading CA bundle for "client-ca-bundle::none": data does not contain any valid RSA or ECDSA certificates',
  ],
  [['--client-ca-file=empty'], ours, {}, 'missing content for CA bundle "client-ca-bundle::empty"'],
  [['--client-ca-file=nope'], ours, {}, 'open nope: no such file or directory'],
  [proxy, proxies, asRoot, root],
  [proxy, proxies, {}, 'Unauthorized'],
  [proxy, ours, asRoot, ann],
  [[...proxy, '--requestheader-allowed-names=ann'], proxies, asRoot, root],
  [[...proxy, '--requestheader-allowed-names=bea'], proxies, asRoot, 'Unauthorized'],
  [
    [...proxy, '--requestheader-username-headers=X-A,X-B', '--requestheader-uid-headers=X-Uid'],
    proxies,
    { 'x-b': 'eve', 'x-uid': '7' },
    'eve 7 system:authenticated {}',
  ],
] as const)('%j', (flags, by, headers, expected) => {
  expect(sender(flags, by, headers)).toBe(expected);
});

test('a front proxy of the cluster itself speaks for others without any flag', () => {
  expect(sender(['--client-ca-file=both'], ours, asRoot, 'front-proxy-client')).toBe(root);
});
