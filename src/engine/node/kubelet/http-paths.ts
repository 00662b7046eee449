// What a kubelet answers over HTTP beside its streams: what runs, what it logged, how it is.
import type { KubeletAnswer } from '../../../api/kubelet.ts';
import { concatBytes, decodeUtf8 } from '../../../base/bytes.ts';
import { FileError, type FileTree } from '../../../base/files.ts';
import type { Runtime, RuntimePod } from '../runtime/runtime.ts';
import type { Kubelet } from './kubelet.ts';
import { measure, type SystemUsage } from './measurements.ts';
import { cadvisorText, resourceText, summary } from './usage-documents.ts';

export interface HttpPathParts {
  readonly runtime: Runtime;
  readonly node: string;
  readonly files: FileTree;
  readonly kubelet: Kubelet;
  readonly bootedAt: number;
  /** What runs on the machine beside its pods. */
  readonly system: SystemUsage;
  readonly memoryBytes: number;
  readonly now: number;
}

/** `path` without its query. */
export function kubeletAnswer(parts: HttpPathParts, path: string): KubeletAnswer {
  if (path === '/logs' || path.startsWith('/logs/')) return logFile(parts.files, path.slice('/logs'.length));
  if (path.startsWith('/containerLogs/')) return containerLog(parts, path.split('/').slice(2));
  const answer = Object.hasOwn(answers, path) ? answers[path] : undefined;
  return answer?.(parts) ?? notFound;
}

const notFound: KubeletAnswer = { status: 404, body: '404 page not found\n' };

const answers: Readonly<Record<string, (parts: HttpPathParts) => KubeletAnswer>> = {
  '/healthz': () => ({ status: 200, body: 'ok' }),
  '/healthz/ping': () => ({ status: 200, body: 'ok' }),
  '/healthz/log': () => ({ status: 200, body: 'ok' }),
  '/healthz/syncloop': () => ({ status: 200, body: 'ok' }),
  '/pods': podList,
  '/pods/': podList,
  '/runningpods/': runningPods,
  '/stats/summary': (parts) => ({ status: 200, body: summary(measure(parts)) }),
  '/configz': () => ({ status: 200, body: { kubeletconfig: configuration } }),
  '/metrics': metrics,
  '/metrics/resource': (parts) => ({ status: 200, body: resourceText(measure(parts)), type: metricsType }),
  '/metrics/cadvisor': (parts) => ({ status: 200, body: cadvisorText(measure(parts)), type: metricsType }),
};

const metricsType = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores';

/** The part of a KubeletConfiguration that this kubelet goes by. */
const configuration = {
  kind: 'KubeletConfiguration',
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  staticPodPath: '/etc/kubernetes/manifests',
  clusterDomain: 'cluster.local',
  maxPods: 110,
};

function podList({ kubelet }: HttpPathParts): KubeletAnswer {
  const items = JSON.parse(JSON.stringify(kubelet.listPods()));
  return { status: 200, body: { kind: 'PodList', apiVersion: 'v1', metadata: {}, items } };
}

function runningPods({ runtime }: HttpPathParts): KubeletAnswer {
  const items = [...runtime.pods.values()].map((pod) => ({
    metadata: { name: pod.name, namespace: pod.namespace, uid: pod.uid, creationTimestamp: null },
    spec: { containers: running(pod).map(({ name }) => ({ name, resources: {} })) },
    status: {},
  }));
  return { status: 200, body: { kind: 'PodList', apiVersion: 'v1', metadata: {}, items } };
}

function metrics({ runtime, kubelet }: HttpPathParts): KubeletAnswer {
  const pods = [...runtime.pods.values()];
  const states = new Map<string, number>();
  for (const { state } of pods.flatMap(({ containers }) => containers)) states.set(state, (states.get(state) ?? 0) + 1);
  const body = [
    '# HELP kubelet_desired_pods [ALPHA] Pods that this kubelet was told to run.',
    '# TYPE kubelet_desired_pods gauge',
    `kubelet_desired_pods{static=""} ${kubelet.listPods().length}`,
    '# HELP kubelet_running_containers [ALPHA] Containers, by state.',
    '# TYPE kubelet_running_containers gauge',
    ...[...states].sort().map(([state, count]) => `kubelet_running_containers{container_state="${state}"} ${count}`),
    '# HELP kubelet_running_pods [ALPHA] Pods that have a sandbox.',
    '# TYPE kubelet_running_pods gauge',
    `kubelet_running_pods ${pods.length}`,
    '',
  ].join('\n');
  return { status: 200, body, type: metricsType };
}

function running({ containers }: RuntimePod): RuntimePod['containers'] {
  return containers.filter(({ state }) => state === 'running');
}

/** /containerLogs/NAMESPACE/POD/CONTAINER: all that the newest instance wrote. */
function containerLog({ runtime }: HttpPathParts, [namespace, name, container]: readonly string[]): KubeletAnswer {
  const pod = [...runtime.pods.values()].find((one) => one.namespace === namespace && one.name === name);
  if (!pod) return { status: 404, body: `pod ${JSON.stringify(name)} does not exist\n` };
  const found = pod.containers.findLast((one) => one.name === container);
  if (!found)
    return { status: 404, body: `container ${JSON.stringify(container)} not found in pod ${JSON.stringify(name)}\n` };
  const lines = found.log.select({ follow: false, previous: false, timestamps: false }, 0);
  return { status: 200, body: decodeUtf8(concatBytes(lines.map(({ bytes }) => bytes))), type: 'text/plain' };
}

/** The machine's /var/log, as Go's file server shows it. */
function logFile(files: FileTree, path: string): KubeletAnswer {
  try {
    const at = `/var/log${path}`;
    if (files.stat(at).kind !== 'directory') return { status: 200, body: files.readText(at) };
    const names = files.list(at).map((name) => (files.stat(`${at}/${name}`).kind === 'directory' ? `${name}/` : name));
    const links = names.map((name) => `<a href="${encodeURIComponent(name).replace(/%2F/g, '/')}">${name}</a>\n`);
    return { status: 200, body: `<pre>\n${links.join('')}</pre>\n`, type: 'text/html; charset=utf-8' };
  } catch (error) {
    if (error instanceof FileError) return notFound;
    throw error;
  }
}
