// What a kubelet serves to the API server: logs, exec, attach and port-forward of its pods.
import type {
  ContainerTarget,
  InputHandle,
  KubeletAnswer,
  KubeletApi,
  LogOptions,
  OutputSink,
  StreamOptions,
} from '../../../api/kubelet.ts';
import type { Socket } from '../../../api/network.ts';
import type { HostedHandle } from '../../../api/program.ts';
import { apiError, badRequest, internalError, notFound } from '../../../api/status.ts';
import type { Scope } from '../../sim/scope.ts';
import type { Container } from '../runtime/container.ts';
import { formatLine, inStream, type LogLine } from '../runtime/container-log.ts';
import { startExec } from '../runtime/exec.ts';
import type { Runtime, RuntimePod } from '../runtime/runtime.ts';
import type { HttpPathParts } from './http-path-parts.ts';
import { kubeletAnswer } from './http-paths.ts';
import type { Kubelet } from './kubelet.ts';

export interface StreamParts {
  readonly scope: Scope;
  readonly runtime: Runtime;
  /** The machine that it all runs on. */
  readonly machine: Pick<
    HttpPathParts,
    'node' | 'files' | 'bootedAt' | 'system' | 'memoryBytes' | 'cores' | 'meter' | 'server'
  >;
  /** Undefined while no kubelet runs. */
  kubelet(): Kubelet | undefined;
}

const nothing: InputHandle = { input() {}, inputEnded() {}, resize() {}, close() {} };

export function kubeletStreams(parts: StreamParts): KubeletApi {
  return {
    logs: (target, options, sink) => logs(parts, target, options, sink),
    exec: (target, options, sink) => exec(parts, target, options, sink),
    attach: (target, options, sink) => attach(parts, target, options, sink),
    portForward: (target, ports, sink) => portForward(parts, target, ports, sink),
    get: (path) => get(parts, path),
  };
}

function podOf({ runtime, kubelet }: StreamParts, { namespace, pod }: ContainerTarget): RuntimePod | undefined {
  const uid = kubelet()?.podOf(namespace, pod)?.memory.uid;
  return uid === undefined ? undefined : runtime.pods.get(uid);
}

function instances(parts: StreamParts, target: ContainerTarget): readonly Container[] {
  const all = podOf(parts, target)?.containers ?? [];
  return target.container === '' ? all : all.filter(({ name }) => name === target.container);
}

function logs(parts: StreamParts, target: ContainerTarget, options: LogOptions, sink: OutputSink): InputHandle {
  const found = instances(parts, target);
  const newest = found.at(-1);
  const wanted = options.previous
    ? found.findLast((one) => one !== newest || (one.state === 'exited' && waitsToRestart(parts, target)))
    : newest;
  if (!wanted) {
    sink.refused(badRequest(missingLog(parts, target, options)));
    return nothing;
  }
  let left = options.limitBytes ?? Number.POSITIVE_INFINITY;
  const send = (line: LogLine): void => {
    const bytes = formatLine(line, options).subarray(0, left);
    left -= bytes.length;
    if (bytes.length > 0) sink.output(1, bytes);
  };
  for (const line of wanted.log.select(options, parts.scope.now)) send(line);
  if (!options.follow || wanted.log.ended || left <= 0) {
    sink.end();
    return nothing;
  }
  const stop = wanted.log.follow(
    (line) => {
      if (inStream(line, options)) send(line);
    },
    () => sink.end(),
  );
  return { ...nothing, close: stop };
}

/** An ended container that is to run again: its log is the previous one already. */
function waitsToRestart({ kubelet }: StreamParts, { namespace, pod, container }: ContainerTarget): boolean {
  const worker = kubelet()?.podOf(namespace, pod);
  return worker !== undefined && (container === '' || worker.memory.failures.has(container));
}

function missingLog(parts: StreamParts, target: ContainerTarget, { previous }: LogOptions): string {
  const { container, pod, namespace } = target;
  if (previous) return `previous terminated container "${container}" in pod "${pod}" not found`;
  const worker = parts.kubelet()?.podOf(namespace, pod);
  const failure = worker?.memory.failures.get(container);
  const init = (worker?.memory.pod.spec?.initContainers?.length ?? 0) > 0;
  const reason = failure?.reason ?? (init ? 'PodInitializing' : 'ContainerCreating');
  const pulling = reason === 'ErrImagePull' || reason === 'ImagePullBackOff';
  const why = pulling
    ? 'trying and failing to pull image'
    : reason === 'ErrImageNeverPull'
      ? "image can't be pulled"
      : reason;
  return `container "${container}" in pod "${pod}" is waiting to start: ${why}`;
}

/** Refused before the connection is upgraded: plain text, without a reason. */
function refuse(sink: OutputSink, message: string): InputHandle {
  sink.refused(apiError({ code: 500, reason: '', message }));
  return nothing;
}

function running(parts: StreamParts, target: ContainerTarget): Container | undefined {
  const newest = instances(parts, target).at(-1);
  return newest?.state === 'running' ? newest : undefined;
}

function exec(parts: StreamParts, target: ContainerTarget, options: StreamOptions, sink: OutputSink): InputHandle {
  const container = running(parts, target);
  if (!container) return refuse(sink, `container not found ("${target.container}")`);
  let over = false;
  const finish = (code: number): void => {
    if (over) return;
    over = true;
    stopWaiting();
    sink.end(code);
  };
  const stopWaiting = container.onExit(() => finish(137));
  const fail = (problem: string): void => {
    over = true;
    stopWaiting();
    sink.refused(internalError(`error executing command in container: ${problem}`));
  };
  const terminal = options.tty ? { columns: 80, rows: 24 } : undefined;
  const started = startExec(
    container,
    { argv: options.command, stdin: options.stdin, terminal },
    {
      output: (stream, bytes) => {
        if (!over) sink.output(stream, bytes);
      },
      exited: finish,
      failed: (error) => fail(error.message),
    },
  );
  if ('problem' in started) {
    parts.scope.schedule(0, () => fail(started.problem)); // told over the connection, which stands by then
    return nothing;
  }
  return handleOf(started, () => {
    over = true;
    started.signal('SIGHUP');
  });
}

function handleOf(handle: HostedHandle, close: () => void): InputHandle {
  return {
    input: (_, bytes) => handle.input(bytes),
    inputEnded: () => handle.inputEnded(),
    resize: (columns, rows) => handle.resize(columns, rows),
    close,
  };
}

function attach(parts: StreamParts, target: ContainerTarget, options: StreamOptions, sink: OutputSink): InputHandle {
  const container = running(parts, target);
  if (!container) return refuse(sink, `container not found ("${target.container}")`);
  const stop = container.log.follow(
    ({ stream, bytes }) => sink.output(options.tty ? 1 : stream, bytes),
    () => sink.end(0), // a runtime tells who attaches nothing of how the container ended
  );
  return {
    input: (_, bytes) => container.input(bytes),
    inputEnded: () => container.inputEnded(),
    resize: (columns, rows) => container.resize(columns, rows),
    close: stop,
  };
}

function portForward(
  parts: StreamParts,
  target: ContainerTarget,
  ports: readonly number[],
  sink: OutputSink,
): InputHandle {
  const sandbox = podOf(parts, target)?.sandbox;
  if (!sandbox?.ready) {
    sink.refused(notFound({ group: '', resource: 'pods' }, target.pod));
    return nothing;
  }
  const sockets = new Map<number, Socket>();
  const waiting = ports.map((): Uint8Array[] => []);
  const stops = ports.map((port, index) =>
    sandbox.network.dial(
      { host: '127.0.0.1', port },
      {
        connected(socket) {
          sockets.set(index, socket);
          socket.onData((bytes) => sink.output(index, bytes));
          socket.onClose(() => sink.portEnded?.(index));
          for (const bytes of waiting[index] ?? []) socket.send(bytes);
        },
        failed: ({ message }) =>
          sink.portEnded?.(
            index,
            `error forwarding port ${port} to pod ${sandbox.id}, uid : failed to execute portforward in network namespace: failed to connect to localhost:${port} inside namespace "${sandbox.id}", IPv4: dial tcp4 127.0.0.1:${port}: ${message} IPv6 dial tcp6 [::1]:${port}: ${message} `,
          ),
      },
    ),
  );
  return {
    input(index, bytes) {
      const socket = sockets.get(index);
      if (socket) socket.send(bytes);
      else waiting[index]?.push(bytes);
    },
    inputEnded: (index) => sockets.get(index)?.close(),
    resize() {},
    close() {
      for (const stop of stops) stop();
      for (const socket of sockets.values()) socket.close();
    },
  };
}

function get(parts: StreamParts, path: string): KubeletAnswer {
  const kubelet = parts.kubelet();
  if (!kubelet) return { status: 503, body: 'the kubelet does not run\n' };
  const { runtime, machine, scope } = parts;
  const [own = '', query] = path.split('?');
  return kubeletAnswer({ runtime, kubelet, now: scope.now, ...machine }, own, query);
}
