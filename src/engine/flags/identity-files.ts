// Who is let in and who decides what they may do: AuthenticationConfiguration and AuthorizationConfiguration, and the
// flags that say the same. Left out: tokens of other issuers, and webhooks that authorize.
import {
  aggregateText,
  duplicate,
  type FieldError,
  fieldErrorText,
  invalid,
  notSupported,
  required,
} from '../../api/field-error.ts';
import { dns1123Subdomain } from '../../api/names.ts';
import { quote } from '../../base/go/quote.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { type AuthorizationMode, authorizationModes } from '../apiserver/authorization-modes.ts';
import { type ConfigKind, ConfigurationError, readConfig } from '../apiserver/configuration/config-file.ts';
import type { ComponentFiles } from './component-files.ts';
import { type Flags, listOf, switchOf } from './component-flags.ts';

export interface IdentitySettings {
  readonly modes: readonly AuthorizationMode[];
  /** Whether a request for a path may come without a name. */
  readonly allowsAnonymous: (path: string) => boolean;
}

/** Throws ConfigurationError. */
export function identityOf(flags: Flags, files: ComponentFiles): IdentitySettings {
  return { modes: modesOf(flags, files), allowsAnonymous: anonymousRule(flags, files) };
}

/** Modes that upstream has and the simulation does not. */
const elsewhere = ['ABAC', 'Webhook'];
const knownTypes = [...authorizationModes, ...elsewhere].sort();

function modesOf(flags: Flags, files: ComponentFiles): readonly AuthorizationMode[] {
  const file = flags.get('authorization-config');
  if (file !== undefined) {
    if (flags.has('authorization-mode') || [...flags.keys()].some((name) => name.startsWith('authorization-webhook-')))
      throw new ConfigurationError(
        '--authorization-config can not be specified when --authorization-mode or --authorization-webhook-* flags are defined',
      );
    return modesIn(files.read(file));
  }
  const modes = listOf(flags, 'authorization-mode') ?? ['AlwaysAllow'];
  const unknown = modes.find((mode) => !knownTypes.includes(mode));
  if (unknown !== undefined) throw new ConfigurationError(`authorization-mode ${quote(unknown)} is not a valid mode`);
  if (modes.length === 0) throw new ConfigurationError('at least one authorization-mode must be passed');
  if (new Set(modes).size < modes.length)
    throw new ConfigurationError(
      `authorization-mode ${`[${modes.map(quote).join(' ')}]`} has mode specified more than once`,
    );
  return modes.map((mode) => simulated(mode, '--authorization-mode'));
}

function simulated(mode: string, where: string): AuthorizationMode {
  const known = authorizationModes.find((each) => each === mode);
  if (!known) throw new ConfigurationError(`${where}: the mode ${mode} is not simulated`);
  return known;
}

const versions = ['apiserver.config.k8s.io/v1', 'apiserver.config.k8s.io/v1beta1'];

const authorizationKind: ConfigKind = {
  kind: 'AuthorizationConfiguration',
  apiVersions: versions,
  scheme: 'k8s.io/apiserver/pkg/apis/apiserver/load/load.go:32',
  fields: { authorizers: [{ type: 'string', name: 'string', webhook: 'any' }] },
};

function modesIn(text: string): readonly AuthorizationMode[] {
  const { authorizers } = strictly(
    text,
    authorizationKind,
    (problem) => `failed to load AuthorizationConfiguration from file: ${problem}`,
  );
  const given = isList(authorizers) ? authorizers.filter(isObject) : [];
  fail(authorizerProblems(given));
  return given.map(({ type }) => simulated(String(type), '--authorization-config'));
}

function authorizerProblems(given: readonly JsonObject[]): readonly FieldError[] {
  if (given.length === 0) return [required('authorizers', 'at least one authorization mode must be defined')];
  const types = new Set<string>();
  const names = new Set<string>();
  return given.flatMap((one, i) => {
    const at = `authorizers[${i}]`;
    const [type, name] = [textOf(one.type), textOf(one.name)];
    if (type === '') return [required(`${at}.type`)];
    if (!knownTypes.includes(type)) return [notSupported(`${at}.type`, type, knownTypes)];
    if (types.has(type) && type !== 'Webhook') return [duplicate(`${at}.type`, type)];
    types.add(type);
    const problems = nameProblems(name, names, `${at}.name`);
    names.add(name);
    if (type === 'Webhook' && !one.webhook) problems.push(required(`${at}.webhook`, 'required when type=Webhook'));
    if (type !== 'Webhook' && one.webhook)
      problems.push(invalid(`${at}.webhook`, 'non-null', 'may only be specified when type=Webhook'));
    return problems;
  });
}

function nameProblems(name: string, names: ReadonlySet<string>, at: string): FieldError[] {
  if (name === '') return [required(at)];
  if (names.has(name)) return [duplicate(at, name)];
  const wrong = dns1123Subdomain(name);
  return wrong.length > 0 ? [invalid(at, name, `authorizer name is invalid: ${wrong.join(', ')}`)] : [];
}

const authenticationKind: ConfigKind = {
  kind: 'AuthenticationConfiguration',
  apiVersions: versions,
  scheme: 'k8s.io/kubernetes/pkg/kubeapiserver/options/authentication.go:879',
  fields: { jwt: ['any'], anonymous: { enabled: 'bool', conditions: [{ path: 'string' }] } },
};

function anonymousRule(flags: Flags, files: ComponentFiles): (path: string) => boolean {
  const allowed = switchOf(flags, 'anonymous-auth', true);
  const file = flags.get('authentication-config');
  if (file === undefined) return () => allowed;
  const { anonymous, jwt } = authenticationIn(file, files);
  if (isList(jwt) && jwt.length > 0)
    throw new ConfigurationError('--authentication-config: JWT authenticators (jwt) are not simulated');
  if (!isObject(anonymous)) return () => allowed;
  if (flags.has('anonymous-auth'))
    throw new ConfigurationError(
      'anonymous: Forbidden: --anonymous-auth flag cannot be set when anonymous field is configured in authentication configuration file',
    );
  const conditions = isList(anonymous.conditions) ? anonymous.conditions : [];
  if (!anonymous.enabled && conditions.length > 0)
    fail([invalid('anonymous.conditions', conditions, 'enabled should be set to true when conditions are defined')]);
  const paths = conditions.flatMap((condition) => (isObject(condition) ? [textOf(condition.path)] : []));
  return (path) => anonymous.enabled === true && (paths.length === 0 || paths.includes(path));
}

function authenticationIn(file: string, files: ComponentFiles): JsonObject {
  const about = (problem: string): string =>
    `failed to load authentication configuration from file ${quote(file)}: ${problem}`;
  try {
    const text = files.read(file);
    if (text === '') throw new ConfigurationError('empty config data');
    return strictly(text, authenticationKind, (problem) => problem);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new ConfigurationError(about(error.message));
  }
}

/** Fields that there are not are mistakes too. */
export function strictly(text: string, kind: ConfigKind, about: (problem: string) => string): JsonObject {
  try {
    const { value, unknown } = readConfig(text, kind);
    if (unknown.length === 0) return value;
    throw new ConfigurationError(`strict decoding error: ${unknown.join(', ')}`);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new ConfigurationError(about(error.message));
  }
}

/** Throws ConfigurationError where there are problems. */
export function fail(problems: readonly FieldError[]): void {
  if (problems.length > 0) throw new ConfigurationError(aggregateText(problems.map(fieldErrorText)));
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
