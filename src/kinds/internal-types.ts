// The server's internal structures, field by field, as Go's encoding/json shows them in messages.
//
//   TYPE|FIELD:FORM FIELD=NAME:FORM …     NAME is the API's where it is another one than the field's
//   `+` is an embedded structure, whose fields stand among the others
//
// Forms: s text, i number, b flag, q quantity, v number or text, t time, m metadata, j as in the API, o any JSON;
// `*` may be null, `[` list, `{` map; anything else is the name of another structure.

const rows = `
AWSElasticBlockStoreVolumeSource|VolumeID:s FSType:s Partition:i ReadOnly:b
Affinity|NodeAffinity:*NodeAffinity PodAffinity:*PodAffinity PodAntiAffinity:*PodAntiAffinity
AppArmorProfile|Type:s LocalhostProfile:*s
AzureDiskVolumeSource|DiskName:s DataDiskURI=diskURI:s CachingMode:*s FSType:*s ReadOnly:*b Kind:*s
AzureFilePersistentVolumeSource|SecretName:s ShareName:s ReadOnly:b SecretNamespace:*s
AzureFileVolumeSource|SecretName:s ShareName:s ReadOnly:b
CSIPersistentVolumeSource|Driver:s VolumeHandle:s ReadOnly:b FSType:s VolumeAttributes:{s ControllerPublishSecretRef:*SecretReference NodeStageSecretRef:*SecretReference NodePublishSecretRef:*SecretReference ControllerExpandSecretRef:*SecretReference NodeExpandSecretRef:*SecretReference
CSIVolumeSource|Driver:s ReadOnly:*b FSType:*s VolumeAttributes:{s NodePublishSecretRef:*LocalObjectReference
Capabilities|Add:[s Drop:[s
CephFSPersistentVolumeSource|Monitors:[s Path:s User:s SecretFile:s SecretRef:*SecretReference ReadOnly:b
CephFSVolumeSource|Monitors:[s Path:s User:s SecretFile:s SecretRef:*LocalObjectReference ReadOnly:b
CinderPersistentVolumeSource|VolumeID:s FSType:s ReadOnly:b SecretRef:*SecretReference
CinderVolumeSource|VolumeID:s FSType:s ReadOnly:b SecretRef:*LocalObjectReference
ClusterTrustBundleProjection|Name:*s SignerName:*s LabelSelector:*j Optional:*b Path:s
ConfigMapEnvSource|+:LocalObjectReference Optional:*b
ConfigMapKeySelector|+:LocalObjectReference Key:s Optional:*b
ConfigMapProjection|+:LocalObjectReference Items:[KeyToPath Optional:*b
ConfigMapVolumeSource|+:LocalObjectReference Items:[KeyToPath DefaultMode:*i Optional:*b
Container|Name:s Image:s Command:[s Args:[s WorkingDir:s Ports:[ContainerPort EnvFrom:[EnvFromSource Env:[EnvVar Resources:ResourceRequirements ResizePolicy:[ContainerResizePolicy RestartPolicy:*s RestartPolicyRules:[ContainerRestartRule VolumeMounts:[VolumeMount VolumeDevices:[VolumeDevice LivenessProbe:*Probe ReadinessProbe:*Probe StartupProbe:*Probe Lifecycle:*Lifecycle TerminationMessagePath:s TerminationMessagePolicy:s ImagePullPolicy:s SecurityContext:*SecurityContext Stdin:b StdinOnce:b TTY:b
ContainerPort|Name:s HostPort:i ContainerPort:i Protocol:s HostIP:s
ContainerResizePolicy|ResourceName:s RestartPolicy:s
ContainerRestartRule|Action:s ExitCodes:*ContainerRestartRuleOnExitCodes
ContainerRestartRuleOnExitCodes|Operator:s Values:[i
CustomResourceColumnDefinition|Name:s Type:s Format:s Description:s Priority:i JSONPath:s
CustomResourceDefinitionVersion|Name:s Served:b Storage:b Deprecated:b DeprecationWarning:*s Schema:*CustomResourceValidation Subresources:*CustomResourceSubresources AdditionalPrinterColumns:[CustomResourceColumnDefinition SelectableFields:[SelectableField
CustomResourceSubresourceScale|SpecReplicasPath:s StatusReplicasPath:s LabelSelectorPath:*s
CustomResourceSubresources|Status:*j Scale:*CustomResourceSubresourceScale
CustomResourceValidation|OpenAPIV3Schema:*JSONSchemaProps
DownwardAPIProjection|Items:[DownwardAPIVolumeFile
DownwardAPIVolumeFile|Path:s FieldRef:*ObjectFieldSelector ResourceFieldRef:*ResourceFieldSelector Mode:*i
DownwardAPIVolumeSource|Items:[DownwardAPIVolumeFile DefaultMode:*i
EmptyDirVolumeSource|Medium:s SizeLimit:*q
EnvFromSource|Prefix:s ConfigMapRef:*ConfigMapEnvSource SecretRef:*SecretEnvSource
EnvVar|Name:s Value:s ValueFrom:*EnvVarSource
EnvVarSource|FieldRef:*ObjectFieldSelector ResourceFieldRef:*ResourceFieldSelector ConfigMapKeyRef:*ConfigMapKeySelector SecretKeyRef:*SecretKeySelector FileKeyRef:*FileKeySelector
EphemeralContainer|+:EphemeralContainerCommon TargetContainerName:s
EphemeralContainerCommon|Name:s Image:s Command:[s Args:[s WorkingDir:s Ports:[ContainerPort EnvFrom:[EnvFromSource Env:[EnvVar Resources:ResourceRequirements ResizePolicy:[ContainerResizePolicy RestartPolicy:*s RestartPolicyRules:[ContainerRestartRule VolumeMounts:[VolumeMount VolumeDevices:[VolumeDevice LivenessProbe:*Probe ReadinessProbe:*Probe StartupProbe:*Probe Lifecycle:*Lifecycle TerminationMessagePath:s TerminationMessagePolicy:s ImagePullPolicy:s SecurityContext:*SecurityContext Stdin:b StdinOnce:b TTY:b
EphemeralVolumeSource|VolumeClaimTemplate:*PersistentVolumeClaimTemplate
ExecAction|Command:[s
ExternalDocumentation|Description:s URL:s
FCVolumeSource|TargetWWNs:[s Lun:*i FSType:s ReadOnly:b WWIDs:[s
FileKeySelector|VolumeName:s Path:s Key:s Optional:*b
FlexPersistentVolumeSource|Driver:s FSType:s SecretRef:*SecretReference ReadOnly:b Options:{s
FlexVolumeSource|Driver:s FSType:s SecretRef:*LocalObjectReference ReadOnly:b Options:{s
FlockerVolumeSource|DatasetName:s DatasetUUID:s
GCEPersistentDiskVolumeSource|PDName:s FSType:s Partition:i ReadOnly:b
GRPCAction|Port:i Service:*s
GitRepoVolumeSource|Repository:s Revision:s Directory:s
GlusterfsPersistentVolumeSource|EndpointsName=endpoints:s Path:s ReadOnly:b EndpointsNamespace:*s
GlusterfsVolumeSource|EndpointsName=endpoints:s Path:s ReadOnly:b
HTTPGetAction|Path:s Port:v Host:s Scheme:s HTTPHeaders:[HTTPHeader
HTTPHeader|Name:s Value:s
HostAlias|IP:s Hostnames:[s
HostPathVolumeSource|Path:s Type:*s
ISCSIPersistentVolumeSource|TargetPortal:s IQN:s Lun:i ISCSIInterface:s FSType:s ReadOnly:b Portals:[s DiscoveryCHAPAuth:b SessionCHAPAuth:b SecretRef:*SecretReference InitiatorName:*s
ISCSIVolumeSource|TargetPortal:s IQN:s Lun:i ISCSIInterface:s FSType:s ReadOnly:b Portals:[s DiscoveryCHAPAuth:b SessionCHAPAuth:b SecretRef:*LocalObjectReference InitiatorName:*s
ImageVolumeSource|Reference:s PullPolicy:s
JSONSchemaProps|ID:s Schema=$schema:s Ref=$ref:*s Description:s Type:s Nullable:b Format:s Title:s Default:*o Maximum:*i ExclusiveMaximum:b Minimum:*i ExclusiveMinimum:b MaxLength:*i MinLength:*i Pattern:s MaxItems:*i MinItems:*i UniqueItems:b MultipleOf:*i Enum:[o MaxProperties:*i MinProperties:*i Required:[s Items:*JSONSchemaPropsOrArray AllOf:[JSONSchemaProps OneOf:[JSONSchemaProps AnyOf:[JSONSchemaProps Not:*JSONSchemaProps Properties:{JSONSchemaProps AdditionalProperties:*JSONSchemaPropsOrBool PatternProperties:{JSONSchemaProps Dependencies:{JSONSchemaPropsOrStringArray AdditionalItems:*JSONSchemaPropsOrBool Definitions:{JSONSchemaProps ExternalDocs:*ExternalDocumentation Example:*o XPreserveUnknownFields=x-kubernetes-preserve-unknown-fields:*b XEmbeddedResource=x-kubernetes-embedded-resource:b XIntOrString=x-kubernetes-int-or-string:b XListMapKeys=x-kubernetes-list-map-keys:[s XListType=x-kubernetes-list-type:*s XMapType=x-kubernetes-map-type:*s XValidations=x-kubernetes-validations:[ValidationRule
JSONSchemaPropsOrArray|Schema:*JSONSchemaProps JSONSchemas:[JSONSchemaProps
JSONSchemaPropsOrBool|Allows:b Schema:*JSONSchemaProps
JSONSchemaPropsOrStringArray|Schema:*JSONSchemaProps Property:[s
KeyToPath|Key:s Path:s Mode:*i
Lifecycle|PostStart:*LifecycleHandler PreStop:*LifecycleHandler StopSignal:*s
LifecycleHandler|Exec:*ExecAction HTTPGet:*HTTPGetAction TCPSocket:*TCPSocketAction Sleep:*SleepAction
LocalObjectReference|Name:s
LocalVolumeSource|Path:s FSType:*s
NFSVolumeSource|Server:s Path:s ReadOnly:b
NodeAffinity|RequiredDuringSchedulingIgnoredDuringExecution:*NodeSelector PreferredDuringSchedulingIgnoredDuringExecution:[PreferredSchedulingTerm
NodeSelector|NodeSelectorTerms:[NodeSelectorTerm
NodeSelectorRequirement|Key:s Operator:s Values:[s
NodeSelectorTerm|MatchExpressions:[NodeSelectorRequirement MatchFields:[NodeSelectorRequirement
ObjectFieldSelector|APIVersion:s FieldPath:s
ObjectReference|Kind:s Namespace:s Name:s UID:s APIVersion:s ResourceVersion:s FieldPath:s
PersistentVolumeClaimSpec|AccessModes:[s Selector:*j Resources:VolumeResourceRequirements VolumeName:s StorageClassName:*s VolumeMode:*s DataSource:*TypedLocalObjectReference DataSourceRef:*TypedObjectReference VolumeAttributesClassName:*s
PersistentVolumeClaimTemplate|+:m Spec:PersistentVolumeClaimSpec
PersistentVolumeClaimVolumeSource|ClaimName:s ReadOnly:b
PersistentVolumeSource|GCEPersistentDisk:*GCEPersistentDiskVolumeSource AWSElasticBlockStore:*AWSElasticBlockStoreVolumeSource HostPath:*HostPathVolumeSource Glusterfs:*GlusterfsPersistentVolumeSource NFS:*NFSVolumeSource RBD:*RBDPersistentVolumeSource Quobyte:*QuobyteVolumeSource ISCSI:*ISCSIPersistentVolumeSource FlexVolume:*FlexPersistentVolumeSource Cinder:*CinderPersistentVolumeSource CephFS:*CephFSPersistentVolumeSource FC:*FCVolumeSource Flocker:*FlockerVolumeSource AzureFile:*AzureFilePersistentVolumeSource VsphereVolume:*VsphereVirtualDiskVolumeSource AzureDisk:*AzureDiskVolumeSource PhotonPersistentDisk:*PhotonPersistentDiskVolumeSource PortworxVolume:*PortworxVolumeSource ScaleIO:*ScaleIOPersistentVolumeSource Local:*LocalVolumeSource StorageOS:*StorageOSPersistentVolumeSource CSI:*CSIPersistentVolumeSource
PersistentVolumeSpec|Capacity:{q +:PersistentVolumeSource AccessModes:[s ClaimRef:*ObjectReference PersistentVolumeReclaimPolicy:s StorageClassName:s MountOptions:[s VolumeMode:*s NodeAffinity:*VolumeNodeAffinity VolumeAttributesClassName:*s
PhotonPersistentDiskVolumeSource|PdID:s FSType:s
PodAffinity|RequiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm PreferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm
PodAffinityTerm|LabelSelector:*j Namespaces:[s TopologyKey:s NamespaceSelector:*j MatchLabelKeys:[s MismatchLabelKeys:[s
PodAntiAffinity|RequiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm PreferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm
PodCertificateProjection|SignerName:s KeyType:s MaxExpirationSeconds:*i CredentialBundlePath:s KeyPath:s CertificateChainPath:s UserAnnotations:{s
PodDNSConfig|Nameservers:[s Searches:[s Options:[PodDNSConfigOption
PodDNSConfigOption|Name:s Value:*s
PodOS|Name:s
PodReadinessGate|ConditionType:s
PodResourceClaim|Name:s ResourceClaimName:*s ResourceClaimTemplateName:*s
PodSchedulingGate|Name:s
PodSchedulingGroup|PodGroupName:*s
PodSecurityContext|HostNetwork:b HostPID:b HostIPC:b ShareProcessNamespace:*b HostUsers:*b SELinuxOptions:*SELinuxOptions WindowsOptions:*WindowsSecurityContextOptions RunAsUser:*i RunAsGroup:*i RunAsNonRoot:*b SupplementalGroups:[i SupplementalGroupsPolicy:*s FSGroup:*i FSGroupChangePolicy:*s Sysctls:[Sysctl SeccompProfile:*SeccompProfile AppArmorProfile:*AppArmorProfile SELinuxChangePolicy:*s
PodSpec|Volumes:[Volume InitContainers:[Container Containers:[Container EphemeralContainers:[EphemeralContainer RestartPolicy:s TerminationGracePeriodSeconds:*i ActiveDeadlineSeconds:*i DNSPolicy:s NodeSelector:{s ServiceAccountName:s AutomountServiceAccountToken:*b NodeName:s SecurityContext:*PodSecurityContext ImagePullSecrets:[LocalObjectReference Hostname:s Subdomain:s SetHostnameAsFQDN:*b Affinity:*Affinity SchedulerName:s Tolerations:[Toleration HostAliases:[HostAlias PriorityClassName:s Priority:*i PreemptionPolicy:*s DNSConfig:*PodDNSConfig ReadinessGates:[PodReadinessGate RuntimeClassName:*s Overhead:{q EnableServiceLinks:*b TopologySpreadConstraints:[TopologySpreadConstraint OS:*PodOS SchedulingGates:[PodSchedulingGate ResourceClaims:[PodResourceClaim Resources:*ResourceRequirements HostnameOverride:*s SchedulingGroup:*PodSchedulingGroup
PodTemplateSpec|+:m Spec:PodSpec
PortworxVolumeSource|VolumeID:s FSType:s ReadOnly:b
PreferredSchedulingTerm|Weight:i Preference:NodeSelectorTerm
Probe|+:ProbeHandler InitialDelaySeconds:i TimeoutSeconds:i PeriodSeconds:i SuccessThreshold:i FailureThreshold:i TerminationGracePeriodSeconds:*i
ProbeHandler|Exec:*ExecAction HTTPGet:*HTTPGetAction TCPSocket:*TCPSocketAction GRPC:*GRPCAction
ProjectedVolumeSource|Sources:[VolumeProjection DefaultMode:*i
QuobyteVolumeSource|Registry:s Volume:s ReadOnly:b User:s Group:s Tenant:s
RBDPersistentVolumeSource|CephMonitors=monitors:[s RBDImage=image:s FSType:s RBDPool=pool:s RadosUser=user:s Keyring:s SecretRef:*SecretReference ReadOnly:b
RBDVolumeSource|CephMonitors=monitors:[s RBDImage=image:s FSType:s RBDPool=pool:s RadosUser=user:s Keyring:s SecretRef:*LocalObjectReference ReadOnly:b
ResourceClaim|Name:s Request:s
ResourceFieldSelector|ContainerName:s Resource:s Divisor:q
ResourceRequirements|Limits:{q Requests:{q Claims:[ResourceClaim
SELinuxOptions|User:s Role:s Type:s Level:s
ScaleIOPersistentVolumeSource|Gateway:s System:s SecretRef:*SecretReference SSLEnabled:b ProtectionDomain:s StoragePool:s StorageMode:s VolumeName:s FSType:s ReadOnly:b
ScaleIOVolumeSource|Gateway:s System:s SecretRef:*LocalObjectReference SSLEnabled:b ProtectionDomain:s StoragePool:s StorageMode:s VolumeName:s FSType:s ReadOnly:b
ScopeSelector|MatchExpressions:[ScopedResourceSelectorRequirement
ScopedResourceSelectorRequirement|ScopeName:s Operator:s Values:[s
SeccompProfile|Type:s LocalhostProfile:*s
SecretEnvSource|+:LocalObjectReference Optional:*b
SecretKeySelector|+:LocalObjectReference Key:s Optional:*b
SecretProjection|+:LocalObjectReference Items:[KeyToPath Optional:*b
SecretReference|Name:s Namespace:s
SecretVolumeSource|SecretName:s Items:[KeyToPath DefaultMode:*i Optional:*b
SecurityContext|Capabilities:*Capabilities Privileged:*b SELinuxOptions:*SELinuxOptions WindowsOptions:*WindowsSecurityContextOptions RunAsUser:*i RunAsGroup:*i RunAsNonRoot:*b ReadOnlyRootFilesystem:*b AllowPrivilegeEscalation:*b ProcMount:*s SeccompProfile:*SeccompProfile AppArmorProfile:*AppArmorProfile
SelectableField|JSONPath:s
ServiceAccountTokenProjection|Audience:s ExpirationSeconds:i Path:s
SleepAction|Seconds:i
StorageOSPersistentVolumeSource|VolumeName:s VolumeNamespace:s FSType:s ReadOnly:b SecretRef:*ObjectReference
StorageOSVolumeSource|VolumeName:s VolumeNamespace:s FSType:s ReadOnly:b SecretRef:*LocalObjectReference
Sysctl|Name:s Value:s
TCPSocketAction|Port:v Host:s
Toleration|Key:s Operator:s Value:s Effect:s TolerationSeconds:*i
TopologySpreadConstraint|MaxSkew:i TopologyKey:s WhenUnsatisfiable:s LabelSelector:*j MinDomains:*i NodeAffinityPolicy:*s NodeTaintsPolicy:*s MatchLabelKeys:[s
TypedLocalObjectReference|APIGroup:*s Kind:s Name:s
TypedObjectReference|APIGroup:*s Kind:s Name:s Namespace:*s
ValidationRule|Rule:s Message:s MessageExpression:s Reason:*s FieldPath:s OptionalOldSelf:*b
Volume|Name:s +:VolumeSource
VolumeDevice|Name:s DevicePath:s
VolumeMount|Name:s ReadOnly:b RecursiveReadOnly:*s MountPath:s SubPath:s MountPropagation:*s SubPathExpr:s
VolumeNodeAffinity|Required:*NodeSelector
VolumeProjection|Secret:*SecretProjection DownwardAPI:*DownwardAPIProjection ConfigMap:*ConfigMapProjection ServiceAccountToken:*ServiceAccountTokenProjection ClusterTrustBundle:*ClusterTrustBundleProjection PodCertificate:*PodCertificateProjection
VolumeResourceRequirements|Limits:{q Requests:{q
VolumeSource|HostPath:*HostPathVolumeSource EmptyDir:*EmptyDirVolumeSource GCEPersistentDisk:*GCEPersistentDiskVolumeSource AWSElasticBlockStore:*AWSElasticBlockStoreVolumeSource GitRepo:*GitRepoVolumeSource Secret:*SecretVolumeSource NFS:*NFSVolumeSource ISCSI:*ISCSIVolumeSource Glusterfs:*GlusterfsVolumeSource PersistentVolumeClaim:*PersistentVolumeClaimVolumeSource RBD:*RBDVolumeSource Quobyte:*QuobyteVolumeSource FlexVolume:*FlexVolumeSource Cinder:*CinderVolumeSource CephFS:*CephFSVolumeSource Flocker:*FlockerVolumeSource DownwardAPI:*DownwardAPIVolumeSource FC:*FCVolumeSource AzureFile:*AzureFileVolumeSource ConfigMap:*ConfigMapVolumeSource VsphereVolume:*VsphereVirtualDiskVolumeSource AzureDisk:*AzureDiskVolumeSource PhotonPersistentDisk:*PhotonPersistentDiskVolumeSource Projected:*ProjectedVolumeSource PortworxVolume:*PortworxVolumeSource ScaleIO:*ScaleIOVolumeSource StorageOS:*StorageOSVolumeSource CSI:*CSIVolumeSource Ephemeral:*EphemeralVolumeSource Image:*ImageVolumeSource
VsphereVirtualDiskVolumeSource|VolumePath:s FSType:s StoragePolicyName:s StoragePolicyID:s
WeightedPodAffinityTerm|Weight:i PodAffinityTerm:PodAffinityTerm
WindowsSecurityContextOptions|GMSACredentialSpecName:*s GMSACredentialSpec:*s RunAsUserName:*s HostProcess:*b
apps_DaemonSetUpdateStrategy|Type:s RollingUpdate:*apps_RollingUpdateDaemonSet
apps_DeploymentStrategy|Type:s RollingUpdate:*apps_RollingUpdateDeployment
apps_RollingUpdateDaemonSet|MaxUnavailable:v MaxSurge:v
apps_RollingUpdateDeployment|MaxUnavailable:v MaxSurge:v
apps_RollingUpdateStatefulSetStrategy|Partition:i MaxUnavailable:*v
apps_StatefulSetUpdateStrategy|Type:s RollingUpdate:*apps_RollingUpdateStatefulSetStrategy
batch_PodFailurePolicy|Rules:[batch_PodFailurePolicyRule
batch_PodFailurePolicyOnExitCodesRequirement|ContainerName:*s Operator:s Values:[i
batch_PodFailurePolicyOnPodConditionsPattern|Type:s Status:s
batch_PodFailurePolicyRule|Action:s OnExitCodes:*batch_PodFailurePolicyOnExitCodesRequirement OnPodConditions:[batch_PodFailurePolicyOnPodConditionsPattern
batch_SuccessPolicy|Rules:[batch_SuccessPolicyRule
batch_SuccessPolicyRule|SucceededIndexes:*s SucceededCount:*i
certificates_CertificateSigningRequestCondition|Type:s Status:s Reason:s Message:s LastUpdateTime:t LastTransitionTime:t
flow_ExemptPriorityLevelConfiguration|NominalConcurrencyShares:*i LendablePercent:*i
flow_FlowDistinguisherMethod|Type:s
flow_FlowSchemaSpec|PriorityLevelConfiguration:flow_Name MatchingPrecedence:i DistinguisherMethod:*flow_FlowDistinguisherMethod Rules:[flow_PolicyRulesWithSubjects
flow_LimitResponse|Type:s Queuing:*flow_QueuingConfiguration
flow_LimitedPriorityLevelConfiguration|NominalConcurrencyShares:i LimitResponse:flow_LimitResponse LendablePercent:*i BorrowingLimitPercent:*i
flow_Name|Name:s
flow_NonResourcePolicyRule|Verbs:[s NonResourceURLs:[s
flow_PolicyRulesWithSubjects|Subjects:[flow_Subject ResourceRules:[flow_ResourcePolicyRule NonResourceRules:[flow_NonResourcePolicyRule
flow_PriorityLevelConfigurationSpec|Type:s Limited:*flow_LimitedPriorityLevelConfiguration Exempt:*flow_ExemptPriorityLevelConfiguration
flow_QueuingConfiguration|Queues:i HandSize:i QueueLengthLimit:i
flow_ResourcePolicyRule|Verbs:[s APIGroups:[s Resources:[s ClusterScope:b Namespaces:[s
flow_ServiceAccountSubject|Namespace:s Name:s
flow_Subject|Kind:s User:*flow_Name Group:*flow_Name ServiceAccount:*flow_ServiceAccountSubject
batch_UncountedTerminatedPods|Succeeded:[s Failed:[s
networking_ParentReference|Group:s Resource:s Namespace:s Name:s
networking_ServiceCIDRSpec|CIDRs:[s
policy_PodDisruptionBudgetSpec|MinAvailable:*v Selector:*j MaxUnavailable:*v UnhealthyPodEvictionPolicy:*s
rbac_RoleRef|APIGroup:s Kind:s Name:s
resource_AllocationResult|Devices:resource_DeviceAllocationResult NodeSelector:*NodeSelector AllocationTimestamp:*t
resource_CELDeviceSelector|Expression:s
resource_CapacityRequirements|Requests:{q
resource_DeviceAllocationConfiguration|Source:s Requests:[s +:resource_DeviceConfiguration
resource_DeviceAllocationResult|Results:[resource_DeviceRequestAllocationResult Config:[resource_DeviceAllocationConfiguration
resource_DeviceAttribute|IntValue:*i BoolValue:*b StringValue:*s VersionValue:*s IntValues:[i BoolValues:[b StringValues:[s VersionValues:[s
resource_DeviceClaim|Requests:[resource_DeviceRequest Constraints:[resource_DeviceConstraint Config:[resource_DeviceClaimConfiguration
resource_DeviceClaimConfiguration|Requests:[s +:resource_DeviceConfiguration
resource_DeviceConfiguration|Opaque:*resource_OpaqueDeviceConfiguration
resource_DeviceConstraint|Requests:[s MatchAttribute:*s DistinctAttribute:*s
resource_DeviceRequest|Name:s Exactly:*resource_ExactDeviceRequest FirstAvailable:[resource_DeviceSubRequest
resource_DeviceRequestAllocationResult|Request:s Driver:s Pool:s Device:s AdminAccess:*b Tolerations:[resource_DeviceToleration BindingConditions:[s BindingFailureConditions:[s ShareID:*s ConsumedCapacity:{q
resource_DeviceSelector|CEL:*resource_CELDeviceSelector
resource_DeviceSubRequest|Name:s DeviceClassName:s Selectors:[resource_DeviceSelector AllocationMode:s Count:i Tolerations:[resource_DeviceToleration Capacity:*resource_CapacityRequirements
resource_DeviceToleration|Key:s Operator:s Value:s Effect:s TolerationSeconds:*i
resource_ExactDeviceRequest|DeviceClassName:s Selectors:[resource_DeviceSelector AllocationMode:s Count:i AdminAccess:*b Tolerations:[resource_DeviceToleration Capacity:*resource_CapacityRequirements
resource_OpaqueDeviceConfiguration|Driver:s Parameters:j
resource_ResourceClaimSpec|Devices:resource_DeviceClaim
resource_ResourceClaimTemplateSpec|+:m Spec:resource_ResourceClaimSpec
storage_CSINodeDriver|Name:s NodeID:s TopologyKeys:[s Allocatable:*storage_VolumeNodeResources
storage_VolumeAttachmentSource|PersistentVolumeName:*s InlineVolumeSpec:*PersistentVolumeSpec
storage_VolumeAttachmentSpec|Attacher:s Source:storage_VolumeAttachmentSource NodeName:s
storage_VolumeNodeResources|Count:*i
`;

/** One field: its name (`+` for an embedded structure) and its form. */
export interface InternalField {
  readonly name: string;
  /** What the API calls it, but for upper and lower case. */
  readonly as: string;
  readonly form: string;
}

/** The fields of an internal structure; empty for an unknown one. */
export function internalFields(type: string): readonly InternalField[] {
  types ??= new Map(
    rows
      .trim()
      .split('\n')
      .map((row) => {
        const [name = '', fields = ''] = row.split('|');
        return [name, fields.split(' ').map(readField)];
      }),
  );
  return types.get(type) ?? [];
}

let types: ReadonlyMap<string, readonly InternalField[]> | undefined;

function readField(text: string): InternalField {
  const [names = '', form = ''] = text.split(':');
  const [name = '', as = name] = names.split('=');
  return { name, as, form };
}
