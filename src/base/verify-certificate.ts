// Whether a server's certificate will do: who signed it, for how long, for which names.
import { verifies } from './certificate-authority.ts';
import { DerError } from './der.ts';
import { decodePem, pemBlocks } from './pem.ts';
import { type Certificate, readCertificate } from './x509.ts';

export type CertificateProblem = 'unknown-authority' | 'expired' | 'wrong-name' | 'malformed';

/** The first certificate in a PEM text; undefined: there is none. */
export function certificateIn(pem: string): Certificate | undefined {
  return read(decodePem('CERTIFICATE', pem));
}

interface Expected {
  /** PEM, any number of certificates. */
  readonly authorities: string;
  readonly serverName: string;
  readonly at: number;
}

/** Undefined: it will do. Of several problems the one that OpenSSL tells of. */
export function certificateProblem(pem: string, expected: Expected): CertificateProblem | undefined {
  return certificateProblems(pem, expected)[0];
}

/** As certificateProblem, in the order in which Go looks. */
export function goCertificateProblem(pem: string, expected: Expected): CertificateProblem | undefined {
  const problems = certificateProblems(pem, expected);
  return problems.find((problem) => problem !== 'unknown-authority') ?? problems[0];
}

function certificateProblems(pem: string, against: Expected): readonly CertificateProblem[] {
  const certificate = certificateIn(pem);
  if (!certificate) return ['malformed'];
  const { signed, signature, notBefore, notAfter, names } = certificate;
  const signers = pemBlocks('CERTIFICATE', against.authorities).map(read);
  const known = signers.some(
    (signer) => signer && verifies({ point: signer.point }, signed, { format: 'der', signature }),
  );
  const valid = against.at >= notBefore && against.at <= notAfter;
  const named = names.some((name) => covers(name, against.serverName));
  return [
    ...(known ? [] : ['unknown-authority' as const]),
    ...(valid ? [] : ['expired' as const]),
    ...(named ? [] : ['wrong-name' as const]),
  ];
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
