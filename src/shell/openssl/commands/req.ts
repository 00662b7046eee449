// req: certificate requests made, shown and checked; with -x509, certificates that sign themselves.
import { decodeUtf8, encodeUtf8 } from '../../../base/bytes.ts';
import { DerError, utf8 } from '../../../base/der.ts';
import { FileError } from '../../../base/files.ts';
import { encodePem, pemBlocks } from '../../../base/pem.ts';
import { hashOf } from '../algorithms.ts';
import { libraryError, type OpensslCall, type OpensslCommand, OpensslError } from '../call.ts';
import { type Extension, type FullRequest, readFullRequest } from '../certificate.ts';
import { modulusText, requestText } from '../certificate-text.ts';
import { type Configuration, ConfigurationError, readConfiguration } from '../config-file.ts';
import { defaultConfiguration } from '../default-configuration.ts';
import { ExtensionError, extensionsOf, makeExtension } from '../extensions.ts';
import { certificatePem, requestPem, serialBytes } from '../issue.ts';
import { encodeName, isAttributeType, type NameAttribute, parseSubject, printName } from '../names.ts';
import { type PrivateKey, privateKeyPem, publicKeyOf } from '../private-key.ts';
import { requestSignatureHolds } from '../signatures.ts';
import { configuredAttributes, configuredSubject } from '../subject-prompts.ts';
import { makeKey, makeRsaKey, pair } from './keys.ts';

export const req: OpensslCommand = {
  name: 'req',
  valued: [
    ...['in', 'out', 'key', 'keyout', 'newkey', 'pkeyopt', 'config', 'section', 'subj', 'days', 'set_serial'],
    ...['extensions', 'reqexts', 'addext', 'keyform', 'nameopt'],
  ],
  switches: [
    'new',
    'x509',
    'nodes',
    'noenc',
    'text',
    'noout',
    'subject',
    'pubkey',
    'modulus',
    'verify',
    'batch',
    'utf8',
    'multivalue-rdn',
    'verbose',
    'quiet',
  ],
  refused: [
    'CA',
    'CAkey',
    'passin',
    'passout',
    'inform',
    'outform',
    'newhdr',
    'precert',
    'copy_extensions',
    'x509v1',
    'sigopt',
    'reqopt',
  ],
  hashes: true,
  unknown: 'Unknown option or message digest',
  run(call) {
    const makes = call.has('x509') || call.has('new') || call.has('newkey');
    return makes && !call.has('in') ? make(call) : show(call);
  },
};

/** The name that `-subj` asks for. */
export async function subjectOf(call: OpensslCall, text: string): Promise<readonly NameAttribute[]> {
  const parsed = parseSubject(text);
  if (!parsed)
    throw new OpensslError(
      `${call.command.name}: subject name is expected to be in the format /type0=value0/type1=value1/type2=... where characters may be escaped by \\. This name is not in that format: '${text}'`,
    );
  const kept: NameAttribute[] = [];
  for (const attribute of parsed) {
    const { type, value } = attribute;
    if (!isAttributeType(type))
      await call.warn(`${call.command.name}: Skipping unknown subject name attribute "${type}"`);
    else if (value === '')
      await call.warn(`${call.command.name}: No value provided for subject name attribute "${type}", skipped`);
    else kept.push(attribute);
  }
  return kept;
}

/** A configuration file, or what is asked for by default. */
export function configurationOf(call: OpensslCall, name: string | undefined): Configuration {
  const { files } = call.process.machine;
  try {
    const text = name === undefined ? defaultConfiguration : decodeUtf8(files.readFile(call.path(name)));
    return readConfiguration(text, call.process.env);
  } catch (error) {
    if (error instanceof FileError) throw new OpensslError(unreadable(name ?? '', error.message));
    if (!(error instanceof ConfigurationError)) throw error;
    throw new OpensslError(`${call.command.name}: Error on line of config file "${name}"\n${error.message}`);
  }
}

/** Runs what makes extensions, with OpenSSL's words for what will not do. */
export function extending(section: string, make: () => readonly Extension[]): readonly Extension[] {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ExtensionError)) throw error;
    throw new OpensslError(`Error checking ${section}\n${libraryError(`11000074:X509 V3 routines::${error.message}`)}`);
  }
}

async function make(call: OpensslCall): Promise<number> {
  const configuration = configurationOf(call, call.value('config'));
  const key = await keyOf(call, configuration);
  const text = call.value('subj');
  const subject = text === undefined ? await configuredSubject(call, configuration) : await subjectOf(call, text);
  if (text === undefined && subject.length === 0) throw new OpensslError('Error: No objects specified in config file');
  const hash =
    hashOf(call.value('digest') ?? configuration.get('req')?.get('default_md') ?? 'sha256') ?? hashOf('sha256');
  if (!hash) throw call.misuse('Unknown option or message digest');
  const extensions = extensionsAsked(call, configuration, publicKeyOf(key));
  const name = encodeName(subject);
  const asked = call.has('x509') || text !== undefined ? [] : await configuredAttributes(call, configuration);
  const attributes = asked.map(({ type, value }) => ({ id: attributeIds.get(type) ?? type, value: utf8(value) }));
  const pem = call.has('x509')
    ? certificatePem({
        serial: serialOf(call),
        issuer: name,
        subject: name,
        publicKey: publicKeyOf(key),
        notBefore: call.process.clock.now(),
        days: call.number('days') ?? defaultDays,
        extensions,
        key,
        hash,
      })
    : requestPem({ subject: name, extensions, attributes, key, hash });
  const words = call.has('text') && !call.has('x509') ? requestText(readFullRequest(blockOf(pem))) : '';
  await call.output(words + (call.has('noout') ? '' : pem));
  return 0;
}

const defaultDays = 30;

const attributeIds: ReadonlyMap<string, string> = new Map([
  ['challengePassword', '1.2.840.113549.1.9.7'],
  ['unstructuredName', '1.2.840.113549.1.9.2'],
]);

function serialOf(call: OpensslCall): Uint8Array {
  const text = call.value('set_serial');
  return text === undefined ? serialBytes(call.random.bytes(20)) : serialFrom(text);
}

/** Decimal, or hexadecimal after 0x. Throws OpensslError. */
export function serialFrom(text: string): Uint8Array {
  if (!/^(\d+|0x[0-9a-f]+)$/i.test(text)) throw new OpensslError('Error getting serial number');
  const digits = BigInt(text).toString(16);
  const even = digits.padStart(digits.length + (digits.length % 2), '0');
  return Uint8Array.from(even.match(/../g) ?? [], (two) => Number.parseInt(two, 16));
}

async function keyOf(call: OpensslCall, configuration: Configuration): Promise<PrivateKey> {
  const name = call.value('key');
  if (name !== undefined && !call.has('newkey')) return call.privateKey(name);
  const request = configuration.get('req');
  if (!call.has('nodes') && !call.has('noenc') && request?.get('encrypt_key') !== 'no')
    throw new OpensslError('req: encrypted private keys are not simulated: ask for a plain one with -nodes');
  const [algorithm, bits] = pair(call.value('newkey') ?? 'rsa');
  const isRsa = algorithm.toLowerCase() === 'rsa';
  const options = new Map(call.values('pkeyopt').map(pair));
  const size = bits || options.get('rsa_keygen_bits') || request?.get('default_bits');
  const key = isRsa ? await makeRsaKey(call, size, { shown: true }) : await makeKey(call, algorithm, options);
  const file = call.value('keyout') ?? request?.get('default_keyfile');
  const pem = privateKeyPem(key, 'pkcs8');
  if (file !== undefined) call.write(file, pem, 0o600);
  else if (call.has('config')) await call.out(pem);
  else call.write('privkey.pem', pem, 0o600);
  await call.warn('-----');
  return key;
}

function extensionsAsked(call: OpensslCall, configuration: Configuration, publicKey: Uint8Array): readonly Extension[] {
  const isCertificate = call.has('x509');
  const section =
    call.value('extensions') ??
    call.value('reqexts') ??
    configuration.get('req')?.get(isCertificate ? 'x509_extensions' : 'req_extensions');
  const context = { configuration, publicKey };
  const fromSection =
    section === undefined
      ? []
      : extending(`${isCertificate ? 'x509' : 'request'} extension section ${section}`, () => {
          if (!configuration.has(section)) throw new ExtensionError(`section=${section}`);
          return extensionsOf(section, context);
        });
  const added = call.values('addext').flatMap((text) => {
    const at = text.indexOf('=');
    const [name, value] = [text.slice(0, at).trim(), text.slice(at + 1)];
    return extending('extensions defined using -addext', () => {
      const made = makeExtension(name, value, context);
      return made ? [made] : [];
    });
  });
  return [...fromSection.filter(({ id }) => !added.some((extension) => extension.id === id)), ...added];
}

async function show(call: OpensslCall): Promise<number> {
  const request = await requestIn(call);
  let status = 0;
  if (call.has('verify')) {
    const holds = requestSignatureHolds(request);
    await call.warn(`Certificate request self-signature verify ${holds ? 'OK' : 'failure'}`);
    if (!holds) status = 1;
  }
  const pieces = call.order.flatMap((option) => {
    if (option === 'text') return [requestText(request)];
    if (option === 'subject') return [`subject=${printName(request.subject)}\n`];
    if (option === 'pubkey') return [encodePem('PUBLIC KEY', request.publicKey)];
    return option === 'modulus' ? [`Modulus=${modulusText(request.publicKey) ?? 'Wrong Algorithm type'}\n`] : [];
  });
  const pem = call.has('noout') ? '' : encodePem('CERTIFICATE REQUEST', request.bytes);
  await call.output(pieces.join('') + pem);
  return status;
}

/** The request of `-in`. Throws OpensslError. */
export async function requestIn(call: OpensslCall): Promise<FullRequest> {
  const unable =
    call.command.name === 'x509' ? 'Unable to load certificate request input' : 'Unable to load X509 request';
  const name = call.value('in');
  let text: string;
  try {
    text = await call.input();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new OpensslError(`${unreadable(name ?? '', error.message)}\n${unable}`);
  }
  const bytes = pemBlocks('CERTIFICATE REQUEST', text)[0] ?? pemBlocks('NEW CERTIFICATE REQUEST', text)[0];
  try {
    if (bytes) return readFullRequest(bytes);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
  }
  throw new OpensslError(
    `${libraryError('0480006C:PEM routines:get_name:no start line:../crypto/pem/pem_lib.c:763:Expecting: CERTIFICATE REQUEST')}\n${unable}`,
  );
}

function unreadable(name: string, why: string): string {
  return [
    `Can't open "${name}" for reading, ${why}`,
    libraryError(`80000002:system library:BIO_new_file:${why}:../crypto/bio/bss_file.c:67:calling fopen(${name}, r)`),
    libraryError('10000080:BIO routines:BIO_new_file:no such file:../crypto/bio/bss_file.c:75:'),
  ].join('\n');
}

function blockOf(pem: string): Uint8Array {
  return pemBlocks('CERTIFICATE REQUEST', pem)[0] ?? encodeUtf8('');
}
