// What upstream calls the controllers of its manager and their work queues.

interface ControllerFacts {
  /** As --controllers and health checks name it. */
  readonly name: string;
  readonly queue: string;
}

/** By the name of the controller here: `name queue` of each. */
const table = `
certificatesigningrequest-signing-controller: certificatesigningrequest-signing-controller certificate
clusterrole-aggregation-controller: clusterrole-aggregation-controller ClusterRoleAggregator
cronjob-controller: cronjob-controller cronjob
daemon-set-controller: daemonset-controller daemonset
deployment-controller: deployment-controller deployment
disruption-controller: disruption-controller disruption
endpoint-controller: endpoints-controller endpoint
endpointslice-controller: endpointslice-controller endpoint_slice
endpointslicemirroring-controller: endpointslice-mirroring-controller endpoint_slice_mirroring
ephemeral-volume-controller: ephemeral-volume-controller ephemeral_volume
generic-garbage-collector: garbage-collector-controller garbage_collector_attempt_to_delete
horizontal-pod-autoscaler: horizontal-pod-autoscaler-controller horizontalpodautoscaler
job-controller: job-controller job
namespace-controller: namespace-controller namespace
node-ipam-controller: node-ipam-controller cidrallocator_node
node-lifecycle-controller: node-lifecycle-controller node_lifecycle_controller
persistent-volume-binder: persistentvolume-binder-controller claims
pod-garbage-collector: pod-garbage-collector-controller orphaned_pods_nodes
pv-protection-controller: persistentvolume-protection-controller pvprotection
pvc-protection-controller: persistentvolumeclaim-protection-controller pvcprotection
replicaset-controller: replicaset-controller replicaset
replication-controller: replicationcontroller-controller replicationmanager
resource-claim-controller: resourceclaim-controller resource_claim
resourcequota-controller: resourcequota-controller resourcequota_primary
root-ca-cert-publisher: root-ca-certificate-publisher-controller root_ca_cert_publisher
service-account-controller: serviceaccount-controller serviceaccount
serviceaccount-token-controller: serviceaccount-token-controller serviceaccount_tokens_service
service-controller: service-lb-controller service
statefulset-controller: statefulset-controller statefulset
taint-eviction-controller: taint-eviction-controller noexec_taint_pod
ttl-after-finished-controller: ttl-after-finished-controller ttl_jobs_to_delete
ttl-controller: ttl-controller ttlcontroller
validatingadmissionpolicy-status-controller: validatingadmissionpolicy-status-controller validatingadmissionpolicy-status
volumeattributesclass-protection-controller: volumeattributesclass-protection-controller vacprotection
`;

const facts: ReadonlyMap<string, ControllerFacts> = new Map(
  table
    .trim()
    .split('\n')
    .map((line): readonly [string, ControllerFacts] => {
      const [own = '', upstream = ''] = line.split(': ');
      const [name = '', queue = ''] = upstream.split(' ');
      return [own, { name, queue }];
    }),
);

export function controllerFacts(controller: string): ControllerFacts | undefined {
  return facts.get(controller);
}
