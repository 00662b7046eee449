// What the API server passes on to a node's kubelet: logs, exec, attach, port-forward.
import type { Pod } from '../../api/generated/types.ts';
import type { ContainerTarget, KubeletApi, LogOptions, OutputSink } from '../../api/kubelet.ts';
import type { ApiRequest, UserInfo } from '../../api/request.ts';
import { badRequest, internalError, methodNotSupported } from '../../api/status.ts';
import { decodeUtf8, encodeUtf8 } from '../../base/bytes.ts';
import { flagAt, listAt, textAt, textsAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { parseTime } from '../../base/time.ts';
import type { Stop } from '../sim/scope.ts';
import type { ApiCore } from './api-core.ts';
import type { ChannelInput, ChannelSink } from './channels.ts';
import { connectionOptions } from './connection-admission.ts';
import type { HttpSink } from './http-sink.ts';
import { asJson } from './json-edge.ts';
import type { RequestMemory } from './request-memory.ts';
import { flag, type ResourceRoute, type Target } from './router.ts';

export interface Reach {
  readonly api: ApiCore;
  kubelets(node: string): KubeletApi | undefined;
}

/** Serves `pods/log`; undefined for everything that is no stream. */
export function openStream(
  reach: Reach,
  asked: {
    readonly route: ResourceRoute;
    readonly target: Target;
    readonly request: ApiRequest;
    readonly sink: HttpSink;
  },
): Stop | undefined {
  const { route, target, request, sink } = asked;
  if (route.resource !== 'pods' || route.group !== '' || !route.subresource) return undefined;
  if (route.subresource === 'log') return openLog(reach, target, request, sink);
  if (!['exec', 'attach', 'portforward'].includes(route.subresource)) return undefined;
  reach.api.perform({ ...request, verb: 'get', subresource: undefined }, () => {});
  throw badRequest('Upgrade request required');
}

function openLog(reach: Reach, { query }: Target, request: ApiRequest, sink: HttpSink): Stop {
  const pod = podOf(reach, request);
  const container = chooseContainer(pod, query.get('container')?.[0], request);
  const kubelet = kubeletOf(reach, pod);
  const options = logOptions(query);
  if (!kubelet) {
    sink.head(200, { 'content-type': 'text/plain' });
    sink.end();
    return () => {};
  }
  let started = false;
  const start = (): void => {
    if (started) return;
    started = true;
    sink.head(200, { 'content-type': 'text/plain', 'cache-control': 'no-cache, private' });
  };
  const input = kubelet.logs(targetOf(pod, container), options, {
    refused(error) {
      sink.head(error.code, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
      sink.body({ kind: 'json', value: asJson(error.status) });
      sink.end();
    },
    output(_channel, bytes) {
      start();
      sink.body({ kind: 'bytes', bytes });
    },
    end() {
      start();
      sink.end();
    },
  });
  return () => input.close();
}

function logOptions(query: Target['query']): LogOptions {
  const number = (name: string): number | undefined => {
    const text = query.get(name)?.[0];
    return text ? Number(text) : undefined;
  };
  const stream = query.get('stream')?.[0];
  return {
    follow: flag(query, 'follow'),
    previous: flag(query, 'previous'),
    timestamps: flag(query, 'timestamps'),
    tailLines: number('tailLines'),
    limitBytes: number('limitBytes'),
    sinceSeconds: number('sinceSeconds'),
    sinceTime: parseTime(query.get('sinceTime')?.[0] ?? ''),
    stream: stream === 'Stdout' || stream === 'Stderr' ? stream : 'All',
  };
}

export interface Upgrade {
  readonly route: ResourceRoute;
  readonly target: Target;
  readonly user: UserInfo;
  readonly sink: ChannelSink;
  readonly memory: RequestMemory;
}

/** Opens exec, attach or port-forward. Throws ApiError; AnswersNeeded where a webhook is yet to answer. */
export function openChannels(reach: Reach, { route, target, user, sink, memory }: Upgrade): ChannelInput {
  const { authorizer, registry } = reach.api;
  const { group, version, namespace, name, subresource } = route;
  const about = { group, version, resource: 'pods', subresource, namespace, name } as const;
  const call: ApiRequest = { ...about, verb: 'create', user, userAgent: '' };
  authorizer.check(call);
  const resource = registry.find(group, version, 'pods');
  const asked = resource && connectionOptions(resource, route, target);
  if (!asked) throw methodNotSupported({ group: '', resource: `pods/${subresource}` }, 'connect');
  const admitted = reach.api.admitConnection(call, asked, { memory, warn() {} });
  const pod = podOf(reach, call);
  if (subresource === 'portforward') return openForward(reach, pod, admitted, sink);
  if (subresource !== 'exec' && subresource !== 'attach')
    throw methodNotSupported({ group: '', resource: `pods/${subresource}` }, 'connect');
  const container = chooseContainer(pod, textAt(admitted, 'container'), call);
  return openProcess(reach, { pod, container, subresource, admitted }, sink);
}

interface ProcessTarget {
  readonly pod: Pod;
  readonly container: string;
  readonly subresource: 'exec' | 'attach';
  /** The options that admission let pass. */
  readonly admitted: JsonObject;
}

function openProcess(
  reach: Reach,
  { pod, container, subresource, admitted }: ProcessTarget,
  sink: ChannelSink,
): ChannelInput {
  const kubelet = requireKubelet(reach, pod);
  const options = {
    command: textsAt(admitted, 'command'),
    stdin: flagAt(admitted, 'stdin'),
    stdout: flagAt(admitted, 'stdout'),
    stderr: flagAt(admitted, 'stderr'),
    tty: flagAt(admitted, 'tty'),
  };
  const output = channelOutput(sink);
  const opened = subresource === 'exec' ? kubelet.exec : kubelet.attach;
  const input = opened.call(kubelet, targetOf(pod, container), options, output);
  output.begun();
  return {
    write(channel, bytes) {
      if (channel !== 4) input.input(channel, bytes);
      else resize(input, decodeUtf8(bytes));
    },
    closeChannel: (channel) => input.inputEnded(channel),
    close: () => input.close(),
  };
}

function resize(input: { resize(columns: number, rows: number): void }, text: string): void {
  const match = /"Width":(\d+),"Height":(\d+)/.exec(text);
  if (match) input.resize(Number(match[1]), Number(match[2]));
}

/** Accepts unless refused at once; ends with a Status on channel 3, as the protocol wants it. */
function channelOutput(sink: ChannelSink): OutputSink & { begun(): void } {
  let started = false;
  let over = false;
  const start = (): void => {
    if (!started && !over) sink.accepted();
    started = true;
  };
  return {
    begun: start,
    refused(error) {
      if (!started && !error.status.reason) {
        over = true;
        sink.refused(error.code, { kind: 'json', value: asJson(error.status) });
        return;
      }
      // What the runtime says after the upgrade comes as a Status in words of both kubelet and runtime.
      start();
      over = true;
      const message = `Internal error occurred: ${error.message}`;
      sink.data(3, encodeUtf8(JSON.stringify({ ...error.status, message })));
      sink.end();
    },
    output(channel, bytes) {
      start();
      sink.data(channel, bytes);
    },
    end(exitCode = 0) {
      start();
      sink.data(3, encodeUtf8(JSON.stringify(exitStatus(exitCode))));
      sink.end();
    },
  };
}

function exitStatus(exitCode: number): object {
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}

function openForward(reach: Reach, pod: Pod, admitted: JsonObject, sink: ChannelSink): ChannelInput {
  if (pod.status?.phase !== 'Running')
    throw internalError(`unable to forward port because pod is not running. Current status=${pod.status?.phase}`);
  const kubelet = requireKubelet(reach, pod);
  const ports = listAt(admitted, 'ports').map(Number);
  sink.accepted();
  const open = new Set(ports.keys());
  const input = kubelet.portForward(targetOf(pod, ''), ports, {
    refused(error) {
      sink.data(1, encodeUtf8(error.message));
      sink.end();
    },
    output: (index, bytes) => sink.data(index * 2, bytes),
    portEnded(index, error) {
      if (error) sink.data(index * 2 + 1, encodeUtf8(error));
      if (open.delete(index) && open.size === 0) sink.end();
    },
    end: () => sink.end(),
  });
  return {
    write: (channel, bytes) => input.input(channel >> 1, bytes),
    closeChannel: (channel) => input.inputEnded(channel >> 1),
    close: () => input.close(),
  };
}

function podOf({ api }: Reach, request: ApiRequest): Pod {
  if (request.subresource) api.authorizer.check(request);
  return api.lookup('pods', request.namespace, request.name ?? '') as Pod; // edge: an object of the pods resource
}

/** The container asked for, the annotated default, or the first; upstream refuses a name that is not there. */
function chooseContainer(pod: Pod, asked: string | undefined, { name = '' }: ApiRequest): string {
  const spec = pod.spec;
  const all = [...(spec?.containers ?? []), ...(spec?.initContainers ?? []), ...(spec?.ephemeralContainers ?? [])];
  if (asked) {
    if (all.some((container) => container.name === asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${name}`);
  }
  const [first, ...others] = spec?.containers ?? [];
  const preferred = pod.metadata?.annotations?.['kubectl.kubernetes.io/default-container'];
  if (preferred && all.some((container) => container.name === preferred)) return preferred;
  if (others.length === 0 && !spec?.initContainers?.length) return first?.name ?? '';
  const names = (spec?.containers ?? []).map((container) => container.name).join(' ');
  const init = (spec?.initContainers ?? []).map((container) => container.name).join(' ');
  const also = init ? ` or one of the init containers: [${init}]` : '';
  throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names}]${also}`);
}

function kubeletOf({ kubelets }: Reach, pod: Pod): KubeletApi | undefined {
  const node = pod.spec?.nodeName;
  return node ? kubelets(node) : undefined;
}

function requireKubelet(reach: Reach, pod: Pod): KubeletApi {
  const { name } = pod.metadata ?? {};
  const node = pod.spec?.nodeName;
  if (!node) throw badRequest(`pod ${name} does not have a host assigned`);
  const kubelet = reach.kubelets(node);
  if (!kubelet) throw internalError(`error dialing backend: dial tcp: lookup ${node}: connect: connection refused`);
  return kubelet;
}

function targetOf({ metadata }: Pod, container: string): ContainerTarget {
  return { namespace: metadata?.namespace ?? '', pod: metadata?.name ?? '', uid: metadata?.uid, container };
}
