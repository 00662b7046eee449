import { expect, test } from 'vitest';
import { CertificateAuthority } from './certificate-authority.ts';
import { certificateProblem } from './verify-certificate.ts';

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
