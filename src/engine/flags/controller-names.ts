// --controllers: which of the controller manager's controllers run, by upstream's names and those of old.
import { aggregateText } from '../../api/field-error.ts';
import { quote } from '../../base/go/quote.ts';
import { ConfigurationError } from '../apiserver/configuration/config-file.ts';

const known = new Set(
  `
serviceaccount-token-controller endpoints-controller endpointslice-controller endpointslice-mirroring-controller
replicationcontroller-controller pod-garbage-collector-controller resourcequota-controller namespace-controller
serviceaccount-controller garbage-collector-controller daemonset-controller job-controller deployment-controller
replicaset-controller horizontal-pod-autoscaler-controller disruption-controller statefulset-controller
cronjob-controller certificatesigningrequest-signing-controller certificatesigningrequest-approving-controller
certificatesigningrequest-cleaner-controller podcertificaterequest-cleaner-controller ttl-controller
bootstrap-signer-controller token-cleaner-controller node-ipam-controller node-lifecycle-controller
taint-eviction-controller device-taint-eviction-controller persistentvolume-binder-controller
persistentvolume-attach-detach-controller persistentvolume-expander-controller clusterrole-aggregation-controller
persistentvolumeclaim-protection-controller persistentvolume-protection-controller ttl-after-finished-controller
podgroup-protection-controller root-ca-certificate-publisher-controller
kube-apiserver-serving-clustertrustbundle-publisher-controller ephemeral-volume-controller
storageversion-garbage-collector-controller resourceclaim-controller legacy-serviceaccount-token-cleaner-controller
validatingadmissionpolicy-status-controller volumeattributesclass-protection-controller service-cidr-controller
storage-version-migrator-controller selinux-warning-controller resourcepoolstatusrequest-controller
`
    .trim()
    .split(/\s+/),
);

/** Names of old, which count as well. */
const aliases: Readonly<Record<string, string>> = {
  attachdetach: 'persistentvolume-attach-detach-controller',
  bootstrapsigner: 'bootstrap-signer-controller',
  'clusterrole-aggregation': 'clusterrole-aggregation-controller',
  cronjob: 'cronjob-controller',
  csrapproving: 'certificatesigningrequest-approving-controller',
  csrcleaner: 'certificatesigningrequest-cleaner-controller',
  csrsigning: 'certificatesigningrequest-signing-controller',
  daemonset: 'daemonset-controller',
  deployment: 'deployment-controller',
  disruption: 'disruption-controller',
  endpoint: 'endpoints-controller',
  endpointslice: 'endpointslice-controller',
  endpointslicemirroring: 'endpointslice-mirroring-controller',
  'ephemeral-volume': 'ephemeral-volume-controller',
  garbagecollector: 'garbage-collector-controller',
  horizontalpodautoscaling: 'horizontal-pod-autoscaler-controller',
  job: 'job-controller',
  namespace: 'namespace-controller',
  nodeipam: 'node-ipam-controller',
  nodelifecycle: 'node-lifecycle-controller',
  'persistentvolume-binder': 'persistentvolume-binder-controller',
  'persistentvolume-expander': 'persistentvolume-expander-controller',
  podgc: 'pod-garbage-collector-controller',
  'pv-protection': 'persistentvolume-protection-controller',
  'pvc-protection': 'persistentvolumeclaim-protection-controller',
  replicaset: 'replicaset-controller',
  replicationcontroller: 'replicationcontroller-controller',
  resourcequota: 'resourcequota-controller',
  'root-ca-cert-publisher': 'root-ca-certificate-publisher-controller',
  serviceaccount: 'serviceaccount-controller',
  'serviceaccount-token': 'serviceaccount-token-controller',
  statefulset: 'statefulset-controller',
  tokencleaner: 'token-cleaner-controller',
  ttl: 'ttl-controller',
  'ttl-after-finished': 'ttl-after-finished-controller',
};

/** Controllers whose name in the manager is another than that of their client and their account. */
const clients: Readonly<Record<string, string>> = {
  'daemon-set-controller': 'daemonset-controller',
  'endpoint-controller': 'endpoints-controller',
  'endpointslicemirroring-controller': 'endpointslice-mirroring-controller',
  'generic-garbage-collector': 'garbage-collector-controller',
  'horizontal-pod-autoscaler': 'horizontal-pod-autoscaler-controller',
  'persistent-volume-binder': 'persistentvolume-binder-controller',
  'pod-garbage-collector': 'pod-garbage-collector-controller',
  'pv-protection-controller': 'persistentvolume-protection-controller',
  'pvc-protection-controller': 'persistentvolumeclaim-protection-controller',
  'replication-controller': 'replicationcontroller-controller',
  'root-ca-cert-publisher': 'root-ca-certificate-publisher-controller',
  'service-account-controller': 'serviceaccount-controller',
};

/** Whether a controller runs: `*` stands for all, `-NAME` for not that one. Throws ConfigurationError. */
export function controllerChoice(given: readonly string[]): (client: string) => boolean {
  const names = given.map((name) => (name.startsWith('-') ? `-${fullName(name.slice(1))}` : fullName(name)));
  const unknown = names.map((name) => name.replace(/^-/, '')).filter((name) => name !== '*' && !known.has(name));
  if (unknown.length > 0)
    throw new ConfigurationError(
      aggregateText(unknown.map((name) => `${quote(name)} is not in the list of known controllers`)),
    );
  return (client) => {
    const name = Object.hasOwn(clients, client) ? (clients[client] ?? client) : client;
    return !names.includes(`-${name}`) && (names.includes('*') || names.includes(name));
  };
}

function fullName(name: string): string {
  return Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name;
}
