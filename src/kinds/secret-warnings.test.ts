// Certificates and keys that are a pair or not, in Go's words.
import { expect, test } from 'vitest';
import { keyPairProblem } from './secret-warnings.ts';

const certificate = `-----BEGIN CERTIFICATE-----
MIIBbjCCAROgAwIBAgIUP8zJLo1b5YYJmjubXSBQm8oQw9AwCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBYjAeFw0yNjExMjIyMzUxMjFaFw0yNjEyMDEyMzUxMjFaMAwx
CjAIBgNVBAMMAWIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQp6Qbjq54fQvTU
regG8xjT8wJsk8PIaWi1H/dULDdIe/prm/gA44SNdWewJj7V1MBeYTgYvHRy8Yv9
tyEQtAmpo1MwUTAdBgNVHQ4EFgQU18Fuoufh+GwpzFv+EuY3L4LjeLMwHwYDVR0j
BBgwFoAU18Fuoufh+GwpzFv+EuY3L4LjeLMwDwYDVR0TAQH/BAUwAwEB/zAKBggq
hkjOPQQDAgNJADBGAiEA4XfO+u2kqaOHsXIN94oSc2Yz2oIcDTRoxsj9qGHUmKIC
IQCE+k9GnRr3KOunzGUOvj4Ook3APCRfb3E2sxXTEk9byA==
-----END CERTIFICATE-----`;

const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjBMMEVWab2pcAL3+
wn3pFA0lflrpd6ivnyXxDJJlCq+hRANCAAQp6Qbjq54fQvTUregG8xjT8wJsk8PI
aWi1H/dULDdIe/prm/gA44SNdWewJj7V1MBeYTgYvHRy8Yv9tyEQtAmp
-----END PRIVATE KEY-----`;

const otherKey = `-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIJfjiCaFqOV3Wz4dGf69rBWDgEI/I+jvRrTtfgvzg2wIoAoGCCqGSM49
AwEHoUQDQgAEMRz1Ah38TC16OWpxVs2rKmOQbWTZ+MDb88tzwFUaGEYo9JkXEJ+m
yU0FTVYK2dCt0KCUD3b2f/huNM2PbtVfFg==
-----END EC PRIVATE KEY-----`;

const block = (label: string) => `-----BEGIN ${label}-----\naGFsbG8=\n-----END ${label}-----\n`;
const switched =
  'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched';

test.each([
  [certificate, key, undefined],
  [certificate, otherKey, 'tls: private key does not match public key'],
  [certificate, block('PRIVATE KEY'), 'tls: failed to parse private key'],
  [block('CERTIFICATE'), key, 'x509: malformed certificate'],
  // halves in the wrong place, and texts
  [key, certificate, switched],
  [certificate, certificate, 'tls: found a certificate rather than a key in the PEM for the private key'],
  ['text', key, 'tls: failed to find any PEM data in certificate input'],
  [certificate, 'text', 'tls: failed to find any PEM data in key input'],
])('certificate and key of case %# are told apart or together as Go does', (first, second, problem) => {
  expect(keyPairProblem(first, second)).toBe(problem);
});
