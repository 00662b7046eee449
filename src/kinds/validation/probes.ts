// Probes and lifecycle handlers of containers.
import { type FieldError, forbidden, invalid, notSupported, required } from '../../api/field-error.ts';
import type { Container, ExecAction, HTTPGetAction, Lifecycle, Probe, SleepAction } from '../../api/generated/types.ts';
import { httpHeaderName } from '../../api/names.ts';
import { complain, nonNegative, portNumberOrName, require } from './checks.ts';

/** What a pod says that its containers' handlers depend on. */
export interface HandlerContext {
  readonly gracePeriodSeconds: number | undefined;
  readonly os: string | undefined;
}

/** The lifecycle and the three probes of a container. */
export function validateHandlers(
  errors: FieldError[],
  field: string,
  { container, context }: { readonly container: Omit<Container, 'name'>; readonly context: HandlerContext },
): void {
  if (container.lifecycle) validateLifecycle(errors, `${field}.lifecycle`, { ...context, ...container.lifecycle });
  validateProbe(errors, `${field}.livenessProbe`, { probe: container.livenessProbe, context });
  successOnce(errors, `${field}.livenessProbe`, container.livenessProbe);
  validateProbe(errors, `${field}.readinessProbe`, { probe: container.readinessProbe, context });
  const seconds = container.readinessProbe?.terminationGracePeriodSeconds;
  if (seconds !== undefined) {
    const place = `${field}.readinessProbe.terminationGracePeriodSeconds`;
    errors.push(invalid(place, seconds, 'must not be set for readinessProbes'));
  }
  validateProbe(errors, `${field}.startupProbe`, { probe: container.startupProbe, context });
  successOnce(errors, `${field}.startupProbe`, container.startupProbe);
}

function validateProbe(
  errors: FieldError[],
  field: string,
  { probe, context }: { readonly probe: Probe | undefined; readonly context: HandlerContext },
): void {
  if (!probe) return;
  validateHandler(errors, field, { handler: probe, context });
  nonNegative(errors, `${field}.initialDelaySeconds`, probe.initialDelaySeconds);
  nonNegative(errors, `${field}.timeoutSeconds`, probe.timeoutSeconds);
  nonNegative(errors, `${field}.periodSeconds`, probe.periodSeconds);
  nonNegative(errors, `${field}.successThreshold`, probe.successThreshold);
  nonNegative(errors, `${field}.failureThreshold`, probe.failureThreshold);
  const seconds = probe.terminationGracePeriodSeconds;
  if (seconds !== undefined && seconds <= 0)
    errors.push(invalid(`${field}.terminationGracePeriodSeconds`, seconds, 'must be greater than 0'));
}

function successOnce(errors: FieldError[], field: string, probe: Probe | undefined): void {
  if (probe && probe.successThreshold !== 1)
    errors.push(invalid(`${field}.successThreshold`, probe.successThreshold ?? 0, 'must be 1'));
}

function validateLifecycle(errors: FieldError[], field: string, lifecycle: Lifecycle & HandlerContext): void {
  const { postStart, preStop, stopSignal } = lifecycle;
  if (postStart) validateHandler(errors, `${field}.postStart`, { handler: postStart, context: lifecycle });
  if (preStop) validateHandler(errors, `${field}.preStop`, { handler: preStop, context: lifecycle });
  if (stopSignal === undefined) return;
  const place = `${field}.stopSignal`;
  if (lifecycle.os === undefined)
    errors.push(forbidden(place, 'may not be set for containers with empty `spec.os.name`'));
  else if (lifecycle.os === 'windows' && !windowsSignals.includes(stopSignal))
    errors.push(notSupported(place, stopSignal, windowsSignals));
  else if (lifecycle.os === 'linux' && !linuxSignals.includes(stopSignal))
    errors.push(notSupported(place, stopSignal, linuxSignals));
}

interface Handler {
  readonly exec?: ExecAction | undefined;
  readonly httpGet?: HTTPGetAction | undefined;
  readonly tcpSocket?: { readonly port: number | string } | undefined;
  readonly grpc?: { readonly port: number } | undefined;
  readonly sleep?: SleepAction | undefined;
}

/** Exactly one of the actions; only the first one is looked into. */
function validateHandler(
  errors: FieldError[],
  field: string,
  { handler, context }: { readonly handler: Handler; readonly context: HandlerContext },
): void {
  let found = false;
  const isFirst = (name: string, action: object | undefined): boolean => {
    if (action === undefined) return false;
    if (found) errors.push(forbidden(`${field}.${name}`, 'may not specify more than 1 handler type'));
    const first = !found;
    found = true;
    return first;
  };
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  if (isFirst('exec', exec) && (exec?.command?.length ?? 0) === 0) errors.push(required(`${field}.exec.command`));
  if (isFirst('httpGet', httpGet) && httpGet) validateHttpGet(errors, `${field}.httpGet`, httpGet);
  if (isFirst('tcpSocket', tcpSocket) && tcpSocket) portNumberOrName(errors, `${field}.tcpSocket.port`, tcpSocket.port);
  if (isFirst('grpc', grpc) && grpc) portNumberOrName(errors, `${field}.grpc.port`, grpc.port);
  if (isFirst('sleep', sleep) && sleep) {
    const most = context.gracePeriodSeconds;
    if (most !== undefined && (sleep.seconds < 0 || sleep.seconds > most)) {
      const detail = `must be non-negative and less than terminationGracePeriodSeconds (${most})`;
      errors.push(invalid(`${field}.sleep`, sleep.seconds, detail));
    }
  }
  if (!found) errors.push(required(field, 'must specify a handler type'));
}

function validateHttpGet(
  errors: FieldError[],
  field: string,
  { path, port, scheme, httpHeaders }: HTTPGetAction,
): void {
  require(errors, `${field}.path`, path);
  portNumberOrName(errors, `${field}.port`, port);
  if (scheme !== 'HTTP' && scheme !== 'HTTPS')
    errors.push(notSupported(`${field}.scheme`, scheme ?? '', ['HTTP', 'HTTPS']));
  for (const { name } of httpHeaders ?? []) complain(errors, `${field}.httpHeaders`, name, httpHeaderName(name));
}

const windowsSignals = ['SIGKILL', 'SIGTERM'];
const realTimeSignals = Array.from({ length: 15 }, (_, i) => `SIGRTMIN+${i + 1}`).concat(
  Array.from({ length: 14 }, (_, i) => `SIGRTMAX-${i + 1}`),
  ['SIGRTMIN', 'SIGRTMAX'],
);
const linuxSignals = [
  ...'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM'
    .split(' ')
    .map((name) => `SIG${name}`),
  ...'TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ'.split(' ').map((name) => `SIG${name}`),
  ...realTimeSignals,
].sort();
