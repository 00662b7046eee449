// Chains of certificates: from one to an authority that is trusted, and what is wrong with them in OpenSSL's numbers.
import type { DerValue } from '../../base/der.ts';
import type { FullCertificate } from './certificate.ts';
import { extensionNamed } from './extension-text.ts';
import { signatureHolds } from './signatures.ts';

export interface ChainProblem {
  readonly number: number;
  readonly text: string;
  /** 0 is the certificate itself. */
  readonly depth: number;
}

export interface Chain {
  /** From the certificate to the last that could be found. */
  readonly certificates: readonly FullCertificate[];
  /** In the order in which OpenSSL tells of them. */
  readonly problems: readonly ChainProblem[];
}

export interface ChainOptions {
  readonly trusted: readonly FullCertificate[];
  readonly untrusted: readonly FullCertificate[];
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

const depthMax = 100;

export function chainOf(leaf: FullCertificate, { trusted, untrusted, at }: ChainOptions): Chain {
  const certificates = [leaf];
  let last = leaf;
  let anchored = trusted.some((each) => same(each.bytes, leaf.bytes)) && signsItself(leaf);
  while (!anchored && certificates.length < depthMax) {
    const known = trusted.find((each) => isIssuer(each, last));
    const next = known ?? untrusted.find((each) => isIssuer(each, last) && !certificates.includes(each));
    if (!next || signsItself(last)) break;
    certificates.push(next);
    last = next;
    anchored = known !== undefined && signsItself(known);
  }
  return { certificates, problems: [...anchorProblems(certificates, anchored), ...innerProblems(certificates, at)] };
}

function anchorProblems(certificates: readonly FullCertificate[], anchored: boolean): readonly ChainProblem[] {
  if (anchored) return [];
  const depth = certificates.length - 1;
  const last = certificates[depth];
  if (last && signsItself(last))
    return depth === 0
      ? [{ number: 18, text: 'self-signed certificate', depth }]
      : [{ number: 19, text: 'self-signed certificate in certificate chain', depth }];
  const missing = { number: 20, text: 'unable to get local issuer certificate', depth };
  return depth === 0 ? [missing, { number: 21, text: 'unable to verify the first certificate', depth }] : [missing];
}

function innerProblems(certificates: readonly FullCertificate[], at: number): readonly ChainProblem[] {
  const problems: ChainProblem[] = [];
  for (const [depth, certificate] of [...certificates.entries()].reverse()) {
    const signer = certificates[depth + 1];
    if (depth > 0 && !isAuthority(certificate)) problems.push({ number: 79, text: 'invalid CA certificate', depth });
    if (signer && !signatureHolds(certificate, signer.publicKey))
      problems.push({ number: 7, text: 'certificate signature failure', depth });
    if (at < certificate.notBefore) problems.push({ number: 9, text: 'certificate is not yet valid', depth });
    if (at > certificate.notAfter) problems.push({ number: 10, text: 'certificate has expired', depth });
  }
  return problems;
}

function isIssuer(issuer: FullCertificate, certificate: FullCertificate): boolean {
  return sameName(issuer.subject, certificate.issuer);
}

function signsItself(certificate: FullCertificate): boolean {
  return sameName(certificate.subject, certificate.issuer) && signatureHolds(certificate, certificate.publicKey);
}

/** A certificate of version 1 that signs itself counts as an authority. */
function isAuthority(certificate: FullCertificate): boolean {
  if (certificate.version < 3) return sameName(certificate.subject, certificate.issuer);
  const constraints = extensionNamed(certificate.extensions, 'basicConstraints');
  return constraints?.value.includes(0xff) ?? false;
}

function sameName(a: DerValue, b: DerValue): boolean {
  return same(a.whole, b.whole);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
