// Whether a server's certificate will do: who signed it, for how long, for which names.
import { DerError } from './der.ts';
import { canVerify, readPublicKey, signatureProblem } from './keys.ts';
import { decodePem, pemBlocks } from './pem.ts';
import { type Certificate, readCertificate } from './x509.ts';

export type CertificateProblem = 'unknown-authority' | 'expired' | 'wrong-name' | 'wrong-usage' | 'malformed';

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

/**
 * `pem` is what the server shows: its certificate, then those that lead from it to an authority. Undefined: it will do.
 * Of several problems the one that OpenSSL tells of.
 */
export function certificateProblem(pem: string, expected: Expected): CertificateProblem | undefined {
  return certificateProblems(pem, expected)[0];
}

/** As certificateProblem, in the order in which Go looks. */
export function goCertificateProblem(pem: string, expected: Expected): CertificateProblem | undefined {
  const problems = certificateProblems(pem, expected);
  return problems.find((problem) => problem === 'expired' || problem === 'wrong-name') ?? problems[0];
}

/** Which authority has the signer's name but another key, and what came of asking it; undefined: there is none. */
export function falseAuthority(
  pem: string,
  authorities: string,
): { readonly name: string; readonly why: string } | undefined {
  const certificate = certificateIn(pem);
  for (const authority of certificatesIn(authorities)) {
    const why = certificate && signedProblem(certificate, authority);
    const { commonName, organizations } = authority.subject;
    if (why !== undefined) return { name: commonName || (organizations[0] ?? ''), why };
  }
  return undefined;
}

function certificateProblems(pem: string, against: Expected): readonly CertificateProblem[] {
  const certificate = certificateIn(pem);
  if (!certificate) return ['malformed'];
  const { at, serverName, authorities } = against;
  const others = { authorities: certificatesIn(authorities), between: certificatesIn(pem).slice(1), at };
  const known = leadsToAuthority(certificate, others);
  const named = certificate.names.some((name) => covers(name, serverName));
  return [
    ...(known ? [] : ['unknown-authority' as const]),
    ...(isValid(certificate, at) ? [] : ['expired' as const]),
    ...(named ? [] : ['wrong-name' as const]),
    ...(certificate.usages.includes('server') ? [] : ['wrong-usage' as const]),
  ];
}

interface Signers {
  readonly authorities: readonly Certificate[];
  readonly between: readonly Certificate[];
  readonly at: number;
}

/** Longer ways to an authority are not gone. */
const chainMax = 5;

function leadsToAuthority(certificate: Certificate, { authorities, between, at }: Signers, length = 1): boolean {
  if (authorities.some(({ signed }) => String(signed) === String(certificate.signed))) return true;
  const signs = (signer: Certificate): boolean =>
    isValid(signer, at) && sameName(certificate.issuerName, signer.subjectName) && signedBy(certificate, signer);
  if (authorities.some(signs)) return true;
  if (length >= chainMax) return false;
  return between.some((signer) => {
    if (signer.authority !== true || !signs(signer)) return false;
    const rest = between.filter((other) => other !== signer);
    return leadsToAuthority(signer, { authorities, between: rest, at }, length + 1);
  });
}

function isValid({ notBefore, notAfter }: Certificate, at: number): boolean {
  return at >= notBefore && at <= notAfter;
}

function sameName(one: Uint8Array, other: Uint8Array): boolean {
  return String(one) === String(other);
}

function signedBy({ signed, algorithm, signature }: Certificate, signer: Certificate): boolean {
  if (signer.authority === false) return false;
  const key = readPublicKey(signer.publicKey);
  return canVerify(key, algorithm) && signatureProblem(key, { algorithm, bytes: signed, signature }) === undefined;
}

/** Why an authority that has the right name is not who signed it; undefined: the name is another one, or it is. */
function signedProblem({ issuerName, signed, algorithm, signature }: Certificate, signer: Certificate) {
  if (!sameName(issuerName, signer.subjectName)) return undefined;
  if (signer.authority === false)
    return 'x509: invalid signature: parent certificate cannot sign this kind of certificate';
  return signatureProblem(readPublicKey(signer.publicKey), { algorithm, bytes: signed, signature });
}

function certificatesIn(pem: string): readonly Certificate[] {
  return pemBlocks('CERTIFICATE', pem)
    .map(read)
    .filter((certificate) => certificate !== undefined);
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
