// Whether signatures of certificates and requests are whose they should be.
import { ed25519 } from '@noble/curves/ed25519.js';
import { DerError } from '../../base/der.ts';
import { type PublicKey, readPublicKey, signatureProblem } from '../../base/keys.ts';
import { curveOf, ed25519Id, hashOf, signatureName } from './algorithms.ts';
import type { FullRequest, Signed } from './certificate.ts';

export function requestSignatureHolds(request: FullRequest): boolean {
  return signatureHolds(request, request.publicKey);
}

/** `publicKey`: SubjectPublicKeyInfo of who is said to have signed. */
export function signatureHolds({ algorithm, content, signature }: Signed, publicKey: Uint8Array): boolean {
  let key: PublicKey;
  try {
    key = readPublicKey(publicKey);
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
  try {
    if (algorithm === ed25519Id) return ed25519.verify(signature, content, publicKey.subarray(-32));
    if (key.kind === 'ec') {
      const hash = hashOf(signatureName(algorithm).replace('ecdsa-with-', ''));
      const curve = curveOf(key.curve);
      if (!hash || !curve) return false;
      const options = { prehash: false, format: 'der', lowS: false } as const;
      return curve.code.verify(signature, hash.digest(content), key.point, options);
    }
  } catch {
    return false; // bytes that are no signature at all
  }
  return signatureProblem(key, { algorithm, bytes: content, signature }) === undefined;
}
