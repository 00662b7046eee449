// --encryption-provider-config: an EncryptionConfiguration. Left out: KMS plugins.
import { type FieldError, invalid, required } from '../../api/field-error.ts';
import { decodeBase64 } from '../../base/bytes.ts';
import { quote } from '../../base/go/quote.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { type ConfigKind, ConfigurationError } from '../apiserver/configuration/config-file.ts';
import { EncryptionAtRest, type EncryptionRule } from '../apiserver/encryption-at-rest.ts';
import type { EncryptionKey } from '../apiserver/encryption-keys.ts';
import type { ComponentFiles } from './component-files.ts';
import type { Flags } from './component-flags.ts';
import { fail, strictly } from './identity-files.ts';

const keys = { keys: [{ name: 'string', secret: 'string' }] } as const;
const kind: ConfigKind = {
  kind: 'EncryptionConfiguration',
  apiVersions: ['apiserver.config.k8s.io/v1'],
  scheme: 'k8s.io/apiserver/pkg/server/options/encryptionconfig/config.go:142',
  fields: {
    resources: [
      {
        resources: ['string'],
        providers: [{ aesgcm: keys, aescbc: keys, secretbox: keys, identity: {}, kms: 'any' }],
      },
    ],
  },
};

const sizes: Readonly<Record<string, readonly number[]>> = {
  aesgcm: [16, 24, 32],
  aescbc: [16, 24, 32],
  secretbox: [32],
};

/** Undefined: the flag is not given. Throws ConfigurationError. */
export function encryptionOf(flags: Flags, files: ComponentFiles): EncryptionAtRest | undefined {
  const file = flags.get('encryption-provider-config');
  if (file === undefined) return undefined;
  const text = readFile(file, files);
  const about = (problem: string): string =>
    `error decoding encryption provider configuration file ${quote(file)}: ${problem}`;
  const { resources } = strictly(text, kind, (problem) => `error while parsing file: ${about(problem)}`);
  const given = listOf(resources);
  if (given.length === 0) fail([required('resources', 'at least one resources is required')]);
  fail(given.flatMap((rule, i) => ruleProblems(rule, `resources[${i}]`)));
  return new EncryptionAtRest(given.map(ruleOf));
}

function readFile(file: string, files: ComponentFiles): string {
  const about = (problem: string): ConfigurationError => new ConfigurationError(`error while parsing file: ${problem}`);
  try {
    const text = files.read(file);
    if (text !== '') return text;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw about(`error reading encryption provider configuration file ${quote(file)}: ${error.message}`);
  }
  throw about(`encryption provider configuration file ${quote(file)} is empty`);
}

function ruleProblems(rule: JsonObject, at: string): readonly FieldError[] {
  const providers = listOf(rule.providers);
  const names = textsOf(rule.resources);
  const missing = (what: string): FieldError => required(`${at}.${what}`, `at least one ${at}.${what} is required`);
  return [
    ...(names.length === 0 ? [missing('resources')] : []),
    ...names.flatMap((name, i) => nameProblems(name, names.slice(0, i), `${at}.resources[${i}]`)),
    ...(providers.length === 0 ? [missing('providers')] : []),
    ...providers.flatMap((provider, i) => providerProblems(provider, `${at}.providers[${i}]`)),
  ];
}

function nameProblems(name: string, before: readonly string[], at: string): readonly FieldError[] {
  if (name === '*')
    return [
      invalid(at, name, "use '*.' to encrypt all the resources from core API group or *.* to encrypt all resources"),
    ];
  if (/[A-Z]/.test(name)) return [invalid(at, name, 'resource name should not contain capital letters')];
  return before.includes(name) ? [invalid(at, name, 'the same resource cannot be specified multiple times')] : [];
}

function providerProblems(provider: JsonObject, at: string): readonly FieldError[] {
  const given = Object.keys(provider);
  if (given.length > 1)
    return [
      invalid(
        at,
        provider,
        'more than one provider specified in a single element, should split into different list elements',
      ),
    ];
  const [name] = given;
  if (name === undefined)
    return [
      invalid(
        at,
        provider,
        'provider does not contain any of the expected providers: KMS, AESGCM, AESCBC, Secretbox, Identity',
      ),
    ];
  if (name === 'kms') throw new ConfigurationError('--encryption-provider-config: the provider kms is not simulated');
  if (name === 'identity') return [];
  const held = keysIn(provider[name]);
  if (held.length === 0) return [required(`${at}.${name}.keys`, `at least one ${at}.${name}.keys is required`)];
  return held.flatMap((key, i) => keyProblems(key, sizes[name] ?? [], `${at}.${name}.keys[${i}]`));
}

function keyProblems(key: JsonObject, lengths: readonly number[], at: string): readonly FieldError[] {
  const [name, secret] = [textOf(key.name), textOf(key.secret)];
  const problems: FieldError[] = [];
  if (name === '') problems.push(required(`${at}.name`, 'key.name is a mandatory field for a key'));
  if (secret === '') return [...problems, required(`${at}.secret`, 'secret is a mandatory field for a key')];
  const bytes = decodeBase64(secret);
  if (!bytes) return [...problems, invalid(`${at}.secret`, 'REDACTED', 'secrets must be base64 encoded')];
  if (!lengths.includes(bytes.length)) {
    const wanted = `[${lengths.join(' ')}]`;
    const text = `secret is not of the expected length, got ${bytes.length}, expected one of ${wanted}`;
    problems.push(invalid(`${at}.secret`, 'REDACTED', text));
  }
  return problems;
}

function ruleOf({ resources, providers }: JsonObject): EncryptionRule {
  return { resources: textsOf(resources), keys: listOf(providers).flatMap(keysOf) };
}

function keysOf(provider: JsonObject): readonly EncryptionKey[] {
  const [[name, value] = ['', null]] = Object.entries(provider);
  if (name === 'identity') return [{ prefix: '', secret: '' }];
  return keysIn(value).map((key) => ({
    prefix: `k8s:enc:${name}:v1:${textOf(key.name)}:`,
    secret: textOf(key.secret),
  }));
}

function keysIn(provider: JsonValue | undefined): readonly JsonObject[] {
  return isObject(provider) ? listOf(provider.keys) : [];
}

function listOf(value: JsonValue | undefined): readonly JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  return isList(value) ? value.map(String) : [];
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
