// The structures of a pod template field by field, as upstream's hash of a template goes through them.
//
//   STRUCTURE|FIELD:TYPE:KEY …     no type: text; no key: the field's name with a small first letter; `+`: embedded

const rows = `
PodTemplateSpec|ObjectMeta:ObjectMeta:metadata Spec:PodSpec
ObjectMeta|Name GenerateName Namespace SelfLink UID:types.UID:uid ResourceVersion Generation:int64 CreationTimestamp:Time DeletionTimestamp:*Time DeletionGracePeriodSeconds:*int64 Labels:map[string]string Annotations:map[string]string OwnerReferences:[]OwnerReference Finalizers:[]string ManagedFields:[]ManagedFieldsEntry
PodSpec|Volumes:[]Volume InitContainers:[]Container Containers:[]Container EphemeralContainers:[]EphemeralContainer RestartPolicy:RestartPolicy TerminationGracePeriodSeconds:*int64 ActiveDeadlineSeconds:*int64 DNSPolicy:DNSPolicy:dnsPolicy NodeSelector:map[string]string ServiceAccountName DeprecatedServiceAccount::serviceAccount AutomountServiceAccountToken:*bool NodeName HostNetwork:bool HostPID:bool HostIPC:bool ShareProcessNamespace:*bool SecurityContext:*PodSecurityContext ImagePullSecrets:[]LocalObjectReference Hostname Subdomain Affinity:*Affinity SchedulerName Tolerations:[]Toleration HostAliases:[]HostAlias PriorityClassName Priority:*int32 DNSConfig:*PodDNSConfig:dnsConfig ReadinessGates:[]PodReadinessGate RuntimeClassName:*string EnableServiceLinks:*bool PreemptionPolicy:*PreemptionPolicy Overhead:ResourceList TopologySpreadConstraints:[]TopologySpreadConstraint SetHostnameAsFQDN:*bool OS:*PodOS:os HostUsers:*bool SchedulingGates:[]PodSchedulingGate ResourceClaims:[]PodResourceClaim Resources:*ResourceRequirements HostnameOverride:*string SchedulingGroup:*PodSchedulingGroup
OwnerReference|APIVersion::apiVersion Kind Name UID:types.UID:uid Controller:*bool BlockOwnerDeletion:*bool
Volume|Name VolumeSource:VolumeSource:+
Container|Name Image Command:[]string Args:[]string WorkingDir Ports:[]ContainerPort EnvFrom:[]EnvFromSource Env:[]EnvVar Resources:ResourceRequirements ResizePolicy:[]ContainerResizePolicy RestartPolicy:*ContainerRestartPolicy RestartPolicyRules:[]ContainerRestartRule VolumeMounts:[]VolumeMount VolumeDevices:[]VolumeDevice LivenessProbe:*Probe ReadinessProbe:*Probe StartupProbe:*Probe Lifecycle:*Lifecycle TerminationMessagePath TerminationMessagePolicy:TerminationMessagePolicy ImagePullPolicy:PullPolicy SecurityContext:*SecurityContext Stdin:bool StdinOnce:bool TTY:bool:tty
EphemeralContainer|EphemeralContainerCommon:EphemeralContainerCommon:+ TargetContainerName
PodSecurityContext|SELinuxOptions:*SELinuxOptions:seLinuxOptions WindowsOptions:*WindowsSecurityContextOptions RunAsUser:*int64 RunAsGroup:*int64 RunAsNonRoot:*bool SupplementalGroups:[]int64 SupplementalGroupsPolicy:*SupplementalGroupsPolicy FSGroup:*int64:fsGroup Sysctls:[]Sysctl FSGroupChangePolicy:*PodFSGroupChangePolicy:fsGroupChangePolicy SeccompProfile:*SeccompProfile AppArmorProfile:*AppArmorProfile SELinuxChangePolicy:*PodSELinuxChangePolicy:seLinuxChangePolicy
LocalObjectReference|Name
Affinity|NodeAffinity:*NodeAffinity PodAffinity:*PodAffinity PodAntiAffinity:*PodAntiAffinity
Toleration|Key Operator:TolerationOperator Value Effect:TaintEffect TolerationSeconds:*int64
HostAlias|IP::ip Hostnames:[]string
PodDNSConfig|Nameservers:[]string Searches:[]string Options:[]PodDNSConfigOption
PodReadinessGate|ConditionType:PodConditionType
TopologySpreadConstraint|MaxSkew:int32 TopologyKey WhenUnsatisfiable:UnsatisfiableConstraintAction LabelSelector:*LabelSelector MinDomains:*int32 NodeAffinityPolicy:*NodeInclusionPolicy NodeTaintsPolicy:*NodeInclusionPolicy MatchLabelKeys:[]string
PodOS|Name:OSName
PodSchedulingGate|Name
PodResourceClaim|Name ResourceClaimName:*string ResourceClaimTemplateName:*string
ResourceRequirements|Limits:ResourceList Requests:ResourceList Claims:[]ResourceClaim
PodSchedulingGroup|PodGroupName:*string
VolumeSource|HostPath:*HostPathVolumeSource EmptyDir:*EmptyDirVolumeSource GCEPersistentDisk:*GCEPersistentDiskVolumeSource:gcePersistentDisk AWSElasticBlockStore:*AWSElasticBlockStoreVolumeSource:awsElasticBlockStore GitRepo:*GitRepoVolumeSource Secret:*SecretVolumeSource NFS:*NFSVolumeSource:nfs ISCSI:*ISCSIVolumeSource:iscsi Glusterfs:*GlusterfsVolumeSource PersistentVolumeClaim:*PersistentVolumeClaimVolumeSource RBD:*RBDVolumeSource:rbd FlexVolume:*FlexVolumeSource Cinder:*CinderVolumeSource CephFS:*CephFSVolumeSource:cephfs Flocker:*FlockerVolumeSource DownwardAPI:*DownwardAPIVolumeSource FC:*FCVolumeSource:fc AzureFile:*AzureFileVolumeSource ConfigMap:*ConfigMapVolumeSource VsphereVolume:*VsphereVirtualDiskVolumeSource Quobyte:*QuobyteVolumeSource AzureDisk:*AzureDiskVolumeSource PhotonPersistentDisk:*PhotonPersistentDiskVolumeSource Projected:*ProjectedVolumeSource PortworxVolume:*PortworxVolumeSource ScaleIO:*ScaleIOVolumeSource StorageOS:*StorageOSVolumeSource:storageos CSI:*CSIVolumeSource:csi Ephemeral:*EphemeralVolumeSource Image:*ImageVolumeSource
ContainerPort|Name HostPort:int32 ContainerPort:int32 Protocol:Protocol HostIP
EnvFromSource|Prefix ConfigMapRef:*ConfigMapEnvSource SecretRef:*SecretEnvSource
EnvVar|Name Value ValueFrom:*EnvVarSource
ContainerResizePolicy|ResourceName:ResourceName RestartPolicy:ResourceResizeRestartPolicy
ContainerRestartRule|Action:ContainerRestartRuleAction ExitCodes:*ContainerRestartRuleOnExitCodes
VolumeMount|Name ReadOnly:bool RecursiveReadOnly:*RecursiveReadOnlyMode MountPath SubPath MountPropagation:*MountPropagationMode SubPathExpr
VolumeDevice|Name DevicePath
Probe|ProbeHandler:ProbeHandler:+ InitialDelaySeconds:int32 TimeoutSeconds:int32 PeriodSeconds:int32 SuccessThreshold:int32 FailureThreshold:int32 TerminationGracePeriodSeconds:*int64
Lifecycle|PostStart:*LifecycleHandler PreStop:*LifecycleHandler StopSignal:*Signal
SecurityContext|Capabilities:*Capabilities Privileged:*bool SELinuxOptions:*SELinuxOptions:seLinuxOptions WindowsOptions:*WindowsSecurityContextOptions RunAsUser:*int64 RunAsGroup:*int64 RunAsNonRoot:*bool ReadOnlyRootFilesystem:*bool AllowPrivilegeEscalation:*bool ProcMount:*ProcMountType SeccompProfile:*SeccompProfile AppArmorProfile:*AppArmorProfile
EphemeralContainerCommon|Name Image Command:[]string Args:[]string WorkingDir Ports:[]ContainerPort EnvFrom:[]EnvFromSource Env:[]EnvVar Resources:ResourceRequirements ResizePolicy:[]ContainerResizePolicy RestartPolicy:*ContainerRestartPolicy RestartPolicyRules:[]ContainerRestartRule VolumeMounts:[]VolumeMount VolumeDevices:[]VolumeDevice LivenessProbe:*Probe ReadinessProbe:*Probe StartupProbe:*Probe Lifecycle:*Lifecycle TerminationMessagePath TerminationMessagePolicy:TerminationMessagePolicy ImagePullPolicy:PullPolicy SecurityContext:*SecurityContext Stdin:bool StdinOnce:bool TTY:bool:tty
SELinuxOptions|User Role Type Level
WindowsSecurityContextOptions|GMSACredentialSpecName:*string:gmsaCredentialSpecName GMSACredentialSpec:*string:gmsaCredentialSpec RunAsUserName:*string HostProcess:*bool
Sysctl|Name Value
SeccompProfile|Type:SeccompProfileType LocalhostProfile:*string
AppArmorProfile|Type:AppArmorProfileType LocalhostProfile:*string
NodeAffinity|RequiredDuringSchedulingIgnoredDuringExecution:*NodeSelector PreferredDuringSchedulingIgnoredDuringExecution:[]PreferredSchedulingTerm
PodAffinity|RequiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm PreferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm
PodAntiAffinity|RequiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm PreferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm
PodDNSConfigOption|Name Value:*string
LabelSelector|MatchLabels:map[string]string MatchExpressions:[]LabelSelectorRequirement
ResourceClaim|Name Request
HostPathVolumeSource|Path Type:*HostPathType
EmptyDirVolumeSource|Medium:StorageMedium SizeLimit:*resource.Quantity
GCEPersistentDiskVolumeSource|PDName::pdName FSType::fsType Partition:int32 ReadOnly:bool
AWSElasticBlockStoreVolumeSource|VolumeID FSType::fsType Partition:int32 ReadOnly:bool
GitRepoVolumeSource|Repository Revision Directory
SecretVolumeSource|SecretName Items:[]KeyToPath DefaultMode:*int32 Optional:*bool
NFSVolumeSource|Server Path ReadOnly:bool
ISCSIVolumeSource|TargetPortal IQN::iqn Lun:int32 ISCSIInterface::iscsiInterface FSType::fsType ReadOnly:bool Portals:[]string DiscoveryCHAPAuth:bool:chapAuthDiscovery SessionCHAPAuth:bool:chapAuthSession SecretRef:*LocalObjectReference InitiatorName:*string
GlusterfsVolumeSource|EndpointsName::endpoints Path ReadOnly:bool
PersistentVolumeClaimVolumeSource|ClaimName ReadOnly:bool
RBDVolumeSource|CephMonitors:[]string:monitors RBDImage::image FSType::fsType RBDPool::pool RadosUser::user Keyring SecretRef:*LocalObjectReference ReadOnly:bool
FlexVolumeSource|Driver FSType::fsType SecretRef:*LocalObjectReference ReadOnly:bool Options:map[string]string
CinderVolumeSource|VolumeID FSType::fsType ReadOnly:bool SecretRef:*LocalObjectReference
CephFSVolumeSource|Monitors:[]string Path User SecretFile SecretRef:*LocalObjectReference ReadOnly:bool
FlockerVolumeSource|DatasetName DatasetUUID
DownwardAPIVolumeSource|Items:[]DownwardAPIVolumeFile DefaultMode:*int32
FCVolumeSource|TargetWWNs:[]string Lun:*int32 FSType::fsType ReadOnly:bool WWIDs:[]string:wwids
AzureFileVolumeSource|SecretName ShareName ReadOnly:bool
ConfigMapVolumeSource|LocalObjectReference:LocalObjectReference:+ Items:[]KeyToPath DefaultMode:*int32 Optional:*bool
VsphereVirtualDiskVolumeSource|VolumePath FSType::fsType StoragePolicyName StoragePolicyID
QuobyteVolumeSource|Registry Volume ReadOnly:bool User Group Tenant
AzureDiskVolumeSource|DiskName DataDiskURI::diskURI CachingMode:*AzureDataDiskCachingMode FSType:*string:fsType ReadOnly:*bool Kind:*AzureDataDiskKind
PhotonPersistentDiskVolumeSource|PdID FSType::fsType
ProjectedVolumeSource|Sources:[]VolumeProjection DefaultMode:*int32
PortworxVolumeSource|VolumeID FSType::fsType ReadOnly:bool
ScaleIOVolumeSource|Gateway System SecretRef:*LocalObjectReference SSLEnabled:bool:sslEnabled ProtectionDomain StoragePool StorageMode VolumeName FSType::fsType ReadOnly:bool
StorageOSVolumeSource|VolumeName VolumeNamespace FSType::fsType ReadOnly:bool SecretRef:*LocalObjectReference
CSIVolumeSource|Driver ReadOnly:*bool FSType:*string:fsType VolumeAttributes:map[string]string NodePublishSecretRef:*LocalObjectReference
EphemeralVolumeSource|VolumeClaimTemplate:*PersistentVolumeClaimTemplate
ImageVolumeSource|Reference PullPolicy:PullPolicy
ConfigMapEnvSource|LocalObjectReference:LocalObjectReference:+ Optional:*bool
SecretEnvSource|LocalObjectReference:LocalObjectReference:+ Optional:*bool
EnvVarSource|FieldRef:*ObjectFieldSelector ResourceFieldRef:*ResourceFieldSelector ConfigMapKeyRef:*ConfigMapKeySelector SecretKeyRef:*SecretKeySelector FileKeyRef:*FileKeySelector
ContainerRestartRuleOnExitCodes|Operator:ContainerRestartRuleOnExitCodesOperator Values:[]int32
ProbeHandler|Exec:*ExecAction HTTPGet:*HTTPGetAction:httpGet TCPSocket:*TCPSocketAction:tcpSocket GRPC:*GRPCAction:grpc
LifecycleHandler|Exec:*ExecAction HTTPGet:*HTTPGetAction:httpGet TCPSocket:*TCPSocketAction:tcpSocket Sleep:*SleepAction
Capabilities|Add:[]Capability Drop:[]Capability
NodeSelector|NodeSelectorTerms:[]NodeSelectorTerm
PreferredSchedulingTerm|Weight:int32 Preference:NodeSelectorTerm
PodAffinityTerm|LabelSelector:*LabelSelector Namespaces:[]string TopologyKey NamespaceSelector:*LabelSelector MatchLabelKeys:[]string MismatchLabelKeys:[]string
WeightedPodAffinityTerm|Weight:int32 PodAffinityTerm:PodAffinityTerm
LabelSelectorRequirement|Key Operator:LabelSelectorOperator Values:[]string
KeyToPath|Key Path Mode:*int32
DownwardAPIVolumeFile|Path FieldRef:*ObjectFieldSelector ResourceFieldRef:*ResourceFieldSelector Mode:*int32
VolumeProjection|Secret:*SecretProjection DownwardAPI:*DownwardAPIProjection ConfigMap:*ConfigMapProjection ServiceAccountToken:*ServiceAccountTokenProjection ClusterTrustBundle:*ClusterTrustBundleProjection PodCertificate:*PodCertificateProjection
PersistentVolumeClaimTemplate|ObjectMeta:ObjectMeta:metadata Spec:PersistentVolumeClaimSpec
ObjectFieldSelector|APIVersion::apiVersion FieldPath
ResourceFieldSelector|ContainerName Resource Divisor:resource.Quantity
ConfigMapKeySelector|LocalObjectReference:LocalObjectReference:+ Key Optional:*bool
SecretKeySelector|LocalObjectReference:LocalObjectReference:+ Key Optional:*bool
FileKeySelector|VolumeName Path Key Optional:*bool
ExecAction|Command:[]string
HTTPGetAction|Path Port:intstr.IntOrString Host Scheme:URIScheme HTTPHeaders:[]HTTPHeader:httpHeaders
TCPSocketAction|Port:intstr.IntOrString Host
GRPCAction|Port:int32 Service:*string
SleepAction|Seconds:int64
NodeSelectorTerm|MatchExpressions:[]NodeSelectorRequirement MatchFields:[]NodeSelectorRequirement
SecretProjection|LocalObjectReference:LocalObjectReference:+ Items:[]KeyToPath Optional:*bool
DownwardAPIProjection|Items:[]DownwardAPIVolumeFile
ConfigMapProjection|LocalObjectReference:LocalObjectReference:+ Items:[]KeyToPath Optional:*bool
ServiceAccountTokenProjection|Audience ExpirationSeconds:*int64 Path
ClusterTrustBundleProjection|Name:*string SignerName:*string LabelSelector:*LabelSelector Optional:*bool Path
PodCertificateProjection|SignerName KeyType MaxExpirationSeconds:*int32 CredentialBundlePath KeyPath CertificateChainPath UserAnnotations:map[string]string
PersistentVolumeClaimSpec|AccessModes:[]PersistentVolumeAccessMode Selector:*LabelSelector Resources:VolumeResourceRequirements VolumeName StorageClassName:*string VolumeMode:*PersistentVolumeMode DataSource:*TypedLocalObjectReference DataSourceRef:*TypedObjectReference VolumeAttributesClassName:*string
HTTPHeader|Name Value
NodeSelectorRequirement|Key Operator:NodeSelectorOperator Values:[]string
VolumeResourceRequirements|Limits:ResourceList Requests:ResourceList
TypedLocalObjectReference|APIGroup:*string:apiGroup Kind Name
TypedObjectReference|APIGroup:*string:apiGroup Kind Name Namespace:*string
`;

export interface GoField {
  readonly name: string;
  /** E.g. `*int64`, `[]Container`, `map[string]string`, `PullPolicy`. */
  readonly type: string;
  /** In JSON; `+` where the fields stand among the structure's own. */
  readonly key: string;
}

const structures = new Map<string, readonly GoField[]>();
for (const row of rows.trim().split('\n')) {
  const bar = row.indexOf('|');
  structures.set(
    row.slice(0, bar),
    row
      .slice(bar + 1)
      .split(' ')
      .map((text) => {
        const [name = '', type = '', key] = text.split(':');
        return { name, type: type || 'string', key: key ?? name.charAt(0).toLowerCase() + name.slice(1) };
      }),
  );
}

/** The fields of a structure; undefined when the name is none's. */
export function goFields(structure: string): readonly GoField[] | undefined {
  return structures.get(structure);
}
