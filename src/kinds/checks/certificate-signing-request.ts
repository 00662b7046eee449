// What is wrong with CertificateSigningRequests.
import type { CertificateSigningRequest } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { validateCertificateRequest, validateCertificateRequestUpdate } from '../validation/certificate-requests.ts';

export const certificateSigningRequestChecks = defineChecks<CertificateSigningRequest>({
  group: 'certificates.k8s.io',
  kind: 'CertificateSigningRequest',
  validate: (request, errors) => validateCertificateRequest(request, errors),
  validateUpdate: (request, old, errors) => validateCertificateRequestUpdate(request, old, errors),
  validateStatusUpdate: (request, old, errors) => validateCertificateRequestUpdate(request, old, errors, 'sign'),
  parts: { approval: (request, old, errors) => validateCertificateRequestUpdate(request, old, errors, 'approve') },
});
