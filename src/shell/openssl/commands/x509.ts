// x509: certificates shown, and requests turned into certificates.
import { sha1 } from '@noble/hashes/legacy.js';
import { decodeUtf8 } from '../../../base/bytes.ts';
import { DerError } from '../../../base/der.ts';
import { encodePem, pemBlocks } from '../../../base/pem.ts';
import { type Hash, hashOf } from '../algorithms.ts';
import { libraryError, type OpensslCall, type OpensslCommand, OpensslError } from '../call.ts';
import { type FullCertificate, type FullRequest, readFullCertificate } from '../certificate.ts';
import { certificateText, certificateTime, modulusText } from '../certificate-text.ts';
import { alternativeNameTexts, extensionLines, extensionNamed } from '../extension-text.ts';
import { extensionsOf } from '../extensions.ts';
import { colons, digits } from '../hex-text.ts';
import { certificatePem, serialBytes } from '../issue.ts';
import { encodeName, type NameForm, nameForms, printName } from '../names.ts';
import { type PrivateKey, publicKeyOf } from '../private-key.ts';
import { requestSignatureHolds } from '../signatures.ts';
import { configurationOf, extending, requestIn, serialFrom, subjectOf } from './req.ts';

export const x509: OpensslCommand = {
  name: 'x509',
  valued: [
    ...[
      'in',
      'out',
      'days',
      'CA',
      'CAkey',
      'CAserial',
      'extfile',
      'extensions',
      'set_serial',
      'signkey',
      'key',
      'subj',
    ],
    ...['nameopt', 'certopt', 'checkend', 'ext', 'inform', 'outform', 'checkhost', 'checkip'],
  ],
  switches: [
    ...['req', 'new', 'noout', 'CAcreateserial', 'text', 'serial', 'subject', 'issuer', 'email', 'dates', 'startdate'],
    ...['enddate', 'fingerprint', 'pubkey', 'modulus', 'clrext'],
  ],
  refused: [
    'passin',
    'CAform',
    'CAkeyform',
    'trustout',
    'addtrust',
    'x509toreq',
    'copy_extensions',
    'force_pubkey',
    'preserve_dates',
    'subject_hash',
    'issuer_hash',
    'hash',
    'purpose',
    'ocsp_uri',
    'alias',
    'sigopt',
    'not_before',
    'not_after',
    'multi',
  ],
  hashes: true,
  unknown: 'Unknown option or message digest',
  async run(call) {
    if (call.operands.length > 0) throw new OpensslError('x509: Use -help for summary.');
    const certificate = call.has('req') ? await issue(call) : await certificateIn(call);
    return show(call, certificate);
  },
};

/** A certificate of a PEM text (or DER, where it is asked for). Throws OpensslError. */
async function certificateIn(call: OpensslCall): Promise<FullCertificate> {
  const name = call.value('in');
  const isBinary = call.value('inform')?.toUpperCase() === 'DER';
  if (isBinary) return readOne(await call.inputBytes(name), name);
  return readOne(pemBlocks('CERTIFICATE', await call.stored(name, 'certificate', unable))[0], name);
}

const unable = 'Unable to load certificate';

function readOne(bytes: Uint8Array | undefined, name: string | undefined, what = 'certificate'): FullCertificate {
  try {
    if (bytes) return readFullCertificate(bytes);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
  }
  throw new OpensslError(`Could not read ${what} from ${name ?? '<stdin>'}\nUnable to load ${what}`);
}

/** The certificate for the request of `-in`. */
async function issue(call: OpensslCall): Promise<FullCertificate> {
  const request = await requestIn(call);
  if (!requestSignatureHolds(request))
    throw new OpensslError('Certificate request self-signature did not match the contents');
  await call.warn(`Certificate request self-signature ok\nsubject=${printName(request.subject)}`);
  const { signer, key } = await signerOf(call);
  const hash = hashOf(call.value('digest') ?? 'sha256');
  if (!hash) throw call.misuse('Unknown option or message digest');
  const asked = call.value('subj');
  const subject = asked === undefined ? request.subject.whole : encodeName(await subjectOf(call, asked));
  const pem = certificatePem({
    serial: serialOf(call),
    issuer: signer?.subject.whole ?? subject,
    subject,
    publicKey: request.publicKey,
    notBefore: call.process.clock.now(),
    days: call.number('days') ?? defaultDays,
    extensions: extensionsFor(call, request, signer),
    signer,
    key,
    hash,
  });
  return readOne(pemBlocks('CERTIFICATE', pem)[0], call.value('in'));
}

const defaultDays = 30;

async function signerOf(call: OpensslCall): Promise<{ readonly signer?: FullCertificate; readonly key: PrivateKey }> {
  const own = call.value('signkey') ?? call.value('key');
  if (own !== undefined) return { key: await call.privateKey(own) };
  const name = call.value('CA');
  if (name === undefined)
    throw new OpensslError('We need a private key to sign with, use -key or -CAkey or -CA with private key');
  const text = await call.stored(name, 'CA certificate', 'Unable to load CA certificate');
  const signer = readOne(pemBlocks('CERTIFICATE', text)[0], name, 'CA certificate');
  const key = await call.privateKey(call.value('CAkey') ?? name, 'CA private key');
  if (String(publicKeyOf(key)) !== String(signer.publicKey))
    throw new OpensslError(
      `CA certificate and CA private key do not match\n${libraryError('05800074:x509 certificate routines:X509_check_private_key:key values mismatch:../crypto/x509/x509_cmp.c:408:')}`,
    );
  return { signer, key };
}

/** What `-set_serial` says; or the number after the one in the authority's file. */
function serialOf(call: OpensslCall): Uint8Array {
  const given = call.value('set_serial');
  if (given !== undefined) return serialFrom(given);
  const { files } = call.process.machine;
  const authority = call.value('CA');
  const file = call.value('CAserial') ?? authority?.replace(/\.[^./]*$/, '').concat('.srl');
  const random = serialBytes(call.random.bytes(20));
  if (file === undefined) return random;
  const known = files.exists(call.path(file));
  if (!known && call.value('CAserial') !== undefined && !call.has('CAcreateserial'))
    throw new OpensslError(`${file}: No such file or directory`);
  if (!known && !call.has('CAcreateserial')) return random;
  const serial = known
    ? serialFrom(`0x${(BigInt(`0x${decodeUtf8(files.readFile(call.path(file))).trim()}`) + 1n).toString(16)}`)
    : random;
  call.write(file, `${digits(serial).toUpperCase()}\n`);
  return serial;
}

function extensionsFor(call: OpensslCall, request: FullRequest, signer: FullCertificate | undefined) {
  const file = call.value('extfile');
  if (file === undefined) return [];
  const configuration = configurationOf(call, file);
  const section = call.value('extensions') ?? configuration.get('default')?.get('extensions') ?? 'default';
  if (!configuration.has(section))
    throw new OpensslError(
      `Error checking extension section ${section}\n${libraryError('07000065:configuration file routines::no section')}`,
    );
  const context = { configuration, publicKey: request.publicKey, issuer: signer };
  return extending(`extension section ${section}`, () => extensionsOf(section, context));
}

async function show(call: OpensslCall, certificate: FullCertificate): Promise<number> {
  const lines = call.order.map((option) => partOf(call, certificate, option)).join('');
  const isBinary = call.value('outform')?.toUpperCase() === 'DER';
  if (isBinary && !call.has('noout')) await call.output(certificate.bytes);
  else {
    const pem = call.has('noout') ? '' : encodePem('CERTIFICATE', certificate.bytes);
    if (lines !== '' && call.has('out') && !call.has('noout')) await call.output(lines + pem);
    else if (lines + pem !== '') await call.output(lines + pem);
  }
  const seconds = call.number('checkend');
  return seconds !== undefined && certificate.notAfter < call.process.clock.now() + seconds * 1000 ? 1 : 0;
}

/** What one option prints. */
function partOf(call: OpensslCall, certificate: FullCertificate, option: string): string {
  const { serial, subject, issuer, notBefore, notAfter, publicKey, extensions } = certificate;
  const from = `notBefore=${certificateTime(notBefore)}\n`;
  const to = `notAfter=${certificateTime(notAfter)}\n`;
  switch (option) {
    case 'text':
      return certificateText(certificate, new Set(call.values('certopt').flatMap((words) => words.split(','))));
    case 'serial':
      return `serial=${digits(serial).toUpperCase()}\n`;
    case 'subject':
      return `subject=${printName(subject, nameForm(call))}\n`;
    case 'issuer':
      return `issuer=${printName(issuer, nameForm(call))}\n`;
    case 'dates':
      return from + to;
    case 'startdate':
      return from;
    case 'enddate':
      return to;
    case 'pubkey':
      return encodePem('PUBLIC KEY', publicKey);
    case 'modulus':
      return `Modulus=${modulusText(publicKey) ?? 'No modulus for this public key type'}\n`;
    case 'fingerprint':
      return fingerprint(call, certificate);
    case 'email':
      return emails(certificate);
    case 'ext':
      return call
        .values('ext')
        .join(',')
        .split(',')
        .map((name) => named(name, extensions))
        .join('');
    case 'checkend': {
      const expires = notAfter < call.process.clock.now() + Number(call.value('checkend')) * 1000;
      return expires ? 'Certificate will expire\n' : 'Certificate will not expire\n';
    }
    case 'checkhost':
      return matches(certificate, call.value('checkhost') ?? '', 'DNS');
    case 'checkip':
      return matches(certificate, call.value('checkip') ?? '', 'IP Address');
    default:
      return '';
  }
}

function nameForm(call: OpensslCall): NameForm {
  const asked = call.value('nameopt') ?? 'oneline';
  const form = nameForms.find((known) => known.toLowerCase() === asked.toLowerCase());
  if (!form) throw new OpensslError(`x509: -nameopt ${asked} is not simulated`);
  return form;
}

function fingerprint(call: OpensslCall, { bytes }: FullCertificate): string {
  const asked: Hash | undefined = hashOf(call.value('digest') ?? '');
  const sum = asked ? asked.digest(bytes) : sha1(bytes);
  return `${asked?.name ?? 'SHA1'} Fingerprint=${colons(sum)}\n`;
}

function emails({ extensions }: FullCertificate): string {
  const names = extensionNamed(extensions, 'subjectAltName');
  const all = names ? alternativeNameTexts(names.value) : [];
  return all
    .flatMap((name) => /^email:(.*)$/.exec(name)?.[1] ?? [])
    .map((name) => `${name}\n`)
    .join('');
}

function named(name: string, extensions: FullCertificate['extensions']): string {
  const found = extensionNamed(extensions, name.trim());
  if (!found) return '';
  return extensionLines(found)
    .map((line) => `${line}\n`)
    .join('');
}

function matches(certificate: FullCertificate, wanted: string, kind: 'DNS' | 'IP Address'): string {
  const names = extensionNamed(certificate.extensions, 'subjectAltName');
  const all = names ? alternativeNameTexts(names.value) : [];
  const fits = all.some((name) => {
    const pattern = name.slice(kind.length + 1);
    if (!name.startsWith(`${kind}:`)) return false;
    return pattern === wanted || (pattern.startsWith('*.') && wanted.replace(/^[^.]+/, '*') === pattern);
  });
  const what = kind === 'DNS' ? 'Hostname' : 'IP';
  return `${what} ${wanted} does${fits ? '' : ' NOT'} match certificate\n`;
}
