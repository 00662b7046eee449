import { expect, test } from 'vitest';
import { encodeUtf8 } from './bytes.ts';
import { CertificateAuthority, keyPair, sign, verifies } from './certificate-authority.ts';
import { decodePem } from './pem.ts';
import { readCertificate, readCertificateRequest } from './x509.ts';

const day = 86_400_000;
const since = Date.UTC(2026, 5, 1);
const authority = new CertificateAuthority({ seed: 'seed', name: 'kubernetes', since });

function read(pem: string) {
  const { subject, notBefore, notAfter, usages, signed, signature } = readCertificate(
    decodePem('CERTIFICATE', pem) ?? new Uint8Array(),
  );
  return {
    subject,
    days: (notAfter - notBefore) / day,
    usages,
    ours: verifies(authority.key, signed, { format: 'der', signature }),
  };
}

test('a certificate says whose it is, for how long and for what, and is known by its signature', () => {
  const subject = { commonName: 'jane', organizations: ['devs', 'ops'] };
  const lifeMs = 10 * day - 300_000;
  const { certificate } = authority.issueWithKey({ subject, usages: ['client'], at: since, lifeMs });
  expect(read(certificate)).toEqual({ subject, days: 10, usages: ['client'], ours: true });
  const other = new CertificateAuthority({ seed: 'other', name: 'kubernetes', since });
  const foreign = other.issueWithKey({ subject, usages: ['server'], names: ['localhost', '127.0.0.1'], at: since });
  expect(read(foreign.certificate)).toMatchObject({ subject, usages: ['server'], ours: false });
});

test('the same seed makes the same authority', () => {
  const again = new CertificateAuthority({ ...authority.origin });
  expect(again.certificate).toBe(authority.certificate);
  expect(read(again.certificate)).toMatchObject({
    subject: { commonName: 'kubernetes', organizations: [] },
    ours: true,
  });
});

test('a request for a certificate is read as openssl writes it', () => {
  const { subject, publicKey, alternativeNames } = readCertificateRequest(
    decodePem('CERTIFICATE REQUEST', requestOfJane) ?? new Uint8Array(),
  );
  expect(subject).toEqual({ commonName: 'jane', organizations: ['devs', 'ops'] });
  expect(publicKey.length).toBe(91);
  expect(String.fromCharCode(...(alternativeNames ?? [])).slice(4)).toBe('jane.example');
});

test.each([[''], ['0'], ['\x30\x82'], ['\x30\x03\x02\x01\x05'], ['\x30\x84\xff\xff\xff\xff']])(
  'bytes that are no certificate are refused: %j',
  (text) => {
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    expect(() => readCertificate(bytes)).toThrow(/value|certificate|data ends/);
    expect(() => readCertificateRequest(bytes)).toThrow(/value|certificate|data ends/);
  },
);

test('a signature is of one text and one key', () => {
  const [key, other] = [keyPair('a'), keyPair('b')];
  const signature = sign(key, encodeUtf8('text'), 'raw');
  expect(verifies(key, encodeUtf8('text'), { format: 'raw', signature })).toBe(true);
  expect(verifies(key, encodeUtf8('other'), { format: 'raw', signature })).toBe(false);
  expect(verifies(other, encodeUtf8('text'), { format: 'raw', signature })).toBe(false);
  expect(verifies(key, encodeUtf8('text'), { format: 'raw', signature: new Uint8Array(3) })).toBe(false);
});

const requestOfJane = `
-----BEGIN CERTIFICATE REQUEST-----
MIIBETCBuAIBADAsMQ0wCwYDVQQKDARkZXZzMQwwCgYDVQQKDANvcHMxDTALBgNV
BAMMBGphbmUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARN82MDJBxTxnv416uW
Q0xKU0434H/16K2ro4CI1JcELkfRcQrynHhOj4GS4iWXo36wfrkRLRktr6g4B/Ku
SOS2oCowKAYJKoZIhvcNAQkOMRswGTAXBgNVHREEEDAOggxqYW5lLmV4YW1wbGUw
CgYIKoZIzj0EAwIDSAAwRQIhAIO5sOB8G8ImkiS0ZRRuhk2nEAOzgkGnF1+mo7Qv
vSlUAiBUEjZSMxIyVm/okaxUAaPkAor0MC/o8Ui6YFMPDELFMg==
-----END CERTIFICATE REQUEST-----
`;
