// The controllers of the controller manager: one line each, in the order in which they start.
import type { ControllerDefinition } from '../client/controller.ts';
import { horizontalPodAutoscalerController } from './autoscaling/horizontal-pod-autoscaler-controller.ts';
import { cronJobController } from './cronjob/cronjob-controller.ts';
import { daemonSetController } from './daemonset/daemonset-controller.ts';
import { deploymentController } from './deployment/deployment-controller.ts';
import { resourceClaimController } from './devices/resource-claim-controller.ts';
import { endpointsController } from './endpoints/endpoints-controller.ts';
import { endpointSliceController } from './endpoints/endpointslice-controller.ts';
import { endpointSliceMirroringController } from './endpoints/endpointslice-mirroring-controller.ts';
import { serviceCidrController } from './endpoints/service-cidr-controller.ts';
import { garbageCollector } from './garbage-collector/garbage-collector.ts';
import { csrSigningController } from './identity/csr-signing-controller.ts';
import { rootCaCertPublisher } from './identity/root-ca-cert-publisher.ts';
import { serviceAccountController } from './identity/serviceaccount-controller.ts';
import { tokenController } from './identity/token-controller.ts';
import { jobController } from './job/job-controller.ts';
import { ttlAfterFinishedController } from './job/ttl-after-finished-controller.ts';
import { namespaceController } from './namespace/namespace-controller.ts';
import { nodeIpamController } from './node/node-ipam-controller.ts';
import { nodeLifecycleController } from './node/node-lifecycle-controller.ts';
import { nodeTtlController } from './node/node-ttl-controller.ts';
import { podGcController } from './node/pod-gc-controller.ts';
import { taintEvictionController } from './node/taint-eviction-controller.ts';
import { admissionPolicyStatusController } from './policy/admission-policy-status-controller.ts';
import { disruptionController } from './policy/disruption-controller.ts';
import { resourceQuotaController } from './policy/resource-quota-controller.ts';
import { clusterRoleAggregationController } from './rbac/clusterrole-aggregation-controller.ts';
import { replicaSetController } from './replicaset/replicaset-controller.ts';
import { replicationControllerController } from './replicaset/replicationcontroller-controller.ts';
import { statefulSetController } from './statefulset/statefulset-controller.ts';
import { attributesClassProtectionController } from './volume/attributes-class-protection.ts';
import { ephemeralVolumeController } from './volume/ephemeral-volume-controller.ts';
import { persistentVolumeBinder } from './volume/persistent-volume-binder.ts';
import { claimProtectionController, volumeProtectionController } from './volume/volume-protection.ts';

export const controllers: readonly ControllerDefinition[] = [
  serviceAccountController,
  rootCaCertPublisher,
  tokenController,
  csrSigningController,
  endpointsController,
  endpointSliceController,
  endpointSliceMirroringController,
  serviceCidrController,
  replicationControllerController,
  replicaSetController,
  deploymentController,
  daemonSetController,
  jobController,
  cronJobController,
  horizontalPodAutoscalerController,
  ttlAfterFinishedController,
  disruptionController,
  resourceQuotaController,
  clusterRoleAggregationController,
  admissionPolicyStatusController,
  statefulSetController,
  namespaceController,
  garbageCollector,
  nodeIpamController,
  nodeLifecycleController,
  nodeTtlController,
  taintEvictionController,
  podGcController,
  persistentVolumeBinder,
  claimProtectionController,
  volumeProtectionController,
  attributesClassProtectionController,
  ephemeralVolumeController,
  resourceClaimController,
];
