// Whether a server's certificate will do: who signed it, for how long, for which names.
import { verifies } from './certificate-authority.ts';
import { DerError } from './der.ts';
import { decodePem, pemBlocks } from './pem.ts';
import { type Certificate, readCertificate } from './x509.ts';

export type CertificateProblem = 'unknown-authority' | 'expired' | 'wrong-name' | 'malformed';

/** Undefined: it will do. `authorities` is PEM, any number of certificates. */
export function certificateProblem(
  pem: string,
  against: { readonly authorities: string; readonly serverName: string; readonly at: number },
): CertificateProblem | undefined {
  const certificate = read(decodePem('CERTIFICATE', pem));
  if (!certificate) return 'malformed';
  const { signed, signature, notBefore, notAfter, names } = certificate;
  const signers = pemBlocks('CERTIFICATE', against.authorities).map(read);
  if (!signers.some((signer) => signer && verifies({ point: signer.point }, signed, { format: 'der', signature })))
    return 'unknown-authority';
  if (against.at < notBefore || against.at > notAfter) return 'expired';
  return names.some((name) => covers(name, against.serverName)) ? undefined : 'wrong-name';
}

function read(bytes: Uint8Array | undefined): Certificate | undefined {
  if (!bytes) return undefined;
  try {
    return readCertificate(bytes);
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

/** `*.example.com` covers one label more. */
function covers(pattern: string, name: string): boolean {
  if (pattern.toLowerCase() === name.toLowerCase()) return true;
  return pattern.startsWith('*.') && name.slice(name.indexOf('.')).toLowerCase() === pattern.slice(1).toLowerCase();
}
