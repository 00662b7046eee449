// The kubelet's service on a machine: what systemd's unit and the files that it names say, and what is wrong with them.
//
//   10-kubeadm.conf ─ ExecStart ─▶ /usr/bin/kubelet --config=/var/lib/kubelet/config.yaml --kubeconfig=/etc/kubernetes/kubelet.conf
//                                                      └▶ clientCAFile, staticPodPath, maxPods …        └▶ server
import { yaml } from '../../../api/late-yaml.ts';
import { type FileTree, normalizePath } from '../../../base/files.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';

/** What of the kubelet's configuration counts here. */
export interface KubeletSettings {
  readonly staticPodPath: string | undefined;
  readonly maxPods: number;
  readonly clusterDns: string | undefined;
  readonly evictionHard: Readonly<Record<string, string>>;
  /** `https://…` of the kubeconfig; undefined: the cluster's own. */
  readonly server: string | undefined;
  /** Fields that were changed and have no effect here. */
  readonly ignored: readonly string[];
}

/** Why it does not start. */
export interface KubeletProblem {
  /** Its exit status: 1 of its own, 203 when there is no such program. */
  readonly status: number;
  readonly text: string;
}

export const unitPath = '/usr/lib/systemd/system/kubelet.service';
export const dropInPath = '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf';
export const flagsPath = '/var/lib/kubelet/kubeadm-flags.env';
export const configPath = '/var/lib/kubelet/config.yaml';
export const kubeconfigPath = '/etc/kubernetes/kubelet.conf';

export const defaultEvictionHard: KubeletSettings['evictionHard'] = {
  'imagefs.available': '15%',
  'imagefs.inodesFree': '5%',
  'memory.available': '100Mi',
  'nodefs.available': '10%',
  'nodefs.inodesFree': '5%',
};

/** Of a machine whose disk nobody has looked at. */
export const defaultSettings: KubeletSettings = {
  staticPodPath: '/etc/kubernetes/manifests',
  maxPods: 110,
  clusterDns: undefined,
  evictionHard: defaultEvictionHard,
  server: undefined,
  ignored: [],
};

/** `unit`: the drop-in's text as systemd has read it last. */
export function kubeletSettings(files: FileTree, unit: string): KubeletSettings | KubeletProblem {
  const words = commandOf(unit, files);
  const [program = ''] = words;
  if (!files.exists(program)) return { status: 203, text: program };
  const flags = new Map(
    words
      .slice(1)
      .map((word) => /^--?([^=]+)=?(.*)$/s.exec(word))
      .map((m) => [m?.[1], m?.[2]]),
  );
  const unknown = [...flags.keys()].find((name) => name !== undefined && !knownFlags.has(name));
  if (unknown !== undefined) return failed(`failed to parse kubelet flag: unknown flag: --${unknown}`);
  const path = flags.get('config') ?? '';
  const document = path === '' ? {} : readDocument(files, path);
  if (typeof document === 'string')
    return failed(`failed to load kubelet config file, path: ${path}, error: ${document}`);
  const missing = clientAuthority(files, document);
  if (missing !== undefined) return failed(missing);
  const kubeconfig = flags.get('kubeconfig') ?? kubeconfigPath;
  if (!files.exists(kubeconfig) && !files.exists('/etc/kubernetes/bootstrap-kubelet.conf'))
    return failed(
      `failed to run Kubelet: unable to load bootstrap kubeconfig: stat /etc/kubernetes/bootstrap-kubelet.conf: no such file or directory`,
    );
  return settingsOf(document, serverIn(files, kubeconfig));
}

const knownFlags = new Set([
  ...['config', 'kubeconfig', 'bootstrap-kubeconfig', 'container-runtime-endpoint', 'pod-infra-container-image'],
  ...['hostname-override', 'node-ip', 'cgroup-driver', 'v', 'node-labels', 'fail-swap-on', 'cert-dir', 'root-dir'],
  ...['register-with-taints', 'cloud-provider', 'max-pods', 'runtime-request-timeout'],
]);

function failed(text: string): KubeletProblem {
  return { status: 1, text };
}

/** ExecStart's words with the unit's variables in them. */
function commandOf(unit: string, files: FileTree): readonly string[] {
  const variables = new Map<string, string>();
  for (const [, text = ''] of unit.matchAll(/^Environment="?(.*?)"?$/gm)) set(variables, text);
  for (const [, path = ''] of unit.matchAll(/^EnvironmentFile=-?(.*)$/gm))
    if (files.exists(path)) for (const line of files.readText(path).split('\n')) set(variables, line);
  const command = [...unit.matchAll(/^ExecStart=(.+)$/gm)].at(-1)?.[1] ?? '/usr/bin/kubelet';
  return command
    .replace(/\$\{?(\w+)\}?/g, (_, name: string) => variables.get(name) ?? '')
    .split(/\s+/)
    .filter((word) => word !== '');
}

function set(variables: Map<string, string>, text: string): void {
  const [, name, value] = /^(\w+)="?(.*?)"?$/.exec(text.trim()) ?? [];
  if (name !== undefined && value !== undefined) variables.set(name, value);
}

/** The configuration, or what is wrong with it. */
function readDocument(files: FileTree, path: string): JsonObject | string {
  const of = `failed to load Kubelet config file ${path}, error `;
  if (!files.exists(path))
    return `${of}failed to read kubelet config file "${path}", error: open ${path}: no such file or directory`;
  const { value, problem } = yaml().parseYaml(files.readText(path));
  if (problem !== undefined) return `${of}couldn't get version/kind; json parse error: ${problem}`;
  if (!isObject(value) || typeof value.kind !== 'string') return `${of}couldn't get version/kind; json parse error`;
  if (value.kind !== 'KubeletConfiguration' || value.apiVersion !== 'kubelet.config.k8s.io/v1beta1')
    return `${of}no kind ${JSON.stringify(value.kind)} is registered for version ${JSON.stringify(value.apiVersion ?? '')} in scheme "pkg/kubelet/apis/config/scheme/scheme.go:33"`;
  return value;
}

function clientAuthority(files: FileTree, document: JsonObject): string | undefined {
  const path = textAt(document, 'authentication', 'x509', 'clientCAFile');
  if (path === undefined || files.exists(path)) return undefined;
  return `failed to construct kubelet dependencies: unable to load client CA file ${path}: open ${path}: no such file or directory`;
}

function serverIn(files: FileTree, path: string): string | undefined {
  if (!files.exists(path)) return undefined;
  return /^\s*server:\s*(\S+)/m.exec(files.readText(normalizePath(path)))?.[1];
}

/** Fields that count, and those that kubeadm writes and that are as they are here. */
const writtenByKubeadm = new Set([
  ...['apiVersion', 'kind', 'authentication', 'authorization', 'cgroupDriver', 'clusterDNS', 'clusterDomain'],
  ...['containerRuntimeEndpoint', 'cpuManagerReconcilePeriod', 'evictionPressureTransitionPeriod', 'evictionHard'],
  ...['fileCheckFrequency', 'healthzBindAddress', 'healthzPort', 'httpCheckFrequency', 'imageMaximumGCAge'],
  ...['imageMinimumGCAge', 'logging', 'maxPods', 'memorySwap', 'nodeStatusReportFrequency', 'staticPodPath'],
  ...['nodeStatusUpdateFrequency', 'resolvConf', 'rotateCertificates', 'runtimeRequestTimeout', 'syncFrequency'],
  ...['shutdownGracePeriod', 'shutdownGracePeriodCriticalPods', 'streamingConnectionIdleTimeout', 'hairpinMode'],
  ...['volumeStatsAggPeriod', 'crashLoopBackOff', 'failSwapOn', 'imageGCHighThresholdPercent'],
]);

function settingsOf(document: JsonObject, server: string | undefined): KubeletSettings {
  const { staticPodPath, maxPods, clusterDNS, evictionHard } = document;
  return {
    staticPodPath: typeof staticPodPath === 'string' && staticPodPath !== '' ? staticPodPath : undefined,
    maxPods: typeof maxPods === 'number' && maxPods > 0 ? maxPods : 110,
    clusterDns: isList(clusterDNS) && typeof clusterDNS[0] === 'string' ? clusterDNS[0] : undefined,
    evictionHard: isObject(evictionHard) ? texts(evictionHard) : defaultEvictionHard,
    server,
    ignored: Object.keys(document).filter((name) => !writtenByKubeadm.has(name)),
  };
}

function texts(object: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, String(value)]));
}

function textAt(object: JsonObject, ...path: readonly string[]): string | undefined {
  let value: JsonValue | undefined = object;
  for (const name of path) value = isObject(value) ? value[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
