// What is wrong with objects of every kind that has rules of its own, one line each.

import type { KindChecks } from '../kind-checks.ts';
import {
  mutatingAdmissionPolicyBindingChecks,
  mutatingAdmissionPolicyChecks,
  mutatingWebhookConfigurationChecks,
  validatingAdmissionPolicyBindingChecks,
  validatingAdmissionPolicyChecks,
  validatingWebhookConfigurationChecks,
} from './admission-policies.ts';
import { apiServiceChecks } from './api-service.ts';
import { certificateSigningRequestChecks } from './certificate-signing-request.ts';
import { configMapChecks } from './config-map.ts';
import {
  csiDriverChecks,
  csiNodeChecks,
  csiStorageCapacityChecks,
  volumeAttachmentChecks,
  volumeAttributesClassChecks,
} from './container-storage.ts';
import { controllerRevisionChecks } from './controller-revision.ts';
import { cronJobChecks } from './cron-job.ts';
import { customResourceDefinitionChecks } from './custom-resource-definition.ts';
import { daemonSetChecks } from './daemon-set.ts';
import { deploymentChecks } from './deployment.ts';
import {
  deviceClassChecks,
  resourceClaimChecks,
  resourceClaimTemplateChecks,
  resourceSliceChecks,
} from './device-claims.ts';
import { endpointSliceChecks } from './endpoint-slice.ts';
import { endpointsChecks } from './endpoints.ts';
import { eventChecks, newerEventChecks } from './event.ts';
import { flowSchemaChecks, priorityLevelConfigurationChecks } from './flow-control.ts';
import { horizontalPodAutoscalerChecks } from './horizontal-pod-autoscaler.ts';
import { ingressChecks } from './ingress.ts';
import { ingressClassChecks } from './ingress-class.ts';
import { jobChecks } from './job.ts';
import { leaseChecks } from './lease.ts';
import { limitRangeChecks } from './limit-range.ts';
import { namespaceChecks } from './namespace.ts';
import { networkPolicyChecks } from './network-policy.ts';
import { nodeChecks } from './node.ts';
import { persistentVolumeChecks } from './persistent-volume.ts';
import { persistentVolumeClaimChecks } from './persistent-volume-claim.ts';
import { podChecks } from './pod.ts';
import { podDisruptionBudgetChecks } from './pod-disruption-budget.ts';
import { podTemplateChecks } from './pod-template.ts';
import { priorityClassChecks } from './priority-class.ts';
import { replicaSetChecks } from './replica-set.ts';
import { replicationControllerChecks } from './replication-controller.ts';
import { resourceQuotaChecks } from './resource-quota.ts';
import { clusterRoleBindingChecks, clusterRoleChecks, roleBindingChecks, roleChecks } from './roles.ts';
import { runtimeClassChecks } from './runtime-class.ts';
import { secretChecks } from './secret.ts';
import { serviceChecks } from './service.ts';
import { serviceAccountChecks } from './service-account.ts';
import { ipAddressChecks, serviceCIDRChecks } from './service-addresses.ts';
import { statefulSetChecks } from './stateful-set.ts';
import { storageClassChecks } from './storage-class.ts';

export const checks: readonly KindChecks[] = [
  mutatingWebhookConfigurationChecks,
  validatingWebhookConfigurationChecks,
  mutatingAdmissionPolicyChecks,
  validatingAdmissionPolicyChecks,
  mutatingAdmissionPolicyBindingChecks,
  validatingAdmissionPolicyBindingChecks,
  apiServiceChecks,
  certificateSigningRequestChecks,
  configMapChecks,
  csiDriverChecks,
  csiNodeChecks,
  csiStorageCapacityChecks,
  volumeAttachmentChecks,
  volumeAttributesClassChecks,
  controllerRevisionChecks,
  cronJobChecks,
  customResourceDefinitionChecks,
  daemonSetChecks,
  deploymentChecks,
  deviceClassChecks,
  resourceClaimChecks,
  resourceClaimTemplateChecks,
  resourceSliceChecks,
  endpointSliceChecks,
  endpointsChecks,
  eventChecks,
  newerEventChecks,
  flowSchemaChecks,
  priorityLevelConfigurationChecks,
  horizontalPodAutoscalerChecks,
  ingressClassChecks,
  ingressChecks,
  jobChecks,
  leaseChecks,
  limitRangeChecks,
  namespaceChecks,
  networkPolicyChecks,
  nodeChecks,
  persistentVolumeClaimChecks,
  persistentVolumeChecks,
  podDisruptionBudgetChecks,
  podTemplateChecks,
  podChecks,
  priorityClassChecks,
  replicaSetChecks,
  replicationControllerChecks,
  resourceQuotaChecks,
  roleChecks,
  clusterRoleChecks,
  roleBindingChecks,
  clusterRoleBindingChecks,
  runtimeClassChecks,
  secretChecks,
  serviceAccountChecks,
  serviceCIDRChecks,
  ipAddressChecks,
  serviceChecks,
  statefulSetChecks,
  storageClassChecks,
];
