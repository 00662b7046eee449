// What a kubelet answers over HTTP beside its streams: what runs, what it logged, how it is.
import type { KubeletAnswer } from '../../../api/kubelet.ts';
import { concatBytes, decodeUtf8 } from '../../../base/bytes.ts';
import { FileError, type FileTree } from '../../../base/files.ts';
import { late } from '../../../base/late.ts';
import { metricsType } from '../../../base/metrics-text.ts';
import type { RuntimePod } from '../runtime/runtime.ts';
import type { HttpPathParts } from './http-path-parts.ts';
import { measure } from './measurements.ts';
import { resourceText, summary } from './usage-documents.ts';

const pageCode = late('what a kubelet tells of itself', () => import('./kubelet-pages.ts'));

/** `query` without its question mark. */
export function kubeletAnswer(parts: HttpPathParts, path: string, query = ''): KubeletAnswer {
  if (path === '/logs' || path.startsWith('/logs/')) return logFile(parts.files, path.slice('/logs'.length));
  if (path.startsWith('/containerLogs/')) return containerLog(parts, path.split('/').slice(2));
  const answer = Object.hasOwn(answers, path) ? answers[path] : undefined;
  if (answer) return answer(parts);
  return healthOf(path, query) ?? pageCode().kubeletPage(parts, path) ?? notFound;
}

const notFound: KubeletAnswer = { status: 404, body: '404 page not found\n' };

const answers: Readonly<Record<string, (parts: HttpPathParts) => KubeletAnswer>> = {
  '/pods': podList,
  '/pods/': podList,
  '/runningpods/': runningPods,
  '/stats/summary': (parts) => ({ status: 200, body: summary(measure(parts)) }),
  '/metrics/resource': (parts) => ({ status: 200, body: resourceText(measure(parts)), type: metricsType() }),
};

const checks = ['ping', 'log', 'syncloop'];

function healthOf(path: string, query: string): KubeletAnswer | undefined {
  if (path === '/healthz') {
    if (!/(^|&)verbose\b/.test(query)) return { status: 200, body: 'ok' };
    return { status: 200, body: `${checks.map((check) => `[+]${check} ok\n`).join('')}healthz check passed\n` };
  }
  return checks.some((check) => path === `/healthz/${check}`) ? { status: 200, body: 'ok' } : undefined;
}

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
