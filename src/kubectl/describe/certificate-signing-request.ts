// Describes certificate signing requests, with what the request itself asks for.
import { decodeBase64, decodeUtf8 } from '../../base/bytes.ts';
import { numberAt, objectsAt, textAt } from '../../base/fields.ts';
import { humanDuration } from '../../base/human-duration.ts';
import type { JsonObject } from '../../base/json.ts';
import { CommandError } from '../errors.ts';
import { type CertificateRequest, parseCertificateRequest } from './certificate-request.ts';
import { describer } from './describer.ts';
import type { DescriptionWriter } from './description-writer.ts';
import { rfc1123 } from './go-time.ts';
import { formatLabels } from './metadata.ts';

export const certificateSigningRequestDescriber = describer({
  group: 'certificates.k8s.io',
  kind: 'CertificateSigningRequest',
  resource: ['/apis/certificates.k8s.io/v1', 'certificatesigningrequests'],
  clusterScoped: true,
  write: (w, object) => {
    const pem = decodeUtf8(decodeBase64(textAt(object, 'spec.request')) ?? new Uint8Array());
    const request = parseCertificateRequest(pem);
    if (!request) throw new CommandError('Error parsing CSR: PEM block type must be CERTIFICATE REQUEST');
    w.field(0, 'Name', textAt(object, 'metadata.name'));
    w.field(0, 'Labels', formatLabels(object, 'metadata.labels'));
    w.field(0, 'Annotations', formatLabels(object, 'metadata.annotations'));
    w.field(0, 'CreationTimestamp', rfc1123(textAt(object, 'metadata.creationTimestamp')));
    w.field(0, 'Requesting User', textAt(object, 'spec.username'));
    w.optional(0, 'Signer', textAt(object, 'spec.signerName'));
    const seconds = numberAt(object, 'spec.expirationSeconds');
    if (seconds !== undefined) w.field(0, 'Requested Duration', humanDuration(seconds * 1000));
    w.field(0, 'Status', statusText(object));
    writeSubject(w, request);
    writeNames(w, request);
  },
});

/** `Approved,Issued` */
function statusText(object: JsonObject): string {
  const types = objectsAt(object, 'status.conditions').map((condition) => textAt(condition, 'type'));
  const parts = [types.includes('Denied') ? 'Denied' : types.includes('Approved') ? 'Approved' : 'Pending'];
  if (types.includes('Failed')) parts.push('Failed');
  if (textAt(object, 'status.certificate') !== '') parts.push('Issued');
  return parts.join(',');
}

const subjectLists = [
  ['Organization', '2.5.4.10'],
  ['Organizational Unit', '2.5.4.11'],
  ['Country', '2.5.4.6'],
  ['Locality', '2.5.4.7'],
  ['Province', '2.5.4.8'],
  ['StreetAddress', '2.5.4.9'],
  ['PostalCode', '2.5.4.17'],
] as const;

function writeSubject(w: DescriptionWriter, request: CertificateRequest): void {
  const last = (oid: string) => request.subject.get(oid)?.at(-1) ?? '';
  w.line(0, 'Subject:');
  w.line(0, `\tCommon Name:\t${last('2.5.4.3')}`);
  w.line(0, `\tSerial Number:\t${last('2.5.4.5')}`);
  for (const [label, oid] of subjectLists) writeList(w, label, request.subject.get(oid) ?? []);
}

function writeNames(w: DescriptionWriter, request: CertificateRequest): void {
  const { dnsNames, emails, uris, ips } = request;
  if (dnsNames.length + emails.length + uris.length + ips.length > 0) w.line(0, 'Subject Alternative Names:');
  writeList(w, 'DNS Names', dnsNames);
  writeList(w, 'Email Addresses', emails);
  writeList(w, 'URIs', uris);
  writeList(w, 'IP Addresses', ips);
}

function writeList(w: DescriptionWriter, label: string, values: readonly string[]): void {
  if (values.length > 0) w.line(0, `\t${label}:\t${values.join('\n\t\t')}`);
}
