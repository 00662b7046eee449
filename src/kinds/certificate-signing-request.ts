// CertificateSigningRequests.
import { duplicate, invalid, notSupported, required } from '../api/field-error.ts';
import type { CertificateSigningRequest } from '../api/generated/types.ts';
import { decodeBase64, decodeUtf8 } from '../base/bytes.ts';
import { DerError } from '../base/der.ts';
import { humanDuration } from '../base/human-duration.ts';
import { decodePem } from '../base/pem.ts';
import { readCertificateRequest } from '../base/x509.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { statusOfItsOwn } from './status-of-its-own.ts';

/** What the server knows about CertificateSigningRequests. */
export const certificateSigningRequest = defineKind<CertificateSigningRequest>({
  ...statusOfItsOwn,
  group: 'certificates.k8s.io',
  kind: 'CertificateSigningRequest',
  validate({ spec }, errors) {
    const problem = requestProblem(spec.request);
    if (problem) errors.push(invalid('spec.request', spec.request, problem));
    const asked = spec.usages ?? [];
    if (asked.length === 0) errors.push(required('spec.usages'));
    for (const [i, usage] of asked.entries()) {
      if (!usages.includes(usage)) errors.push(notSupported(`spec.usages[${i}]`, usage, usages));
      else if (asked.indexOf(usage) < i) errors.push(duplicate(`spec.usages[${i}]`, usage));
    }
    if (spec.expirationSeconds !== undefined && spec.expirationSeconds < secondsMin) {
      const text = 'may not specify a duration less than 600 seconds (10 minutes)';
      errors.push(invalid('spec.expirationSeconds', spec.expirationSeconds, text));
    }
  },
  fields: { 'spec.signerName': ({ spec }) => spec?.signerName ?? '' },
  columns: [
    nameColumn,
    ageColumn,
    textColumn('SignerName', 'Who is to sign.', ({ spec }) => spec?.signerName || '<none>'),
    textColumn('Requestor', 'Who asks.', ({ spec }) => spec?.username ?? ''),
    textColumn('RequestedDuration', 'For how long.', ({ spec }) => {
      return spec?.expirationSeconds === undefined ? '<none>' : humanDuration(spec.expirationSeconds * 1000);
    }),
    textColumn('Condition', 'Whether it is approved, denied, issued.', conditionText),
  ],
});

const secondsMin = 600;

const usages: readonly string[] = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];

/** Left out: checking the request's own signature, by which its sender proves to have the private key. */
function requestProblem(request: string): string | undefined {
  const bytes = decodePem('CERTIFICATE REQUEST', decodeUtf8(decodeBase64(request) ?? new Uint8Array()));
  if (!bytes) return 'PEM block type must be CERTIFICATE REQUEST';
  try {
    readCertificateRequest(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof DerError) return "asn1: structure error: tags don't match";
    throw error;
  }
}

function conditionText({ status }: CertificateSigningRequest): string {
  const has = (wanted: string) => status?.conditions?.some(({ type }) => type === wanted) ?? false;
  const decision = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  return `${decision}${has('Failed') ? ',Failed' : ''}${status?.certificate ? ',Issued' : ''}`;
}
