// /configz: the configurations that a controller manager and a scheduler run with, their flags included.
import type { JsonObject, JsonValue } from '../../base/json.ts';
import type { Flags } from '../flags/component-flags.ts';

/** What /configz answers. */
export function configurationOf(name: 'kube-controller-manager' | 'kube-scheduler', flags: Flags): JsonObject {
  return name === 'kube-scheduler'
    ? { componentconfig: schedulerConfiguration(flags) }
    : { 'kubecontrollermanager.config.k8s.io': managerConfiguration(flags) };
}

function managerConfiguration(flags: Flags): JsonObject {
  const text = (flag: string, missing: string): string => flags.get(flag) ?? missing;
  const is = (flag: string, missing: boolean): boolean => (flags.has(flag) ? flags.get(flag) !== 'false' : missing);
  return {
    kind: 'KubeControllerManagerConfiguration',
    apiVersion: 'kubecontrollermanager.config.k8s.io/v1alpha1',
    Generic: {
      Port: 0,
      Address: '0.0.0.0',
      MinResyncPeriod: '12h0m0s',
      ClientConnection: {
        kubeconfig: text('kubeconfig', ''),
        acceptContentTypes: '',
        contentType: 'application/vnd.kubernetes.protobuf',
        qps: 20,
        burst: 30,
      },
      ControllerStartInterval: '0s',
      LeaderElection: {
        leaderElect: is('leader-elect', true),
        leaseDuration: '15s',
        renewDeadline: '10s',
        retryPeriod: '2s',
        resourceLock: 'leases',
        resourceName: 'kube-controller-manager',
        resourceNamespace: 'kube-system',
      },
      Controllers: text('controllers', '*').split(','),
      Debugging: { enableProfiling: true, enableContentionProfiling: false },
      LeaderMigrationEnabled: false,
      LeaderMigration: { leaderName: '', resourceLock: '', controllerLeaders: null },
    },
    KubeCloudShared: {
      CloudProvider: { Name: '', CloudConfigFile: '' },
      ExternalCloudVolumePlugin: '',
      UseServiceAccountCredentials: is('use-service-account-credentials', false),
      AllowUntaggedCloud: false,
      RouteReconciliationPeriod: '10s',
      NodeMonitorPeriod: '5s',
      ClusterName: text('cluster-name', 'kubernetes'),
      ClusterCIDR: text('cluster-cidr', ''),
      AllocateNodeCIDRs: is('allocate-node-cidrs', false),
      CIDRAllocatorType: 'RangeAllocator',
      ConfigureCloudRoutes: true,
      NodeSyncPeriod: '0s',
    },
    ...controllers,
    ...configuredControllers(text),
  };
}

function configuredControllers(text: (flag: string, missing: string) => string): JsonObject {
  return {
    NodeIPAMController: {
      ServiceCIDR: text('service-cluster-ip-range', ''),
      SecondaryServiceCIDR: '',
      NodeCIDRMaskSize: 0,
      NodeCIDRMaskSizeIPv4: 0,
      NodeCIDRMaskSizeIPv6: 0,
    },
    NodeLifecycleController: {
      NodeEvictionRate: 0.1,
      SecondaryNodeEvictionRate: 0.01,
      NodeStartupGracePeriod: '1m0s',
      NodeMonitorGracePeriod: text('node-monitor-grace-period', '50s'),
      PodEvictionTimeout: '0s',
      LargeClusterSizeThreshold: 50,
      UnhealthyZoneThreshold: 0.55,
    },
    SAController: {
      ServiceAccountKeyFile: text('service-account-private-key-file', ''),
      ConcurrentSATokenSyncs: 5,
      RootCAFile: text('root-ca-file', ''),
    },
  };
}

/** Those whose settings no flag here changes. */
const controllers: Readonly<Record<string, JsonValue>> = {
  AttachDetachController: {
    DisableAttachDetachReconcilerSync: false,
    ReconcilerSyncLoopPeriod: '1m0s',
    disableForceDetachOnTimeout: false,
  },
  CSRSigningController: {
    ClusterSigningCertFile: '',
    ClusterSigningKeyFile: '',
    KubeletServingSignerConfiguration: { CertFile: '', KeyFile: '' },
    KubeletClientSignerConfiguration: { CertFile: '', KeyFile: '' },
    KubeAPIServerClientSignerConfiguration: { CertFile: '', KeyFile: '' },
    LegacyUnknownSignerConfiguration: { CertFile: '', KeyFile: '' },
    ClusterSigningDuration: '8760h0m0s',
  },
  DaemonSetController: { ConcurrentDaemonSetSyncs: 2 },
  DeploymentController: { ConcurrentDeploymentSyncs: 5 },
  StatefulSetController: { ConcurrentStatefulSetSyncs: 5 },
  DeprecatedController: {},
  EndpointController: { ConcurrentEndpointSyncs: 5, EndpointUpdatesBatchPeriod: '0s' },
  EndpointSliceController: {
    ConcurrentServiceEndpointSyncs: 5,
    MaxEndpointsPerSlice: 100,
    EndpointUpdatesBatchPeriod: '0s',
  },
  EndpointSliceMirroringController: {
    MirroringConcurrentServiceEndpointSyncs: 5,
    MirroringMaxEndpointsPerSubset: 1000,
    MirroringEndpointUpdatesBatchPeriod: '0s',
  },
  EphemeralVolumeController: { ConcurrentEphemeralVolumeSyncs: 5 },
  GarbageCollectorController: {
    EnableGarbageCollector: true,
    ConcurrentGCSyncs: 20,
    GCIgnoredResources: [
      { Group: '', Resource: 'events' },
      { Group: 'events.k8s.io', Resource: 'events' },
    ],
  },
  HPAController: {
    ConcurrentHorizontalPodAutoscalerSyncs: 5,
    HorizontalPodAutoscalerSyncPeriod: '15s',
    HorizontalPodAutoscalerDownscaleStabilizationWindow: '5m0s',
    HorizontalPodAutoscalerTolerance: 0.1,
    HorizontalPodAutoscalerCPUInitializationPeriod: '5m0s',
    HorizontalPodAutoscalerInitialReadinessDelay: '30s',
  },
  JobController: { ConcurrentJobSyncs: 5 },
  CronJobController: { ConcurrentCronJobSyncs: 5 },
  LegacySATokenCleaner: { CleanUpPeriod: '8760h0m0s' },
  NamespaceController: { NamespaceSyncPeriod: '5m0s', ConcurrentNamespaceSyncs: 10 },
  PersistentVolumeBinderController: {
    PVClaimBinderSyncPeriod: '15s',
    VolumeConfiguration: {
      EnableHostPathProvisioning: false,
      EnableDynamicProvisioning: true,
      PersistentVolumeRecyclerConfiguration: {
        MaximumRetry: 3,
        MinimumTimeoutNFS: 300,
        PodTemplateFilePathNFS: '',
        IncrementTimeoutNFS: 30,
        PodTemplateFilePathHostPath: '',
        MinimumTimeoutHostPath: 60,
        IncrementTimeoutHostPath: 30,
      },
      FlexVolumePluginDir: '/usr/libexec/kubernetes/kubelet-plugins/volume/exec/',
    },
  },
  PodGCController: { TerminatedPodGCThreshold: 12500 },
  ReplicaSetController: { ConcurrentRSSyncs: 5 },
  ReplicationController: { ConcurrentRCSyncs: 5 },
  ResourceQuotaController: { ResourceQuotaSyncPeriod: '5m0s', ConcurrentResourceQuotaSyncs: 5 },
  ServiceController: { ConcurrentServiceSyncs: 1 },
  TTLAfterFinishedController: { ConcurrentTTLSyncs: 5 },
  ValidatingAdmissionPolicyStatusController: { ConcurrentPolicySyncs: 5 },
  DeviceTaintEvictionController: { ConcurrentSyncs: 8 },
  ResourceClaimController: { ConcurrentSyncs: 50 },
};

const profiles: JsonValue = [
  {
    schedulerName: 'default-scheduler',
    plugins: {
      preEnqueue: {},
      queueSort: {},
      preFilter: {},
      filter: {},
      postFilter: {},
      preScore: {},
      score: {},
      reserve: {},
      permit: {},
      preBind: {},
      bind: {},
      postBind: {},
      multiPoint: {
        enabled: [
          { name: 'SchedulingGates', weight: 0 },
          { name: 'PrioritySort', weight: 0 },
          { name: 'NodeUnschedulable', weight: 0 },
          { name: 'NodeName', weight: 0 },
          { name: 'TaintToleration', weight: 3 },
          { name: 'NodeAffinity', weight: 2 },
          { name: 'NodePorts', weight: 0 },
          { name: 'NodeResourcesFit', weight: 1 },
          { name: 'VolumeRestrictions', weight: 0 },
          { name: 'NodeVolumeLimits', weight: 0 },
          { name: 'VolumeBinding', weight: 0 },
          { name: 'VolumeZone', weight: 0 },
          { name: 'PodTopologySpread', weight: 2 },
          { name: 'InterPodAffinity', weight: 2 },
          { name: 'DynamicResources', weight: 2 },
          { name: 'DefaultPreemption', weight: 0 },
          { name: 'NodeResourcesBalancedAllocation', weight: 1 },
          { name: 'ImageLocality', weight: 1 },
          { name: 'DefaultBinder', weight: 0 },
          { name: 'NodeDeclaredFeatures', weight: 0 },
        ],
      },
      placementGenerate: {},
      placementScore: {},
    },
    pluginConfig: [
      {
        name: 'DefaultPreemption',
        args: {
          kind: 'DefaultPreemptionArgs',
          apiVersion: 'kubescheduler.config.k8s.io/v1',
          minCandidateNodesPercentage: 10,
          minCandidateNodesAbsolute: 100,
        },
      },
      {
        name: 'DynamicResources',
        args: {
          kind: 'DynamicResourcesArgs',
          apiVersion: 'kubescheduler.config.k8s.io/v1',
          filterTimeout: '10s',
          bindingTimeout: '10m0s',
        },
      },
      {
        name: 'InterPodAffinity',
        args: {
          kind: 'InterPodAffinityArgs',
          apiVersion: 'kubescheduler.config.k8s.io/v1',
          hardPodAffinityWeight: 1,
          ignorePreferredTermsOfExistingPods: false,
        },
      },
      { name: 'NodeAffinity', args: { kind: 'NodeAffinityArgs', apiVersion: 'kubescheduler.config.k8s.io/v1' } },
      {
        name: 'NodeResourcesBalancedAllocation',
        args: {
          kind: 'NodeResourcesBalancedAllocationArgs',
          apiVersion: 'kubescheduler.config.k8s.io/v1',
          resources: [
            { name: 'cpu', weight: 1 },
            { name: 'memory', weight: 1 },
          ],
        },
      },
      {
        name: 'NodeResourcesFit',
        args: {
          kind: 'NodeResourcesFitArgs',
          apiVersion: 'kubescheduler.config.k8s.io/v1',
          scoringStrategy: {
            type: 'LeastAllocated',
            resources: [
              { name: 'cpu', weight: 1 },
              { name: 'memory', weight: 1 },
            ],
          },
        },
      },
      {
        name: 'PodTopologySpread',
        args: { kind: 'PodTopologySpreadArgs', apiVersion: 'kubescheduler.config.k8s.io/v1', defaultingType: 'System' },
      },
      {
        name: 'VolumeBinding',
        args: { kind: 'VolumeBindingArgs', apiVersion: 'kubescheduler.config.k8s.io/v1', bindTimeoutSeconds: 600 },
      },
    ],
  },
];

function schedulerConfiguration(flags: Flags): JsonObject {
  return {
    kind: 'KubeSchedulerConfiguration',
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    parallelism: 16,
    leaderElection: {
      leaderElect: flags.get('leader-elect') !== 'false',
      leaseDuration: '15s',
      renewDeadline: '10s',
      retryPeriod: '2s',
      resourceLock: 'leases',
      resourceName: 'kube-scheduler',
      resourceNamespace: 'kube-system',
    },
    clientConnection: {
      kubeconfig: flags.get('kubeconfig') ?? '',
      acceptContentTypes: '',
      contentType: 'application/vnd.kubernetes.protobuf',
      qps: 50,
      burst: 100,
    },
    enableProfiling: true,
    enableContentionProfiling: true,
    percentageOfNodesToScore: 0,
    podInitialBackoffSeconds: 1,
    podMaxBackoffSeconds: 10,
    profiles,
  };
}
