// CertificateSigningRequests.
import type {
  CertificateSigningRequest,
  CertificateSigningRequestCondition as Condition,
} from '../api/generated/types.ts';
import { pathSegmentName } from '../api/names.ts';
import { humanDuration } from '../base/human-duration.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { assign } from './share.ts';

/** What the server knows about CertificateSigningRequests. */
export const certificateSigningRequest = defineKind<CertificateSigningRequest>({
  group: 'certificates.k8s.io',
  kind: 'CertificateSigningRequest',
  validName: pathSegmentName,
  prepareForCreate: (request) => ({ ...request, status: {} }),
  prepareForUpdate: (request, old) => assign(request, { spec: old.spec, status: old.status }),
  prepareForStatusUpdate: (request, old, now) => ({
    ...request,
    status: { ...request.status, conditions: timed(preserved(conditionsOf(request), conditionsOf(old)), old, now) },
  }),
  parts: {
    approval: {
      prepare: (wanted, old, now) => ({
        ...old,
        status: { ...old.status, conditions: timed(conditionsOf(wanted), old, now) },
      }),
    },
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

function conditionText({ status }: CertificateSigningRequest): string {
  const has = (wanted: string) => status?.conditions?.some(({ type }) => type === wanted) ?? false;
  const decision = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  return `${decision}${has('Failed') ? ',Failed' : ''}${status?.certificate ? ',Issued' : ''}`;
}

function conditionsOf({ status }: CertificateSigningRequest): readonly Condition[] {
  return status?.conditions ?? [];
}

/** Decisions stay as they were, as long as none has come or gone. */
function preserved(conditions: readonly Condition[], old: readonly Condition[]): readonly Condition[] {
  let kept = conditions;
  for (const type of ['Approved', 'Denied']) {
    const before = old.filter((one) => one.type === type);
    if (kept.filter((one) => one.type === type).length !== before.length) continue;
    let next = 0;
    kept = kept.map((one) => (one.type === type ? (before[next++] ?? one) : one));
  }
  return kept;
}

function timed(
  conditions: readonly Condition[],
  old: CertificateSigningRequest,
  now: () => string,
): readonly Condition[] {
  return conditions.map((condition) => {
    const same = conditionsOf(old).find(({ type, status }) => type === condition.type && status === condition.status);
    const lastTransitionTime = condition.lastTransitionTime ?? same?.lastTransitionTime ?? now();
    return { ...condition, lastUpdateTime: condition.lastUpdateTime ?? now(), lastTransitionTime };
  });
}
