// CertificateSigningRequests.
import type { CertificateSigningRequest } from '../api/generated/types.ts';
import { humanDuration } from '../base/human-duration.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { statusOfItsOwn } from './status-of-its-own.ts';

/** What the server knows about CertificateSigningRequests. */
export const certificateSigningRequest = defineKind<CertificateSigningRequest>({
  ...statusOfItsOwn,
  group: 'certificates.k8s.io',
  kind: 'CertificateSigningRequest',
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

function conditionText({ status }: CertificateSigningRequest): string {
  const has = (wanted: string) => status?.conditions?.some(({ type }) => type === wanted) ?? false;
  const decision = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  return `${decision}${has('Failed') ? ',Failed' : ''}${status?.certificate ? ',Issued' : ''}`;
}
