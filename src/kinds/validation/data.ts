// ConfigMaps and Secrets.

import { type FieldError, forbidden, invalid, required, tooLong } from '../../api/field-error.ts';
import type { ConfigMap, Secret } from '../../api/generated/types.ts';
import { configMapKey } from '../../api/names.ts';
import { decodeBase64, decodeUtf8, encodeUtf8 } from '../../base/bytes.ts';
import { equal } from '../../base/json.ts';
import { complain, immutable, sortedEntries } from './checks.ts';

/** All values together. */
const bytesMax = 1024 * 1024;
const kept = 'field is immutable when `immutable` is set';

/** Adds what is wrong with config map. */
export function validateConfigMap({ data, binaryData }: ConfigMap, errors: FieldError[]): void {
  let size = 0;
  for (const [key, value] of sortedEntries(data)) {
    complain(errors, `data[${key}]`, key, configMapKey(key));
    if (Object.hasOwn(binaryData ?? {}, key))
      errors.push(invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'));
    size += textBytes(value);
  }
  for (const [key, value] of sortedEntries(binaryData)) {
    complain(errors, `binaryData[${key}]`, key, configMapKey(key));
    size += decodedBytes(value);
  }
  // Upstream names no field here.
  if (size > bytesMax) errors.push(tooLong('[]', bytesMax));
}

/** Adds what is wrong with changing a config map so. */
export function validateConfigMapUpdate(map: ConfigMap, old: ConfigMap, errors: FieldError[]): void {
  if (old.immutable) {
    if (!map.immutable) errors.push(forbidden('immutable', kept));
    if (!equal(map.data, old.data)) errors.push(forbidden('data', kept));
    if (!equal(map.binaryData, old.binaryData)) errors.push(forbidden('binaryData', kept));
  }
  validateConfigMap(map, errors);
}

/** Adds what is wrong with secret. */
export function validateSecret(secret: Secret, errors: FieldError[]): void {
  let size = 0;
  for (const [key, value] of sortedEntries(secret.data)) {
    complain(errors, `data[${key}]`, key, configMapKey(key));
    size += decodedBytes(value);
  }
  if (size > bytesMax) errors.push(tooLong('data', bytesMax));
  validateSecretType(errors, secret);
}

/** Adds what is wrong with changing a secret so. */
export function validateSecretUpdate(secret: Secret, old: Secret, errors: FieldError[]): void {
  immutable(errors, 'type', secret.type, old.type);
  if (old.immutable) {
    if (!secret.immutable) errors.push(forbidden('immutable', kept));
    if (!equal(secret.data, old.data)) errors.push(forbidden('data', kept));
  }
  validateSecret(secret, errors);
}

function validateSecretType(errors: FieldError[], { type, metadata, data = {} }: Secret): void {
  const has = (key: string) => Object.hasOwn(data, key);
  const need = (...keys: readonly string[]) => {
    for (const key of keys) errors.push(required(`data[${key}]`));
  };
  switch (type) {
    case 'kubernetes.io/service-account-token':
      if (!metadata?.annotations?.['kubernetes.io/service-account.name'])
        errors.push(required('metadata.annotations[kubernetes.io/service-account.name]'));
      break;
    case 'kubernetes.io/dockercfg':
    case 'kubernetes.io/dockerconfigjson': {
      const key = type === 'kubernetes.io/dockercfg' ? '.dockercfg' : '.dockerconfigjson';
      if (!has(key)) need(key);
      else validateJson(errors, `data[${key}]`, data[key] ?? '');
      break;
    }
    case 'kubernetes.io/basic-auth':
      if (!has('username') && !has('password')) need('username', 'password');
      break;
    case 'kubernetes.io/ssh-auth':
      if (!data['ssh-privatekey']) need('ssh-privatekey');
      break;
    case 'kubernetes.io/tls':
      need(...['tls.crt', 'tls.key'].filter((key) => !has(key)));
      break;
  }
}

function validateJson(errors: FieldError[], field: string, encoded: string): void {
  const text = decodeUtf8(decodeBase64(encoded) ?? new Uint8Array());
  try {
    JSON.parse(text);
  } catch {
    const first = text.trimStart()[0];
    const problem =
      first === undefined
        ? 'unexpected end of JSON input'
        : `invalid character ${first === "'" ? `'\\''` : `'${first}'`} looking for beginning of value`;
    errors.push(invalid(field, '<secret contents redacted>', problem));
  }
}

function textBytes(text: string): number {
  return text.length * 3 <= bytesMax ? text.length : encodeUtf8(text).length;
}

function decodedBytes(encoded: string): number {
  return Math.floor((encoded.length * 3) / 4) - (encoded.endsWith('==') ? 2 : encoded.endsWith('=') ? 1 : 0);
}
