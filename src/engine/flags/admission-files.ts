// --admission-control-config-file: an AdmissionConfiguration, and in it the plugins' own. PodSecurity's is simulated.
import { duplicate, type FieldError, invalid } from '../../api/field-error.ts';
import { goJson } from '../../api/go-format.ts';
import { dns1123Label, dns1123Subdomain } from '../../api/names.ts';
import { quote } from '../../base/go/quote.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import type { AdmissionSettings } from '../apiserver/admission/plugin.ts';
import {
  isLevel,
  type LevelVersion,
  levels,
  minorOf,
  type PodSecurityConfiguration,
} from '../apiserver/admission/pod-security/pod-policy.ts';
import { type ConfigKind, ConfigurationError } from '../apiserver/configuration/config-file.ts';
import type { ComponentFiles } from './component-files.ts';
import type { Flags } from './component-flags.ts';
import { fail, strictly } from './identity-files.ts';

const admissionKind: ConfigKind = {
  kind: 'AdmissionConfiguration',
  apiVersions: ['apiserver.config.k8s.io/v1', 'apiserver.k8s.io/v1alpha1'],
  scheme: 'k8s.io/apiserver/pkg/server/options/admission.go:51',
  fields: { plugins: [{ name: 'string', path: 'string', configuration: 'any' }] },
};

const texts = ['string'] as const;
const podSecurityKind: ConfigKind = {
  kind: 'PodSecurityConfiguration',
  apiVersions: ['v1', 'v1beta1', 'v1alpha1'].map((version) => `pod-security.admission.config.k8s.io/${version}`),
  scheme: 'k8s.io/pod-security-admission/admission/api/scheme/scheme.go:29',
  fields: {
    defaults: {
      enforce: 'string',
      'enforce-version': 'string',
      audit: 'string',
      'audit-version': 'string',
      warn: 'string',
      'warn-version': 'string',
    },
    exemptions: { usernames: texts, namespaces: texts, runtimeClasses: texts },
  },
};

/** Undefined: the flag is not given. Throws ConfigurationError. */
export function admissionOf(flags: Flags, files: ComponentFiles): AdmissionSettings | undefined {
  const file = flags.get('admission-control-config-file');
  if (file === undefined) return undefined;
  const { plugins } = strictly(
    readFile(file, files),
    admissionKind,
    (problem) => `failed to read plugin config: ${problem}`,
  );
  const settings: { podSecurity?: PodSecurityConfiguration | undefined } = {};
  for (const plugin of isList(plugins) ? plugins.filter(isObject) : []) {
    if (plugin.name !== 'PodSecurity')
      throw new ConfigurationError(
        `--admission-control-config-file: configuration of the plugin ${quote(String(plugin.name))} is not simulated`,
      );
    settings.podSecurity = podSecurityIn(textIn(plugin, file, files));
  }
  return settings;
}

function readFile(file: string, files: ComponentFiles): string {
  try {
    return files.read(file);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const why = `unable to read admission control configuration from ${quote(file)} [${error.message}]`;
    throw new ConfigurationError(`failed to read plugin config: ${why}`);
  }
}

/** A plugin's configuration: in place, or in a file of its own beside. JSON is YAML. */
function textIn({ configuration, path }: JsonObject, file: string, files: ComponentFiles): string {
  if (configuration) return goJson(configuration);
  if (typeof path !== 'string' || path === '') return '';
  return files.read(path.startsWith('/') ? path : `${file.slice(0, file.lastIndexOf('/') + 1)}${path}`);
}

function podSecurityIn(text: string): PodSecurityConfiguration | undefined {
  if (text === '') return undefined;
  const { defaults, exemptions } = strictly(
    text,
    podSecurityKind,
    (problem) => `initializing admission plugins: failed to init admission plugin "PodSecurity": ${problem}`,
  );
  const given = isObject(defaults) ? defaults : {};
  const exempt = isObject(exemptions) ? exemptions : {};
  const problems: FieldError[] = [];
  const [enforce, warn, audit] = ['enforce', 'warn', 'audit'].map((mode) => policyIn(given, mode, problems));
  const list = (name: string): readonly string[] => textsOf(exempt[name]);
  const found = {
    usernames: list('usernames'),
    namespaces: list('namespaces'),
    runtimeClasses: list('runtimeClasses'),
  };
  fail([
    ...problems,
    ...listProblems('namespaces', found.namespaces, dns1123Label),
    ...listProblems('runtimeClasses', found.runtimeClasses, dns1123Subdomain),
    ...listProblems('usernames', found.usernames, (name) => (name === '' ? ['username must not be empty'] : [])),
  ]);
  const anything = policyIn({}, '', problems);
  return {
    defaults: { enforce: enforce ?? anything, audit: audit ?? anything, warn: warn ?? anything, problems: [] },
    exemptions: found,
  };
}

function policyIn(given: JsonObject, mode: string, problems: FieldError[]): LevelVersion {
  const level = String(given[mode] || 'privileged');
  const version = String(given[`${mode}-version`] || 'latest');
  const minor = minorOf(version);
  if (!isLevel(level)) problems.push(invalid(`defaults.${mode}`, level, `must be one of ${levels.join(', ')}`));
  if (minor === undefined) problems.push(invalid(`defaults.${mode}-version`, version, 'must be "latest" or "v1.x"'));
  return { level: isLevel(level) ? level : 'restricted', minor: minor ?? Number.POSITIVE_INFINITY };
}

function listProblems(
  name: string,
  given: readonly string[],
  complaints: (value: string) => readonly string[],
): readonly FieldError[] {
  return given.flatMap((value, i) => {
    const at = `exemptions.${name}[${i}]`;
    const wrong = complaints(value);
    if (wrong.length > 0) return [invalid(at, value, wrong.join(', '))];
    return given.indexOf(value) < i ? [duplicate(at, value)] : [];
  });
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  return isList(value) ? value.map(String) : [];
}
