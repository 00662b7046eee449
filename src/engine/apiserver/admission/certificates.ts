// Certificate requests: who asks is written down; only those whom a signer trusts approve and sign.

import { alike } from '../../../api/alike.ts';
import type { CertificateSigningRequest } from '../../../api/generated/types.ts';
import { forbidden } from '../../../api/status.ts';
import { decodeBase64, decodeUtf8 } from '../../../base/bytes.ts';
import { decodePem } from '../../../base/pem.ts';
import { readCertificateRequest } from '../../../base/x509.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import { refusal } from './admission-request.ts';
import type { AdmissionPlugin, Attributes } from './plugin.ts';

const group = 'certificates.k8s.io';

/** Not a plugin that can be switched off: the requester is the server's to say. */
export const certificateRequester: AdmissionPlugin = {
  name: 'CertificateRequester',
  admit(object, attributes) {
    if (!isRequest(attributes) || attributes.operation !== 'create') return object;
    const { name: username, uid, groups, extra } = attributes.request.user;
    const { username: _, uid: __, groups: ___, extra: ____, ...spec } = asRequest(object).spec ?? {};
    return { ...object, spec: { ...spec, groups, username, ...(uid && { uid }), ...(extra && { extra }) } };
  },
};

export const certificateApproval: AdmissionPlugin = {
  name: 'CertificateApproval',
  validate(_object, attributes) {
    const { old, request } = attributes;
    if (!old || !isRequest(attributes) || request.subresource !== 'approval') return;
    refuseUnless('approve', asRequest(old), attributes);
  },
};

export const certificateSigning: AdmissionPlugin = {
  name: 'CertificateSigning',
  validate(object, attributes) {
    const { old, request } = attributes;
    if (!object || !old || !isRequest(attributes) || request.subresource !== 'status') return;
    const now = asRequest(object).status;
    const before = asRequest(old).status;
    if (now?.certificate === before?.certificate && alike(now?.conditions, before?.conditions)) return;
    refuseUnless('sign', asRequest(old), attributes);
  },
};

/** Nobody gets a client certificate that makes them an administrator from the API server's own signer. */
export const certificateSubjectRestriction: AdmissionPlugin = {
  name: 'CertificateSubjectRestriction',
  validate(object, attributes) {
    if (!object || attributes.operation !== 'create' || !isRequest(attributes) || attributes.subresource) return;
    const { signerName, request = '' } = asRequest(object).spec ?? {};
    if (signerName !== 'kubernetes.io/kube-apiserver-client') return;
    if (!organizationsIn(request).includes('system:masters')) return;
    const text = `use of ${signerName} signer with system:masters group is not allowed`;
    throw refusal(attributes, object, text);
  },
};

/** Of a request that validation has read before. */
function organizationsIn(request: string): readonly string[] {
  const pem = decodePem('CERTIFICATE REQUEST', decodeUtf8(decodeBase64(request) ?? new Uint8Array()));
  return pem ? readCertificateRequest(pem).subject.organizations : [];
}

function refuseUnless(verb: string, { spec }: CertificateSigningRequest, attributes: Attributes): void {
  const { request, resource, name, mayUser } = attributes;
  const signer = spec?.signerName ?? '';
  const domain = `${signer.split('/')[0]}/*`;
  const may = (which: string): boolean =>
    mayUser({ kind: 'resource', verb, group, resource: 'signers', namespace: '', name: which });
  if (request.user.groups.includes('system:masters') || may(signer) || may(domain)) return;
  const text = `user not permitted to ${verb} requests with signerName ${JSON.stringify(signer)}`;
  throw forbidden(resource, name, text);
}

function isRequest({ resource }: Attributes): boolean {
  return resource.group === group && resource.resource === 'certificatesigningrequests';
}

function asRequest(object: StoredObject): CertificateSigningRequest {
  return object as CertificateSigningRequest; // edge: an object of the requests resource
}
