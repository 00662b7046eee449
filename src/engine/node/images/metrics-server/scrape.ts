// One round of metrics-server over the kubelets: asks each for /metrics/resource over the network, as its settings say.
import type { Node } from '../../../../api/generated/types.ts';
import { decodeUtf8 } from '../../../../base/bytes.ts';
import { type Dialer, type HttpResponse, httpGet } from '../../../../base/http.ts';
import { readMetrics } from '../../../../base/metrics-text.ts';
import { tlsDialer } from '../../../../base/tls-dialer.ts';
import type { Scope, Stop } from '../../../sim/scope.ts';
import { perform, type Work } from '../../../sim/work.ts';
import type { Settings } from './settings.ts';
import type { Batch, Point } from './usage-points.ts';

export interface ScrapeParts {
  readonly scope: Scope;
  readonly network: Dialer;
  readonly settings: Settings;
  readonly token: string;
  /** PEM of the cluster's authority. */
  readonly authorities: string;
  failed(node: Node, message: string): void;
}

/** Nodes are not asked all at once. */
const delayPerNodeMs = 8;
const delayMaxMs = 4000;
const kubeletPort = 10250;

/** Asks every node; ends when each has answered or not. */
export function* scrape(parts: ScrapeParts, nodes: readonly Node[]): Work<Batch> {
  const { scope } = parts;
  if (nodes.length === 0) return { nodes: new Map(), pods: new Map() };
  const delayMs = Math.min(delayPerNodeMs * nodes.length, delayMaxMs);
  return yield* perform<Batch>((settle) => {
    const batch = { nodes: new Map<string, Point>(), pods: new Map<string, Map<string, Point>>() };
    let left = nodes.length;
    const stops = nodes.map((node) => {
      let stop = scope.schedule(scope.random().below(delayMs), () => {
        stop = ask(parts, node, (text) => {
          if (text !== undefined) read(text, node.metadata?.name ?? '', batch);
          if (--left === 0) settle.value(batch);
        });
      });
      return () => stop();
    });
    return () => {
      for (const stop of stops) stop();
    };
  });
}

/** Calls back once; without a text when there was none. */
function ask(parts: ScrapeParts, node: Node, done: (text: string | undefined) => void): Stop {
  const { scope, settings, network, token } = parts;
  const host = addressOf(node, settings.addressTypes);
  if (host === undefined) {
    parts.failed(node, `no address matched types ${settings.addressTypes.join(', ')}`);
    return scope.schedule(0, () => done(undefined));
  }
  const ownPort = node.status?.daemonEndpoints?.kubeletEndpoint?.Port || kubeletPort;
  const port = settings.usesNodePort ? ownPort : settings.kubeletPort;
  const path = '/metrics/resource';
  const get = `Get "https://${host}:${port}${path}"`;
  const fail = (why: string): void => {
    stopTimer();
    parts.failed(node, why);
    done(undefined);
  };
  const authorities = settings.insecure ? undefined : parts.authorities;
  const dialer = tlsDialer(network, { serverName: host, authorities, now: () => scope.now });
  const stopAsking = httpGet(
    dialer,
    { host, port, path, quiet: true, headers: { Authorization: `Bearer ${token}`, 'User-Agent': settings.userAgent } },
    {
      failed: (message) => fail(`${get}: ${dialText(message, `${host}:${port}`)}`),
      response({ status, statusText, body }: HttpResponse) {
        if (status !== 200) return fail(`request failed, status: "${status} ${statusText}"`);
        stopTimer();
        done(decodeUtf8(body));
      },
    },
  );
  const stopTimer = scope.schedule(settings.requestTimeoutMs, () => {
    stopAsking();
    fail(`${get}: context deadline exceeded`);
  });
  return () => {
    stopTimer();
    stopAsking();
  };
}

function dialText(message: string, address: string): string {
  return message.startsWith('connect:') || message === 'i/o timeout' ? `dial tcp ${address}: ${message}` : message;
}

function addressOf({ status }: Node, types: readonly string[]): string | undefined {
  for (const type of types) {
    const found = status?.addresses?.find((address) => address.type === type);
    if (found) return found.address;
  }
  return undefined;
}

type Draft = { -readonly [Field in keyof Point]?: Point[Field] };

/** Series by name: which field of which measurement they are. */
const containerFields: Readonly<Record<string, 'cpuSeconds' | 'memoryBytes' | 'startedAt'>> = {
  container_cpu_usage_seconds_total: 'cpuSeconds',
  container_memory_working_set_bytes: 'memoryBytes',
  container_start_time_seconds: 'startedAt',
};
const nodeFields: Readonly<Record<string, 'cpuSeconds' | 'memoryBytes'>> = {
  node_cpu_usage_seconds_total: 'cpuSeconds',
  node_memory_working_set_bytes: 'memoryBytes',
};

function read(
  text: string,
  nodeName: string,
  into: { readonly nodes: Map<string, Point>; readonly pods: Map<string, Map<string, Point>> },
): void {
  const node: Draft = {};
  const containers = new Map<string, { readonly pod: string; readonly name: string; readonly draft: Draft }>();
  for (const { name, labels = '', value, at } of readMetrics(text)) {
    const own = Object.hasOwn(nodeFields, name) ? nodeFields[name] : undefined;
    const field = Object.hasOwn(containerFields, name) ? containerFields[name] : undefined;
    if (own) Object.assign(node, { [own]: value, at });
    if (!field) continue;
    const known = containers.get(labels) ?? { pod: podOf(labels), name: labelOf(labels, 'container'), draft: {} };
    containers.set(labels, known);
    known.draft[field] = field === 'startedAt' ? value * 1000 : value;
    if (at !== undefined) known.draft.at = at;
  }
  const whole = pointOf({ startedAt: 0, ...node });
  if (whole) into.nodes.set(nodeName, whole);
  for (const { pod, name, draft } of containers.values()) {
    const point = pointOf(draft);
    if (!point) continue;
    const points = into.pods.get(pod) ?? new Map<string, Point>();
    into.pods.set(pod, points.set(name, point));
  }
}

/** Whole, or nothing. */
function pointOf({ startedAt, at, cpuSeconds, memoryBytes }: Draft): Point | undefined {
  if (startedAt === undefined || at === undefined || !cpuSeconds || !memoryBytes) return undefined;
  return { startedAt, at, cpuSeconds, memoryBytes };
}

function podOf(labels: string): string {
  return `${labelOf(labels, 'namespace')}/${labelOf(labels, 'pod')}`;
}

function labelOf(labels: string, name: string): string {
  return new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
}
