// The flags of a controller manager and a scheduler as /flagz tells them: what they are where no command line says so.

/** `name=value` a line: what both have. */
const shared = `
allow-metric-labels=[]
allow-metric-labels-manifest=
authentication-kubeconfig=
authentication-skip-lookup=false
authentication-token-webhook-cache-ttl=10s
authorization-always-allow-paths=[/healthz,/readyz,/livez]
authorization-kubeconfig=
authorization-webhook-cache-authorized-ttl=10s
authorization-webhook-cache-unauthorized-ttl=10s
bind-address=0.0.0.0
cert-dir=
client-ca-file=
disable-http2-serving=false
disabled-metrics=[]
emulated-version=[]
feature-gates=
http2-max-streams-per-connection=0
kube-api-content-type=application/vnd.kubernetes.protobuf
kubeconfig=
leader-elect=true
leader-elect-lease-duration=15s
leader-elect-renew-deadline=10s
leader-elect-resource-lock=leases
leader-elect-resource-namespace=kube-system
leader-elect-retry-period=2s
log-flush-frequency=5s
log-text-info-buffer-size=0
log-text-split-stream=false
logging-format=text
master=
min-compatibility-version=[]
permit-address-sharing=false
permit-port-sharing=false
profiling=true
requestheader-allowed-names=[]
requestheader-client-ca-file=
requestheader-extra-headers-prefix=[x-remote-extra-]
requestheader-group-headers=[x-remote-group]
requestheader-uid-headers=[]
requestheader-username-headers=[x-remote-user]
show-hidden-metrics-for-version=
tls-cert-file=
tls-cipher-suites=[]
tls-curve-preferences=[]
tls-min-version=
tls-private-key-file=
tls-sni-cert-key=[]
v=0
vmodule=
`;

const controllerManager = `
allocate-node-cidrs=false
allow-untagged-cloud=false
attach-detach-reconcile-sync-period=1m0s
authentication-tolerate-lookup-failure=false
cidr-allocator-type=RangeAllocator
cloud-config=
cloud-provider=
cluster-cidr=
cluster-name=kubernetes
cluster-signing-cert-file=
cluster-signing-duration=8760h0m0s
cluster-signing-key-file=
cluster-signing-kube-apiserver-client-cert-file=
cluster-signing-kube-apiserver-client-key-file=
cluster-signing-kubelet-client-cert-file=
cluster-signing-kubelet-client-key-file=
cluster-signing-kubelet-serving-cert-file=
cluster-signing-kubelet-serving-key-file=
cluster-signing-legacy-unknown-cert-file=
cluster-signing-legacy-unknown-key-file=
concurrent-cron-job-syncs=5
concurrent-daemonset-syncs=2
concurrent-deployment-syncs=5
concurrent-device-taint-eviction-syncs=8
concurrent-endpoint-syncs=5
concurrent-ephemeralvolume-syncs=5
concurrent-gc-syncs=20
concurrent-horizontal-pod-autoscaler-syncs=5
concurrent-job-syncs=5
concurrent-namespace-syncs=10
concurrent-rc-syncs=5
concurrent-replicaset-syncs=5
concurrent-resource-quota-syncs=5
concurrent-resourceclaim-syncs=50
concurrent-service-endpoint-syncs=5
concurrent-service-syncs=1
concurrent-serviceaccount-token-syncs=5
concurrent-statefulset-syncs=5
concurrent-ttl-after-finished-syncs=5
concurrent-validating-admission-policy-status-syncs=5
configure-cloud-routes=true
contention-profiling=false
controller-shutdown-timeout=10s
controller-start-interval=0s
controllers=[*]
disable-attach-detach-reconcile-sync=false
disable-force-detach-on-timeout=false
enable-dynamic-provisioning=true
enable-garbage-collector=true
enable-hostpath-provisioner=false
enable-leader-migration=false
endpoint-updates-batch-period=0s
endpointslice-updates-batch-period=0s
external-cloud-volume-plugin=
flex-volume-plugin-dir=/usr/libexec/kubernetes/kubelet-plugins/volume/exec/
horizontal-pod-autoscaler-cpu-initialization-period=5m0s
horizontal-pod-autoscaler-downscale-stabilization=5m0s
horizontal-pod-autoscaler-initial-readiness-delay=30s
horizontal-pod-autoscaler-sync-period=15s
horizontal-pod-autoscaler-tolerance=0.1
kube-api-burst=30
kube-api-qps=20
large-cluster-size-threshold=50
leader-elect-resource-name=kube-controller-manager
leader-migration-config=
legacy-service-account-token-clean-up-period=8760h0m0s
max-endpoints-per-slice=100
min-resync-period=12h0m0s
mirroring-concurrent-service-endpoint-syncs=5
mirroring-endpointslice-updates-batch-period=0s
mirroring-max-endpoints-per-subset=1000
namespace-sync-period=5m0s
node-cidr-mask-size=0
node-cidr-mask-size-ipv4=0
node-cidr-mask-size-ipv6=0
node-eviction-rate=0.1
node-monitor-grace-period=50s
node-monitor-period=5s
node-startup-grace-period=1m0s
node-sync-period=0s
pv-recycler-increment-timeout-nfs=30
pv-recycler-minimum-timeout-hostpath=60
pv-recycler-minimum-timeout-nfs=300
pv-recycler-pod-template-filepath-hostpath=
pv-recycler-pod-template-filepath-nfs=
pv-recycler-timeout-increment-hostpath=30
pvclaimbinder-sync-period=15s
resource-quota-sync-period=5m0s
root-ca-file=
route-reconciliation-period=10s
secondary-node-eviction-rate=0.01
secure-port=10257
service-account-private-key-file=
service-cluster-ip-range=
terminated-pod-gc-threshold=12500
unhealthy-zone-threshold=0.55
use-service-account-credentials=false
`;

const scheduler = `
authentication-tolerate-lookup-failure=true
config=
contention-profiling=true
kube-api-burst=100
kube-api-qps=50
leader-elect-resource-name=kube-scheduler
pod-max-in-unschedulable-pods-duration=5m0s
secure-port=10259
write-config-to=
`;

/** The flags of a component by their names: those of its command line, else their defaults. */
export function allFlags(
  name: 'kube-controller-manager' | 'kube-scheduler',
  given: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const own = name === 'kube-scheduler' ? scheduler : controllerManager;
  const defaults = [...shared.trim().split('\n'), ...own.trim().split('\n')].map((line): readonly [string, string] => {
    const mark = line.indexOf('=');
    return [line.slice(0, mark), line.slice(mark + 1)];
  });
  const kinds = new Map(defaults);
  const told = [...given].map(([flag, value]): readonly [string, string] => [
    flag,
    kinds.get(flag)?.startsWith('[') ? `[${value}]` : value,
  ]);
  return new Map([...defaults, ...told]);
}
