// What kubeadm leaves on a machine's disk: the kubelet's service and configuration, kubeconfigs, keys and certificates.
// Written when somebody first uses the disk.
import { encodeBase64, encodeUtf8 } from '../base/bytes.ts';
import { type CertificateAuthority, privateKeyPem, publicKeyPem } from '../base/certificate-authority.ts';
import type { FileTree } from '../base/files.ts';
import type { JsonObject } from '../base/json.ts';
import { emitYaml } from '../base/yaml-emit.ts';
import { configPath, dropInPath, flagsPath, kubeconfigPath, unitPath } from './node/services/kubelet-unit.ts';

export interface MachineDisk {
  readonly name: string;
  readonly ips: readonly string[];
  readonly files: FileTree;
  readonly controlPlane: boolean;
  /** `https://…` of the API server. */
  readonly server: string;
  readonly authority: CertificateAuthority;
  /** Where the cluster's certificates are, e.g. `/etc/kubernetes/pki`. */
  readonly directory: string;
  readonly apiServerNames: readonly string[];
  readonly clusterDns: string;
}

/** Writes what is not there yet. */
export function furnishDisk(disk: MachineDisk): void {
  const { files, controlPlane } = disk;
  if (files.exists('/var/lib/kubelet')) return;
  for (const [path, text] of Object.entries(kubeletFiles(disk))) put(files, path, text);
  files.makeDirectory('/etc/kubernetes/manifests', { parents: true });
  for (const program of ['/usr/bin/kubelet', '/usr/bin/containerd'])
    if (!files.exists(program)) put(files, program, '', 0o755);
  const own = { commonName: `system:node:${disk.name}`, organizations: ['system:nodes'] };
  put(files, kubeconfigPath, issued(disk, own), 0o600);
  put(files, `${disk.directory}/ca.crt`, disk.authority.certificate);
  put(files, '/etc/crictl.yaml', 'runtime-endpoint: unix:///run/containerd/containerd.sock\n');
  if (controlPlane) furnishControlPlane(disk);
}

function furnishControlPlane(disk: MachineDisk): void {
  const { files, directory, authority, apiServerNames, ips } = disk;
  put(files, `${directory}/ca.key`, privateKeyPem(authority.key), 0o600);
  const config = (name: string, commonName: string, ...organizations: readonly string[]): void =>
    put(files, `/etc/kubernetes/${name}.conf`, issued(disk, { commonName, organizations }), 0o600);
  config('admin', 'kubernetes-admin', 'kubeadm:cluster-admins');
  put(files, '/root/.kube/config', files.readText('/etc/kubernetes/admin.conf'), 0o600);
  config('super-admin', 'kubernetes-super-admin', 'system:masters');
  config('controller-manager', 'system:kube-controller-manager');
  config('scheduler', 'system:kube-scheduler');
  const pair = (
    name: string,
    commonName: string,
    organizations: readonly string[],
    names?: readonly string[],
  ): void => {
    const made = authority.issueWithKey({
      subject: { commonName, organizations },
      usages: names ? ['server'] : ['client'],
      ...(names && { names }),
      at: authority.origin.since,
    });
    put(files, `${directory}/${name}.crt`, made.certificate);
    put(files, `${directory}/${name}.key`, made.key, 0o600);
  };
  pair('apiserver', 'kube-apiserver', [], [...apiServerNames, disk.name, ...ips]);
  pair('apiserver-kubelet-client', 'kube-apiserver-kubelet-client', ['kubeadm:cluster-admins']);
  pair('apiserver-etcd-client', 'kube-apiserver-etcd-client', []);
  pair('front-proxy-client', 'front-proxy-client', []);
  put(files, `${directory}/front-proxy-ca.crt`, authority.certificate);
  put(files, `${directory}/sa.key`, privateKeyPem(authority.key), 0o600);
  put(files, `${directory}/sa.pub`, publicKeyPem(authority.key), 0o600);
}

/** A kubeconfig with a certificate of its own. */
function issued(
  { authority, server }: MachineDisk,
  subject: { readonly commonName: string; readonly organizations: readonly string[] },
): string {
  const { certificate, key } = authority.issueWithKey({ subject, usages: ['client'], at: authority.origin.since });
  const data = (pem: string): string => encodeBase64(encodeUtf8(pem));
  const user = subject.commonName;
  return emitYaml({
    apiVersion: 'v1',
    clusters: [{ cluster: { 'certificate-authority-data': data(authority.certificate), server }, name: 'kubernetes' }],
    contexts: [{ context: { cluster: 'kubernetes', user }, name: `${user}@kubernetes` }],
    'current-context': `${user}@kubernetes`,
    kind: 'Config',
    users: [{ name: user, user: { 'client-certificate-data': data(certificate), 'client-key-data': data(key) } }],
  });
}

function kubeletFiles({ directory, clusterDns }: MachineDisk): Readonly<Record<string, string>> {
  return {
    [unitPath]: `[Unit]
Description=kubelet: The Kubernetes Node Agent
Documentation=https://kubernetes.io/docs/
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=/usr/bin/kubelet
Restart=always
StartLimitInterval=0
RestartSec=10

[Install]
WantedBy=multi-user.target
`,
    [dropInPath]: `# Note: This dropin only works with kubeadm and kubelet v1.11+
[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=${kubeconfigPath}"
Environment="KUBELET_CONFIG_ARGS=--config=${configPath}"
EnvironmentFile=-${flagsPath}
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
`,
    [flagsPath]: 'KUBELET_KUBEADM_ARGS="--container-runtime-endpoint=unix:///run/containerd/containerd.sock"\n',
    [configPath]: emitYaml(kubeletConfiguration(directory, clusterDns)),
  };
}

function kubeletConfiguration(directory: string, clusterDns: string): JsonObject {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    authentication: {
      anonymous: { enabled: false },
      webhook: { cacheTTL: '0s', enabled: true },
      x509: { clientCAFile: `${directory}/ca.crt` },
    },
    authorization: { mode: 'Webhook', webhook: { cacheAuthorizedTTL: '0s', cacheUnauthorizedTTL: '0s' } },
    cgroupDriver: 'systemd',
    clusterDNS: [clusterDns],
    clusterDomain: 'cluster.local',
    containerRuntimeEndpoint: '',
    cpuManagerReconcilePeriod: '0s',
    evictionPressureTransitionPeriod: '0s',
    fileCheckFrequency: '0s',
    healthzBindAddress: '127.0.0.1',
    healthzPort: 10248,
    httpCheckFrequency: '0s',
    imageMaximumGCAge: '0s',
    imageMinimumGCAge: '0s',
    kind: 'KubeletConfiguration',
    logging: { flushFrequency: 0, options: { json: { infoBufferSize: '0' } }, verbosity: 0 },
    memorySwap: {},
    nodeStatusReportFrequency: '0s',
    nodeStatusUpdateFrequency: '0s',
    rotateCertificates: true,
    runtimeRequestTimeout: '0s',
    shutdownGracePeriod: '0s',
    shutdownGracePeriodCriticalPods: '0s',
    staticPodPath: '/etc/kubernetes/manifests',
    streamingConnectionIdleTimeout: '0s',
    syncFrequency: '0s',
    volumeStatsAggPeriod: '0s',
  };
}

/** What lies there already stays. */
function put(files: FileTree, path: string, text: string, mode = 0o644): void {
  if (!files.exists(path)) files.writeFile(path, text, { parents: true, mode });
}
