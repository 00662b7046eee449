// New certificates and requests: their bytes, signed.
import { concatBytes } from '../../base/bytes.ts';
import { encodeDer, identifier, integer, sequence, tags, time } from '../../base/der.ts';
import { encodePem } from '../../base/pem.ts';
import type { Hash } from './algorithms.ts';
import {
  type Extension,
  encodeExtensions,
  encodeSigned,
  extensionRequestId,
  type FullCertificate,
} from './certificate.ts';
import { extensionIds, makeExtension } from './extensions.ts';
import { type PrivateKey, publicKeyOf, signWith } from './private-key.ts';

export interface NewCertificate {
  readonly serial: Uint8Array;
  /** A name's bytes. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly notBefore: number;
  readonly days: number;
  readonly extensions: readonly Extension[];
  /** Who signs; undefined: the certificate's own key does. */
  readonly signer?: FullCertificate | undefined;
  readonly key: PrivateKey;
  readonly hash: Hash;
}

const dayMs = 86_400_000;

/** PEM. One with extensions is of version 3 and gets key identifiers that it lacks. */
export function certificatePem(wanted: NewCertificate): string {
  const { serial, issuer, subject, publicKey, notBefore, days, key, hash } = wanted;
  const extensions = wanted.extensions.length > 0 ? withKeyIdentifiers(wanted) : [];
  const { algorithm } = signWith(key, hash, new Uint8Array());
  const second = Math.floor(notBefore / 1000) * 1000;
  const content = sequence(
    ...(extensions.length > 0 ? [encodeDer(0xa0, integer(Uint8Array.of(2)))] : []),
    integer(serial),
    algorithm,
    issuer,
    sequence(time(second), time(second + days * dayMs)),
    subject,
    publicKey,
    ...(extensions.length > 0 ? [encodeDer(0xa3, encodeExtensions(extensions))] : []),
  );
  return encodePem('CERTIFICATE', encodeSigned(content, algorithm, signWith(key, hash, content).bytes));
}

export interface NewRequest {
  readonly subject: Uint8Array;
  readonly extensions: readonly Extension[];
  /** Further attributes: identifier and value. */
  readonly attributes: readonly { readonly id: string; readonly value: Uint8Array }[];
  readonly key: PrivateKey;
  readonly hash: Hash;
}

/** PEM. */
export function requestPem({ subject, extensions, attributes, key, hash }: NewRequest): string {
  const attribute = (id: string, value: Uint8Array): Uint8Array => sequence(identifier(id), encodeDer(tags.set, value));
  const all = [
    ...attributes.map(({ id, value }) => attribute(id, value)),
    ...(extensions.length > 0 ? [attribute(extensionRequestId, encodeExtensions(extensions))] : []),
  ];
  const content = sequence(integer(new Uint8Array(1)), subject, publicKeyOf(key), encodeDer(0xa0, concatBytes(all)));
  const { algorithm, bytes } = signWith(key, hash, content);
  return encodePem('CERTIFICATE REQUEST', encodeSigned(content, algorithm, bytes));
}

/** A positive number of 20 bytes at most. */
export function serialBytes(random: Uint8Array): Uint8Array {
  return Uint8Array.from(random, (byte, at) => (at === 0 ? (byte & 0x7f) | 0x40 : byte));
}

function withKeyIdentifiers({ extensions, publicKey, signer }: NewCertificate): readonly Extension[] {
  const context = { configuration: new Map(), publicKey, issuer: signer };
  const has = (id: string): boolean => extensions.some((extension) => extension.id === id);
  const subject = has(extensionIds.subjectKeyIdentifier)
    ? undefined
    : makeExtension('subjectKeyIdentifier', 'hash', context);
  const authority =
    !signer || has(extensionIds.authorityKeyIdentifier)
      ? undefined
      : makeExtension('authorityKeyIdentifier', 'keyid,issuer', context);
  return [...extensions, ...(subject ? [subject] : []), ...(authority ? [authority] : [])];
}
