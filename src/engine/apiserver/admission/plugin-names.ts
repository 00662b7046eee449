// The admission plugins of a kube-apiserver by their names: which it has, which of them run unless they are switched off,
// and what is wrong with flags that name others.

/** In the order in which they run. A star: only where `--enable-admission-plugins` says so. */
const all = `
  AlwaysAdmit* NamespaceAutoProvision* NamespaceLifecycle NamespaceExists* LimitPodHardAntiAffinityTopology* LimitRanger
  ServiceAccount NodeRestriction* TaintNodesByCondition AlwaysPullImages* ImagePolicyWebhook* PodSecurity
  PodNodeSelector* Priority DefaultTolerationSeconds PodTolerationRestriction* EventRateLimit*
  ExtendedResourceToleration* DefaultStorageClass StorageObjectInUseProtection PodGroupProtection
  OwnerReferencesPermissionEnforcement* PersistentVolumeClaimResize RuntimeClass CertificateApproval CertificateSigning
  ClusterTrustBundleAttest CertificateSubjectRestriction DefaultIngressClass DenyServiceExternalIPs* PodTopologyLabels
  PodGroupWorkloadExists NodeDeclaredFeatureValidator JobValidation PodResizeValidator MutatingAdmissionPolicy
  MutatingAdmissionWebhook ValidatingAdmissionPolicy ValidatingAdmissionWebhook ResourceQuota AlwaysDeny*`;

const words = all.trim().split(/\s+/);

export const pluginNames: readonly string[] = words.map((word) => word.replace('*', ''));

const defaultOn: readonly string[] = words.filter((word) => !word.endsWith('*'));

/** Only NodeRestriction of those that are off is there without being asked for. */
export function isOptional(name: string): boolean {
  return !defaultOn.includes(name) && name !== 'NodeRestriction' && name !== 'AlwaysAdmit';
}

/** They do nothing without a file that says what: such a file is not simulated. */
const needsConfiguration: readonly string[] = ['EventRateLimit', 'ImagePolicyWebhook'];

/** What `--enable-admission-plugins` and `--disable-admission-plugins` say. */
export interface PluginChoice {
  readonly enabled: readonly string[];
  readonly disabled: readonly string[];
}

/** How kubeadm starts an API server. */
export const usualChoice: PluginChoice = { enabled: ['NodeRestriction'], disabled: [] };

/** Whether a plugin runs. */
export function isChosen(name: string, { enabled, disabled }: PluginChoice): boolean {
  return enabled.includes(name) || (defaultOn.includes(name) && !disabled.includes(name));
}

/** Why a kube-apiserver does not start with such flags, in upstream's words; undefined: it does. */
export function choiceProblem({ enabled, disabled }: PluginChoice): string | undefined {
  const unknown = (flag: string, names: readonly string[]): readonly string[] =>
    names
      .filter((name) => !pluginNames.includes(name))
      .map((name) => `${flag} plugin ${JSON.stringify(name)} is unknown`);
  const both = [...new Set(enabled)].filter((name) => disabled.includes(name)).sort();
  const unconfigured = enabled.filter((name) => needsConfiguration.includes(name));
  const problems = [
    ...unknown('enable-admission-plugins', enabled),
    ...unknown('disable-admission-plugins', disabled),
    ...(both.length > 0
      ? [`[${both.join(' ')}] in enable-admission-plugins and disable-admission-plugins overlapped`]
      : []),
    ...unconfigured.map((name) => `admission plugin ${name} needs a configuration, which is not simulated`),
  ];
  return problems.length > 1 ? `[${problems.join(', ')}]` : problems[0];
}
