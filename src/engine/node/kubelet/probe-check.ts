// One probe: asks once by exec, HTTP, TCP or gRPC and says what came of it, in upstream's words.
import type { Container as ContainerSpec, HTTPGetAction, Probe } from '../../../api/generated/types.ts';
import type { NetworkHost } from '../../../api/network.ts';
import { httpGet } from '../../../base/http.ts';
import { tlsDialer } from '../../../base/tls-dialer.ts';
import type { Scope } from '../../sim/scope.ts';
import { perform, type Work } from '../../sim/work.ts';
import type { Container } from '../runtime/container.ts';
import { execToEnd } from '../runtime/exec.ts';
import { checkGrpc } from './grpc-check.ts';

export interface ProbeTarget {
  readonly scope: Scope;
  /** The node's own network: probes come from the kubelet. */
  readonly host: NetworkHost;
  readonly container: Container;
  readonly spec: ContainerSpec;
  readonly podIp: string;
}

export interface ProbeOutcome {
  readonly ok: boolean;
  readonly output: string;
}

/** Asks once, as one of the four kinds of probe says. */
export function* checkProbe(
  probe: Pick<Probe, 'exec' | 'httpGet' | 'tcpSocket' | 'grpc'>,
  timeoutMs: number,
  target: ProbeTarget,
): Work<ProbeOutcome> {
  if (probe.exec) return yield* checkExec(probe.exec.command ?? [], timeoutMs, target);
  if (probe.httpGet) return yield* checkHttp(probe.httpGet, timeoutMs, target);
  if (probe.grpc) return yield* checkGrpc(probe.grpc, timeoutMs, target);
  if (!probe.tcpSocket) return { ok: true, output: '' };
  const { port, host } = probe.tcpSocket;
  return yield* checkTcp(host || target.podIp, portOf(port, target.spec), timeoutMs, target);
}

/** A port by number, or by the name that the container gives it. */
export function portOf(port: number | string, spec: ContainerSpec): number {
  if (typeof port === 'number') return port;
  return spec.ports?.find(({ name }) => name === port)?.containerPort ?? Number(port);
}

function* checkExec(command: readonly string[], timeoutMs: number, target: ProbeTarget): Work<ProbeOutcome> {
  const outcome = yield* execToEnd(target.scope, target.container, command, timeoutMs);
  if (outcome.kind === 'exited') return { ok: outcome.code === 0, output: outcome.output };
  if (outcome.kind === 'timeout')
    return { ok: false, output: `command timed out: "${command.join(' ')}" timed out after ${timeoutMs / 1000}s` };
  return { ok: false, output: outcome.problem };
}

export function* checkHttp(action: HTTPGetAction, timeoutMs: number, target: ProbeTarget): Work<ProbeOutcome> {
  const host = action.host || target.podIp;
  const port = portOf(action.port, target.spec);
  const path = action.path?.startsWith('/') ? action.path : `/${action.path ?? ''}`;
  const url = `${(action.scheme ?? 'HTTP').toLowerCase()}://${host}:${port}${path}`;
  const headers: Record<string, string> = { 'User-Agent': 'kube-probe/1.36', Accept: '*/*', Connection: 'close' };
  for (const { name, value } of action.httpHeaders ?? []) headers[name] = value;
  return yield* perform<ProbeOutcome>((settle) => {
    let over = false;
    const finish = (outcome: ProbeOutcome): void => {
      if (over) return;
      over = true;
      stopTimer();
      settle.value(outcome);
    };
    const stopTimer = target.scope.schedule(timeoutMs, () => {
      const text = 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
      finish({ ok: false, output: `Get "${url}": ${text}` });
      stop();
    });
    const now = (): number => target.scope.now;
    const secure = action.scheme === 'HTTPS';
    const stop = httpGet(
      secure ? tlsDialer(target.host, { serverName: host, now }) : target.host,
      { host, port, path, headers, quiet: true },
      {
        response: ({ status }) => {
          const ok = status >= 200 && status < 400;
          finish({ ok, output: ok ? '' : `HTTP probe failed with statuscode: ${status}` });
        },
        failed: (message) => {
          const where = message.startsWith('connect: ') ? `dial tcp ${host}:${port}: ` : '';
          finish({ ok: false, output: `Get "${url}": ${where}${message}` });
        },
      },
    );
    return () => {
      over = true;
      stopTimer();
      stop();
    };
  });
}

function* checkTcp(host: string, port: number, timeoutMs: number, target: ProbeTarget): Work<ProbeOutcome> {
  return yield* perform<ProbeOutcome>((settle) =>
    target.host.dial(
      { host, port, timeoutMs, quiet: true },
      {
        connected: (socket) => {
          socket.close();
          settle.value({ ok: true, output: '' });
        },
        failed: ({ message }) => settle.value({ ok: false, output: `dial tcp ${host}:${port}: ${message}` }),
      },
    ),
  );
}
