// CertificateSigningRequests: created, changed, approved, signed.

import { alike } from '../../api/alike.ts';
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  notSupported,
  required,
  tooLong,
} from '../../api/field-error.ts';
import type {
  CertificateSigningRequest,
  CertificateSigningRequestCondition as Condition,
} from '../../api/generated/types.ts';
import { dns1123Label, dns1123Subdomain } from '../../api/names.ts';
import { decodeBase64, decodeUtf8 } from '../../base/bytes.ts';
import { DerError } from '../../base/der.ts';
import { quote } from '../../base/go/quote.ts';
import { readPublicKey, signatureProblem } from '../../base/keys.ts';
import { decodePem, pemBlocks } from '../../base/pem.ts';
import { readCertificate, readCertificateRequest } from '../../base/x509.ts';
import { internalDiff } from '../internal-form.ts';

const secondsMin = 600;
const legacySigner = 'kubernetes.io/legacy-unknown';
const decisions = ['Approved', 'Denied'];

/** Adds what is wrong with a new request. */
export function validateCertificateRequest(
  request: CertificateSigningRequest,
  errors: FieldError[],
  old?: CertificateSigningRequest,
): void {
  const { spec, status } = request;
  const problem = requestProblem(spec.request ?? '');
  if (problem) errors.push(invalid('spec.request', spec.request ?? null, problem));
  validateUsages(errors, spec.usages ?? []);
  if (spec.signerName === legacySigner && old?.spec.signerName !== legacySigner) {
    const text = 'the legacy signerName is not allowed via this API version';
    errors.push(invalid('spec.signerName', spec.signerName, text));
  } else validateSignerName(errors, 'spec.signerName', spec.signerName);
  if (spec.expirationSeconds !== undefined && spec.expirationSeconds < secondsMin) {
    const text = 'may not specify a duration less than 600 seconds (10 minutes)';
    errors.push(invalid('spec.expirationSeconds', spec.expirationSeconds, text));
  }
  validateConditions(errors, status?.conditions ?? [], old?.status?.conditions ?? []);
  if (old && old.status?.certificate === status?.certificate) return;
  const wrong = certificateProblem(status?.certificate);
  if (wrong) errors.push(invalid('status.certificate', '<certificate data>', wrong));
}

/** Adds what is wrong with changing a request so. `may`: what this way of changing it is for. */
export function validateCertificateRequestUpdate(
  request: CertificateSigningRequest,
  old: CertificateSigningRequest,
  errors: FieldError[],
  may?: 'approve' | 'sign',
): void {
  validateCertificateRequest(request, errors, old);
  const field = 'status.conditions';
  const of = (one: CertificateSigningRequest, type: string): readonly Condition[] =>
    (one.status?.conditions ?? []).filter((condition) => condition.type === type);
  for (const type of [...decisions, 'Failed'])
    if (of(request, type).length < of(old, type).length)
      errors.push(forbidden(field, `updates may not remove a condition of type ${quote(type)}`));
  for (const type of may === 'approve' ? [] : decisions) {
    const [before, now] = [of(old, type), of(request, type)];
    if (now.length > before.length)
      errors.push(forbidden(field, `updates may not add a condition of type ${quote(type)}`));
    else if (now.length === before.length && !alike(now, before)) {
      const diff = internalDiff('certificates_CertificateSigningRequestCondition', { from: before, to: now });
      errors.push(forbidden(field, `updates may not modify a condition of type ${quote(type)}\n${diff}`));
    }
  }
  const before = old.status?.certificate ?? '';
  if ((request.status?.certificate ?? '') === before) return;
  if (may !== 'sign') errors.push(forbidden('status.certificate', 'updates may not set certificate content'));
  else if (before !== '')
    errors.push(forbidden('status.certificate', 'updates may not modify existing certificate content'));
}

/** A domain and a path, e.g. `example.com/my-signer`. */
export function validateSignerName(errors: FieldError[], field: string, name = ''): void {
  if (name === '') return void errors.push(required(field));
  const segments = name.split('/');
  if (segments.length !== 2) {
    const text = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
    return void errors.push(invalid(field, name, text));
  }
  const [domain = '', path = ''] = segments;
  if (domain.length > 253) errors.push(tooLong(field, 253));
  const check = (segment: string, valid: (label: string) => readonly string[]): void => {
    const wrong = segment.split('.').find((label) => valid(label).length > 0);
    for (const complaint of wrong === undefined ? [] : valid(wrong))
      errors.push(invalid(field, segment, `validating label ${quote(wrong ?? '')}: ${complaint}`));
  };
  check(domain, dns1123Label);
  if (!domain.includes('.'))
    errors.push(invalid(field, domain, 'should be a domain with at least two segments separated by dots'));
  check(path, dns1123Subdomain);
  if (name.length > 571) errors.push(tooLong(field, 571));
}

function validateUsages(errors: FieldError[], asked: readonly string[]): void {
  if (asked.length === 0) errors.push(required('spec.usages'));
  for (const [i, usage] of asked.entries())
    if (!usages.includes(usage)) errors.push(notSupported(`spec.usages[${i}]`, usage, usages));
  for (const [i, usage] of asked.entries())
    if (asked.indexOf(usage) < i) errors.push(duplicate(`spec.usages[${i}]`, usage));
}

/** What was wrong already is let be. */
function validateConditions(errors: FieldError[], conditions: readonly Condition[], old: readonly Condition[]): void {
  const field = 'status.conditions';
  const types = (list: readonly Condition[]): readonly string[] => list.map(({ type }) => type ?? '');
  const before = types(old);
  const seen = new Set<string>();
  for (const [i, { type = '', status = '' }] of conditions.entries()) {
    const at = `${field}[${i}]`;
    if (type === '' && !before.includes('')) errors.push(required(`${at}.type`));
    const allowed = [...decisions, 'Failed'].includes(type) ? ['True'] : ['False', 'True', 'Unknown'];
    if (status === '') errors.push(required(`${at}.status`));
    else if (!allowed.includes(status)) errors.push(notSupported(`${at}.status`, status, allowed));
    const other = decisions.find((one) => decisions.includes(type) && one !== type && seen.has(one));
    if (other && !decisions.every((one) => before.includes(one)))
      errors.push(invalid(field, type, 'Approved and Denied conditions are mutually exclusive'));
    if (seen.has(type) && new Set(before).size === before.length) errors.push(duplicate(`${at}.type`, type));
    seen.add(type);
  }
}

function requestProblem(request: string): string | undefined {
  const bytes = decodePem('CERTIFICATE REQUEST', decodeUtf8(decodeBase64(request) ?? new Uint8Array()));
  if (!bytes) return 'PEM block type must be CERTIFICATE REQUEST';
  try {
    const { publicKey, signed } = readCertificateRequest(bytes);
    return signatureProblem(readPublicKey(publicKey), signed);
  } catch (error) {
    if (error instanceof DerError) return "asn1: structure error: tags don't match";
    throw error;
  }
}

function certificateProblem(certificate: string | undefined): string | undefined {
  if (!certificate) return undefined;
  const text = decodeUtf8(decodeBase64(certificate) ?? new Uint8Array());
  const other = [...text.matchAll(/-----BEGIN ([^-]+)-----/g)].find(([, label]) => label !== 'CERTIFICATE')?.[1];
  if (other !== undefined) return `only CERTIFICATE PEM blocks are allowed, found ${quote(other)}`;
  const blocks = pemBlocks('CERTIFICATE', text);
  if (blocks.length === 0) return 'must contain at least one CERTIFICATE PEM block';
  try {
    for (const block of blocks) readCertificate(block);
    return undefined;
  } catch (error) {
    if (error instanceof DerError) return 'x509: malformed certificate';
    throw error;
  }
}

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
