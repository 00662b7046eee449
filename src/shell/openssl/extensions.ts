// X.509 extensions: from the words of a configuration to bytes (`basicConstraints = critical,CA:TRUE`).
import { sha1 } from '@noble/hashes/legacy.js';
import { concatBytes, encodeUtf8 } from '../../base/bytes.ts';
import {
  bits,
  encodeDer,
  firstOf,
  identifier,
  integer,
  octets,
  readDer,
  sequence,
  tags,
  utf8,
} from '../../base/der.ts';
import { parseIp } from '../../base/ip-address.ts';
import type { Extension, FullCertificate } from './certificate.ts';
import { type Configuration, entriesOf } from './config-file.ts';

export const extensionIds = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  nsComment: '2.16.840.1.113730.1.13',
} as const;

type ExtensionName = keyof typeof extensionIds;

/** In the order of their bits: the configuration's word and what is printed. */
export const keyUsages: readonly (readonly [word: string, title: string])[] = [
  ['digitalSignature', 'Digital Signature'],
  ['nonRepudiation', 'Non Repudiation'],
  ['keyEncipherment', 'Key Encipherment'],
  ['dataEncipherment', 'Data Encipherment'],
  ['keyAgreement', 'Key Agreement'],
  ['keyCertSign', 'Certificate Sign'],
  ['cRLSign', 'CRL Sign'],
  ['encipherOnly', 'Encipher Only'],
  ['decipherOnly', 'Decipher Only'],
];

export const purposes: readonly { readonly word: string; readonly id: string; readonly title: string }[] = [
  { word: 'serverAuth', id: '1.3.6.1.5.5.7.3.1', title: 'TLS Web Server Authentication' },
  { word: 'clientAuth', id: '1.3.6.1.5.5.7.3.2', title: 'TLS Web Client Authentication' },
  { word: 'codeSigning', id: '1.3.6.1.5.5.7.3.3', title: 'Code Signing' },
  { word: 'emailProtection', id: '1.3.6.1.5.5.7.3.4', title: 'E-mail Protection' },
  { word: 'timeStamping', id: '1.3.6.1.5.5.7.3.8', title: 'Time Stamping' },
  { word: 'OCSPSigning', id: '1.3.6.1.5.5.7.3.9', title: 'OCSP Signing' },
];

export class ExtensionError extends Error {
  override name = 'ExtensionError';
}

/** What an extension may refer to. */
export interface ExtensionContext {
  readonly configuration: Configuration;
  /** SubjectPublicKeyInfo of the certificate's own. */
  readonly publicKey: Uint8Array;
  /** Who signs; undefined: itself, or nobody yet. */
  readonly issuer?: FullCertificate | undefined;
}

/** All entries of a section. Throws ExtensionError. */
export function extensionsOf(section: string, context: ExtensionContext): readonly Extension[] {
  const entries = entriesOf(context.configuration, section);
  return entries.flatMap(([name, value]) => makeExtension(name, value, context) ?? []);
}

/** Undefined: there is nothing to say, e.g. of an issuer that has no key identifier. Throws ExtensionError. */
export function makeExtension(name: string, text: string, context: ExtensionContext): Extension | undefined {
  if (!isKnown(name)) throw new ExtensionError(`the extension ${name} is not simulated`);
  const [, mark, rest = text] = /^(critical)\s*,?\s*(.*)$/s.exec(text.trim()) ?? [];
  const value = contentOf(name, rest, context);
  return value && { id: extensionIds[name], critical: mark !== undefined, value };
}

/** The key identifier that follows from a key. */
export function keyIdentifier(publicKey: Uint8Array): Uint8Array {
  const [, key] = readDer(firstOf(publicKey).content);
  return sha1(key?.content.subarray(1) ?? new Uint8Array());
}

function isKnown(name: string): name is ExtensionName {
  return Object.hasOwn(extensionIds, name);
}

function contentOf(name: ExtensionName, text: string, context: ExtensionContext): Uint8Array | undefined {
  switch (name) {
    case 'subjectKeyIdentifier':
      if (text === 'none') return undefined;
      return octets(text === 'hash' ? keyIdentifier(context.publicKey) : hexBytes(text));
    case 'keyUsage':
      return keyUsage(text);
    case 'subjectAltName':
    case 'issuerAltName':
      return alternativeNames(text, context.configuration);
    case 'basicConstraints':
      return basicConstraints(text, context.configuration);
    case 'authorityKeyIdentifier':
      return authorityKeyIdentifier(text, context);
    case 'extendedKeyUsage':
      return sequence(...words(text).map(purposeOf));
    case 'nsComment':
      return encodeDer(0x16, encodeUtf8(text));
  }
}

function words(text: string): readonly string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** `a:b,c:d`, or a section that has them. */
function pairs(text: string, configuration: Configuration): readonly (readonly [string, string])[] {
  const section = /^@(.+)$/.exec(text)?.[1];
  if (section !== undefined) {
    if (!configuration.has(section)) throw new ExtensionError(`section=${section}`);
    return entriesOf(configuration, section).map(([name, value]) => [name.replace(/\.\w+$/, ''), value]);
  }
  return words(text).flatMap((word): readonly (readonly [string, string])[] => {
    if (word.startsWith('@')) return pairs(word, configuration);
    const at = word.indexOf(':');
    return [at < 0 ? [word, ''] : [word.slice(0, at).trim(), word.slice(at + 1).trim()]];
  });
}

function keyUsage(text: string): Uint8Array {
  let set = 0;
  for (const word of words(text)) {
    const at = keyUsages.findIndex(([name, title]) => name === word || title === word);
    if (at < 0) throw new ExtensionError(`name=${word}`);
    set |= 0x8000 >> at;
  }
  if (set === 0) return bits(new Uint8Array());
  const bytes = set & 0xff ? [set >> 8, set & 0xff] : [set >> 8];
  const last = bytes.at(-1) ?? 1;
  return bits(Uint8Array.from(bytes), Math.log2(last & -last));
}

function purposeOf(word: string): Uint8Array {
  const known = purposes.find((purpose) => purpose.word === word || purpose.title === word);
  if (!known && !/^\d+(\.\d+)+$/.test(word)) throw new ExtensionError(`value=${word}`);
  return identifier(known?.id ?? word);
}

function basicConstraints(text: string, configuration: Configuration): Uint8Array {
  const fields: Uint8Array[] = [];
  for (const [name, value] of pairs(text, configuration)) {
    if (name === 'CA' && /^(true|y|yes)$/i.test(value)) fields.push(encodeDer(tags.boolean, Uint8Array.of(0xff)));
    else if (name === 'pathlen' && /^\d+$/.test(value)) fields.push(integer(Uint8Array.of(Number(value))));
    else if (name !== 'CA' || !/^(false|n|no)$/i.test(value)) throw new ExtensionError(`name=${name}, value=${value}`);
  }
  return sequence(...fields);
}

const nameTags: ReadonlyMap<string, number> = new Map([
  ['email', 0x81],
  ['DNS', 0x82],
  ['URI', 0x86],
]);

function alternativeNames(text: string, configuration: Configuration): Uint8Array {
  return sequence(
    ...pairs(text, configuration).map(([kind, value]) => {
      if (kind === 'RID') return encodeDer(0x88, firstOf(identifier(value)).content);
      if (kind === 'IP') {
        const ip = parseIp(value);
        if (!ip) throw new ExtensionError(`bad ip address:value=${value}`);
        return encodeDer(0x87, Uint8Array.from(ip.bytes));
      }
      const tag = nameTags.get(kind);
      if (tag === undefined) throw new ExtensionError(`unsupported option:name=${kind}`);
      return encodeDer(tag, firstOf(utf8(value)).content);
    }),
  );
}

/** `keyid`, `issuer`, each with `:always`. */
function authorityKeyIdentifier(text: string, { publicKey, issuer }: ExtensionContext): Uint8Array | undefined {
  const asked = new Map(pairs(text, new Map()));
  if (asked.has('none')) return undefined;
  const known = issuer?.extensions.find(({ id }) => id === extensionIds.subjectKeyIdentifier);
  const key = issuer ? known && firstOf(known.value).content : keyIdentifier(publicKey);
  const fields: Uint8Array[] = [];
  if (asked.has('keyid') && key) fields.push(encodeDer(0x80, key));
  if (issuer && asked.has('issuer') && (fields.length === 0 || asked.get('issuer') === 'always')) {
    fields.push(encodeDer(0xa1, encodeDer(0xa4, issuer.issuer.whole)));
    fields.push(encodeDer(0x82, firstOf(integer(issuer.serial)).content));
  }
  return fields.length > 0 ? sequence(...fields) : undefined;
}

function hexBytes(text: string): Uint8Array {
  const digits = text.replaceAll(':', '');
  if (!/^([0-9a-f]{2})+$/i.test(digits)) throw new ExtensionError(`value=${text}`);
  return concatBytes((digits.match(/../g) ?? []).map((pair) => Uint8Array.of(Number.parseInt(pair, 16))));
}
