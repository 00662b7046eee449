// The flags of kube-apiserver that the simulation acts on, and what they come to.
import { aggregateText } from '../../api/field-error.ts';
import { quote } from '../../api/go-format.ts';
import { simulatedPlugins } from '../apiserver/admission.ts';
import type { ApiServerSettings } from '../apiserver/api-server-settings.ts';
import { readStaticTokens } from '../apiserver/authentication.ts';
import { ConfigurationError } from '../apiserver/configuration/config-file.ts';
import { admissionOf } from './admission-files.ts';
import { type AuditPlace, auditFlagNames, auditorOf } from './audit-flags.ts';
import { type Flags, listOf, switchOf } from './component-flags.ts';
import { encryptionOf } from './encryption-file.ts';
import { identityOf } from './identity-files.ts';

export const actingFlags: ReadonlySet<string> = new Set([
  ...auditFlagNames,
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
export function settingsOf(flags: Flags, place: AuditPlace): ApiServerSettings {
  const tokenFile = flags.get('token-auth-file');
  const { modes, allowsAnonymous } = identityOf(flags, place.files);
  const enabled = listOf(flags, 'enable-admission-plugins') ?? [];
  const disabled = listOf(flags, 'disable-admission-plugins') ?? [];
  checkPlugins(enabled, disabled);
  for (const name of enabled)
    if (!simulatedPlugins.has(name))
      place.warn(`"Admission plugin is not simulated and changes nothing" plugin=${quote(name)}\n`);
  return {
    admission: admissionOf(flags, place.files),
    audit: auditorOf(flags, place),
    disabledAdmission: disabled,
    encryption: encryptionOf(flags, place.files),
    modes,
    // Nobody may do everything without a name: upstream takes --anonymous-auth back then.
    allowsAnonymous: modes.includes('AlwaysAllow') ? () => false : allowsAnonymous,
    bootstrapTokens: switchOf(flags, 'enable-bootstrap-token-auth', false),
    serviceCidr: flags.get('service-cluster-ip-range'),
    tokens: tokenFile === undefined ? undefined : readStaticTokens(place.files.read(tokenFile)),
  };
}

/** Upstream's plugins, in the order in which it runs them. */
const admissionPlugins = `
AlwaysAdmit NamespaceAutoProvision NamespaceLifecycle NamespaceExists LimitPodHardAntiAffinityTopology LimitRanger
ServiceAccount NodeRestriction TaintNodesByCondition AlwaysPullImages ImagePolicyWebhook PodSecurity PodNodeSelector
Priority DefaultTolerationSeconds PodTolerationRestriction EventRateLimit ExtendedResourceToleration DefaultStorageClass
StorageObjectInUseProtection PodGroupProtection OwnerReferencesPermissionEnforcement PersistentVolumeClaimResize
RuntimeClass CertificateApproval CertificateSigning ClusterTrustBundleAttest CertificateSubjectRestriction
DefaultIngressClass DenyServiceExternalIPs PodTopologyLabels PodGroupWorkloadExists NodeDeclaredFeatureValidator
JobValidation PodResizeValidator MutatingAdmissionPolicy MutatingAdmissionWebhook ValidatingAdmissionPolicy
ValidatingAdmissionWebhook ResourceQuota AlwaysDeny`
  .trim()
  .split(/\s+/);

/** Throws ConfigurationError. */
function checkPlugins(enabled: readonly string[], disabled: readonly string[]): void {
  const problems = [
    ...unknownPlugins('enable-admission-plugins', enabled),
    ...unknownPlugins('disable-admission-plugins', disabled),
  ];
  const both = [...new Set(enabled.filter((name) => disabled.includes(name)))].sort();
  if (both.length > 0)
    problems.push(`[${both.join(' ')}] in enable-admission-plugins and disable-admission-plugins overlapped`);
  if (problems.length > 0) throw new ConfigurationError(aggregateText(problems));
}

function unknownPlugins(flag: string, names: readonly string[]): readonly string[] {
  return names
    .filter((name) => !admissionPlugins.includes(name))
    .map((name) => `${flag} plugin ${quote(name)} is unknown`);
}
