// Keys and signatures, as OpenSSL makes them.
import { expect, test } from 'vitest';
import { publicHalfOf, readPublicKey, sameKey, signatureProblem } from './keys.ts';
import { decodePem } from './pem.ts';
import { readCertificateRequest } from './x509.ts';

const requests = {
  rsa: `-----BEGIN CERTIFICATE REQUEST-----
MIIBXzCByQIBADAgMQ0wCwYDVQQDDARyb3NlMQ8wDQYDVQQKDAZnYXJkZW4wgZ8w
DQYJKoZIhvcNAQEBBQADgY0AMIGJAoGBAM6Kxfpn4/bAZSqDltA91W0gtizVe5Tb
Gs3jQQJwJXnE5M+EF8e35eWGKWxWPUuJ7UUo1GwYE7r0+0cofGRTvfWS1Uu1WLlH
gw9636rBbvzk7o/vV3ZaCqrtDaur6CoyI/isOeCW206Y0hoBr4Zv09hBNf/GGmH9
N29QROy2tRPDAgMBAAGgADANBgkqhkiG9w0BAQsFAAOBgQAFV08OVtxuQRbkDtO3
NwlIG96p1m98U/bqpaLjCJiRHKzoW/Lv5cGpdyeqS0KXqSJCbIXZnhZEuFxuLXmI
n7NFLoHyU4J2NTvCn/jZ9eudOE6xJK7PYdYRduAub5xXa0NLV8extRcQi2cx070Q
uRIAKnaQu38FjR+akM+iatJD0Q==
-----END CERTIFICATE REQUEST-----`,
  ec: `-----BEGIN CERTIFICATE REQUEST-----
MIHIMHACAQAwDjEMMAoGA1UEAwwDZXZlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
QgAE2bcsoGnoZAKYoMeUnjoUI+hdGhK4iEfTEmaNvTJrZK/ZAFSYiPD/zLPYfJ79
yS1cO4TyJDDJnLM522CMZRWwvaAAMAoGCCqGSM49BAMCA0gAMEUCIQCtjtfKo2al
GQXnYLodK2L0PSi0tepCRD7uSktijbvlxgIgR1Cw8Gnhqs85PZOvbF9hXx0sqwJQ
9Ussi76xkLaNrHQ=
-----END CERTIFICATE REQUEST-----`,
};

/** Keys of the requests: PKCS #8 and SEC 1. */
const keys = {
  rsa: {
    label: 'PRIVATE KEY',
    pem: `-----BEGIN PRIVATE KEY-----
MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBAM6Kxfpn4/bAZSqD
ltA91W0gtizVe5TbGs3jQQJwJXnE5M+EF8e35eWGKWxWPUuJ7UUo1GwYE7r0+0co
fGRTvfWS1Uu1WLlHgw9636rBbvzk7o/vV3ZaCqrtDaur6CoyI/isOeCW206Y0hoB
r4Zv09hBNf/GGmH9N29QROy2tRPDAgMBAAECgYEAwYuPbFCQcbjm1EkNOUTITAPc
UvUWYm5Tlt2/HK7En3AfTkqlEhVFDKmFBa1msPOl8SoKrOR/ELHjClJpBobmuJpb
6TzoDLN8av24Q+HkmofLOqikFCOW3Y6zJdZPQybrtkGnsxYf8QgXmO2GncT7/Xht
GA9UJ6t0SC2QXfOP0BkCQQDzm1PGaqIStvw6JJTUTmbiN/AldyWvwWyiI+m5BIj+
FzOlun1bYbdAKVIf/LTz8y5li7YmPGZ47FycN3OUgnT3AkEA2Qy5rGMZDginbPyX
UepW7EI4nEYhsAWd/q06kQmU+wNMTdu6sk1UVVne+6H0muvhCOUsh+BjQXKJqzNc
2LEAlQJBAJyOaGqNwRcR7ktXkyZWNJyRoo4RYnDvd+dD+ULkfT3+nzyU+1ctF13u
sE7KU2isEldEUI2GJ7zy+hmTMX5x0MUCQCodGfmk0Lu0Wif/aqzuNydoQeuwf+DT
djBwFCkIHuwFW8zPkY3/Cxn0chuI9RkKI4PCU72ZgCi2vJeHQ8CXt3ECQDKOJOfp
q3JxmwQ4KdfynXQS15Tpi6LWJpzG/3FsvOCV507ps1tOuW1X+vXB2KPkF1rjklNY
jtOzuFbczMkenVg=
-----END PRIVATE KEY-----`,
  },
  ec: {
    label: 'EC PRIVATE KEY',
    pem: `-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIJONCkSamiWZqmgmGgHeH27ZrUwU5JIu0eJ4ZysVNxNXoAoGCCqGSM49
AwEHoUQDQgAE2bcsoGnoZAKYoMeUnjoUI+hdGhK4iEfTEmaNvTJrZK/ZAFSYiPD/
zLPYfJ79yS1cO4TyJDDJnLM522CMZRWwvQ==
-----END EC PRIVATE KEY-----`,
  },
};

const names = ['rsa', 'ec'] as const;

function request(name: 'rsa' | 'ec') {
  return readCertificateRequest(decodePem('CERTIFICATE REQUEST', requests[name]) ?? new Uint8Array());
}

test.each(names)('a request of %s key is signed with that key', (name) => {
  const { publicKey, signed } = request(name);
  expect(signatureProblem(readPublicKey(publicKey), signed)).toBeUndefined();
});

test('a request that was tampered with is not', () => {
  const problems = names.map((name) => {
    const { publicKey, signed } = request(name);
    const bytes = Uint8Array.from(signed.bytes).fill(0x41, 20, 22);
    return signatureProblem(readPublicKey(publicKey), { ...signed, bytes });
  });
  expect(problems).toEqual(['crypto/rsa: verification error', 'x509: ECDSA verification failure']);
});

test.each(names)('the private %s key is the other half of its request', (name) => {
  const { label, pem } = keys[name];
  const half = publicHalfOf(decodePem(label, pem) ?? new Uint8Array());
  expect(half && names.map((other) => sameKey(half, readPublicKey(request(other).publicKey)))).toEqual(
    names.map((other) => other === name),
  );
});

test('bytes that are no key have no public half', () => {
  expect(publicHalfOf(new Uint8Array([1, 2, 3]))).toBeUndefined();
});
