import { expect, test } from 'vitest';
import { CertificateAuthority } from './certificate-authority.ts';
import * as chain from './testing/certificate-chain.ts';
import { certificateProblem, falseAuthority } from './verify-certificate.ts';

const at = Date.UTC(2026, 5, 1);
const authority = new CertificateAuthority({ seed: 'a', name: 'kubernetes', since: at });
const other = new CertificateAuthority({ seed: 'b', name: 'kubernetes', since: at });
const names = ['kubernetes.default.svc', '10.96.0.1', '*.apps.example.com'];
const subject = { commonName: 'kube-apiserver', organizations: [] };
const { certificate } = authority.issueWithKey({ subject, usages: ['server'], names, at });
const yearMs = 365 * 86_400_000;

test.each([
  ['kubernetes.default.svc', authority.certificate, at, undefined],
  ['10.96.0.1', authority.certificate, at, undefined],
  ['shop.apps.example.com', authority.certificate, at, undefined],
  ['10.96.0.1', other.certificate + authority.certificate, at, undefined],
  ['10.96.0.1', other.certificate, at, 'unknown-authority'],
  ['10.96.0.1', '', at, 'unknown-authority'],
  ['kubernetes', authority.certificate, at, 'wrong-name'],
  ['a.shop.apps.example.com', authority.certificate, at, 'wrong-name'],
  ['10.96.0.1', authority.certificate, at + 2 * yearMs, 'expired'],
])('for %s: case %#', (serverName, authorities, now, problem) => {
  expect(certificateProblem(certificate, { authorities, serverName, at: now })).toBe(problem);
});

test('what is no certificate is told', () => {
  const against = { authorities: authority.certificate, serverName: 'x', at };
  expect(certificateProblem('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', against)).toBe('malformed');
});

const shown = chain.leaf + chain.p521 + chain.p384;
const shop = { serverName: 'shop.default.svc', at: Date.UTC(2030, 0, 1) };

test.each([
  // Every key and hash on the way counts, and what leads to the authority is the server's to show.
  [shown, chain.rsa, undefined],
  [chain.leaf + chain.p384 + chain.p521, chain.rsa, undefined],
  [chain.leaf + chain.p521, chain.p384, undefined],
  [chain.leaf, chain.p521, undefined],
  [chain.leaf, chain.leaf, undefined],
  [chain.leaf, chain.rsa, 'unknown-authority'],
  [chain.leaf + chain.p521, chain.rsa, 'unknown-authority'],
  [shown, chain.impostor, 'unknown-authority'],
  [shown, chain.noAuthority, 'unknown-authority'],
  [chain.forClients, chain.p521, 'wrong-usage'],
])('a chain of several authorities: case %#', (certificates, authorities, problem) => {
  expect(certificateProblem(certificates, { authorities, ...shop })).toBe(problem);
});

test('an authority that only has the name of the right one is told of', () => {
  expect([chain.impostor, chain.noAuthority, chain.p384].map((authority) => falseAuthority(shown, authority))).toEqual([
    { name: 'p521', why: 'x509: ECDSA verification failure' },
    { name: 'p521', why: 'x509: invalid signature: parent certificate cannot sign this kind of certificate' },
    undefined,
  ]);
});
