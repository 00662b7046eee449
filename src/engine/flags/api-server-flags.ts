// The flags of kube-apiserver that the simulation acts on, and what they come to.
import { choiceProblem } from '../apiserver/admission/plugin-names.ts';
import type { ApiServerSettings } from '../apiserver/api-server-settings.ts';
import { readStaticTokens } from '../apiserver/authentication.ts';
import { ConfigurationError } from '../apiserver/configuration/config-file.ts';
import { admissionOf } from './admission-files.ts';
import { type AuditPlace, auditFlagNames, auditorOf } from './audit-flags.ts';
import { certificateFlagNames, clientAuthorityOf, frontProxyOf } from './certificate-files.ts';
import { type Flags, listOf, switchOf, type UsualFlags } from './component-flags.ts';
import { encryptionOf } from './encryption-file.ts';
import { identityOf } from './identity-files.ts';

export const actingFlags: ReadonlySet<string> = new Set([
  ...auditFlagNames,
  ...certificateFlagNames,
  'admission-control-config-file',
  'anonymous-auth',
  'authentication-config',
  'authorization-config',
  'authorization-mode',
  'disable-admission-plugins',
  'enable-admission-plugins',
  'enable-bootstrap-token-auth',
  'encryption-provider-config',
  'etcd-servers',
  'service-cluster-ip-range',
  'token-auth-file',
]);

/** Throws ConfigurationError. */
export function settingsOf(flags: Flags, place: AuditPlace, usual: UsualFlags = {}): ApiServerSettings {
  const tokenFile = flags.get('token-auth-file');
  const { modes, allowsAnonymous } = identityOf(flags, place.files);
  const plugins = {
    enabled: listOf(flags, 'enable-admission-plugins') ?? [],
    disabled: listOf(flags, 'disable-admission-plugins') ?? [],
  };
  const problem = choiceProblem(plugins);
  if (problem !== undefined) throw new ConfigurationError(problem);
  return {
    flags,
    admission: admissionOf(flags, place.files),
    audit: auditorOf(flags, place),
    clientAuthority: clientAuthorityOf(flags, place.files, usual),
    frontProxy: frontProxyOf(flags, place.files),
    plugins,
    encryption: encryptionOf(flags, place.files),
    modes,
    // Nobody may do everything without a name: upstream takes --anonymous-auth back then.
    allowsAnonymous: modes.includes('AlwaysAllow') ? () => false : allowsAnonymous,
    bootstrapTokens: switchOf(flags, 'enable-bootstrap-token-auth', false),
    serviceCidr: flags.get('service-cluster-ip-range'),
    tokens: tokenFile === undefined ? undefined : readStaticTokens(place.files.read(tokenFile)),
  };
}
