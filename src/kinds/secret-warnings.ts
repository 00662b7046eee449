// Whether the two halves of a TLS secret go together: what Go's tls.X509KeyPair would say to them.
import type { Secret } from '../api/generated/types.ts';
import { decodeBase64, decodeUtf8 } from '../base/bytes.ts';
import { DerError } from '../base/der.ts';
import { type PublicKey, publicHalfOf, readPublicKey, sameKey } from '../base/keys.ts';
import { readCertificate } from '../base/x509.ts';

/** Warnings about a secret. */
export function secretWarnings({ type, data }: Secret): readonly string[] {
  if (type !== 'kubernetes.io/tls') return [];
  const problem = keyPairProblem(textOf(data?.['tls.crt']), textOf(data?.['tls.key']));
  return problem === undefined ? [] : [problem];
}

/** Why a certificate and a key, both PEM, are no pair. */
export function keyPairProblem(certificate: string, key: string): string | undefined {
  const blocks = blocksOf(certificate);
  const [leaf] = blocks.filter(({ label }) => label === 'CERTIFICATE');
  if (!leaf) return certificateProblem(blocks.map(({ label }) => label));
  const keys = blocksOf(key);
  const found = keys.find(({ label }) => label === 'PRIVATE KEY' || label.endsWith(' PRIVATE KEY'));
  if (!found) return keyProblem(keys.map(({ label }) => label));
  const wanted = keyOf(leaf.bytes);
  if (!wanted) return 'x509: malformed certificate';
  const half = publicHalfOf(found.bytes);
  if (!half) return 'tls: failed to parse private key';
  if (half.kind !== wanted.kind) return 'tls: private key type does not match public key type';
  return sameKey(half, wanted) ? undefined : 'tls: private key does not match public key';
}

interface Block {
  readonly label: string;
  readonly bytes: Uint8Array;
}

function textOf(encoded: string | undefined): string {
  return decodeUtf8(decodeBase64(encoded ?? '') ?? new Uint8Array());
}

function certificateProblem(labels: readonly string[]): string {
  const [only] = labels;
  if (only === undefined) return 'tls: failed to find any PEM data in certificate input';
  if (labels.length === 1 && only.endsWith('PRIVATE KEY'))
    return 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched';
  return `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: ${listed(labels)}`;
}

function keyProblem(labels: readonly string[]): string {
  const [only] = labels;
  if (only === undefined) return 'tls: failed to find any PEM data in key input';
  if (labels.length === 1 && only === 'CERTIFICATE')
    return 'tls: found a certificate rather than a key in the PEM for the private key';
  return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: ${listed(labels)}`;
}

/** As Go prints a list of texts. */
function listed(labels: readonly string[]): string {
  return `[${labels.join(' ')}]`;
}

function blocksOf(text: string): readonly Block[] {
  return [...text.matchAll(/-----BEGIN ([^\n-]*)-----([^-]*)-----END \1-----/g)].flatMap(
    ([, label = '', body = '']) => {
      const bytes = decodeBase64(body.replace(/\s/g, ''));
      return bytes ? [{ label, bytes }] : [];
    },
  );
}

function keyOf(certificate: Uint8Array): PublicKey | undefined {
  try {
    return readPublicKey(readCertificate(certificate).publicKey);
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}
