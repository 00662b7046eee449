// The conditions that the kubelet owns, from the statuses of containers. Models pkg/kubelet/status/generate.go.
import type { Container, ContainerStatus, Pod, PodCondition } from '../../../api/generated/types.ts';
import type { PodPhase } from './pod-phase.ts';
import { isSidecar } from './restart-policy.ts';

export interface ConditionsInput {
  readonly pod: Pod;
  readonly phase: PodPhase;
  /** Those of init containers and of regular ones. */
  readonly statuses: readonly ContainerStatus[];
  readonly sandboxReady: boolean;
  /** All containers begin anew; undefined: nothing could make them. */
  readonly restarting: 'under way' | 'cleaned up' | 'no' | undefined;
  /** The conditions that others own. */
  readonly others: readonly PodCondition[];
}

type Draft = Omit<PodCondition, 'lastTransitionTime' | 'observedGeneration'>;

export const kubeletConditions: ReadonlySet<string> = new Set([
  'PodReadyToStartContainers',
  'Initialized',
  'Ready',
  'ContainersReady',
  'PodScheduled',
  'AllContainersRestarting',
  'PodResizePending',
  'PodResizeInProgress',
]);

/** In the order in which upstream writes them. */
export function podConditions(input: ConditionsInput): readonly Draft[] {
  const containersReady = containersReadyOf(input);
  return [
    { type: 'PodReadyToStartContainers', status: input.sandboxReady ? 'True' : 'False' },
    initialized(input),
    ready(input, containersReady),
    containersReady,
    { type: 'PodScheduled', status: 'True' },
    ...(input.restarting ? [allRestarting(input)] : []),
  ];
}

function allRestarting({ phase, restarting }: ConditionsInput): Draft {
  const type = 'AllContainersRestarting';
  if (phase === 'Succeeded') return { type, status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' };
  if (restarting !== 'under way') return { type, status: 'False' };
  const message = 'container exited with restart policy rule';
  return { type, status: 'True', reason: 'RestartAllContainersStarted', message };
}

function containersReadyOf({ pod, phase, statuses }: ConditionsInput): Draft {
  const type = 'ContainersReady';
  const unknown: string[] = [];
  const unready: string[] = [];
  const look = ({ name }: Container): void => {
    const status = statuses.find((one) => one.name === name);
    if (!status) unknown.push(name);
    else if (!status.ready) unready.push(name);
  };
  for (const spec of pod.spec?.initContainers ?? []) if (isSidecar(spec)) look(spec);
  for (const spec of pod.spec?.containers ?? []) look(spec);
  if (phase === 'Succeeded' && unknown.length === 0) return { type, status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' };
  const message = unreadyMessage(unknown, unready, 'unready');
  return message ? { type, status: 'False', reason: 'ContainersNotReady', message } : { type, status: 'True' };
}

function ready({ pod, others }: ConditionsInput, containersReady: Draft): Draft {
  if (containersReady.status !== 'True') return { ...containersReady, type: 'Ready' };
  const messages: string[] = [];
  for (const { conditionType } of pod.spec?.readinessGates ?? []) {
    const condition = others.find(({ type }) => type === conditionType);
    const gate = `pod readiness gate "${conditionType}"`;
    if (!condition) messages.push(`corresponding condition of ${gate} does not exist.`);
    else if (condition.status !== 'True') messages.push(`the status of ${gate} is not "True", but ${condition.status}`);
  }
  if (messages.length === 0) return { type: 'Ready', status: 'True' };
  return { type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady', message: messages.join(', ') };
}

function initialized({ pod, phase, statuses }: ConditionsInput): Draft {
  const type = 'Initialized';
  const unknown: string[] = [];
  const incomplete: string[] = [];
  for (const spec of pod.spec?.initContainers ?? []) {
    const status = statuses.find(({ name }) => name === spec.name);
    if (!status) unknown.push(spec.name);
    else if (!(isSidecar(spec) ? status.started : status.ready)) incomplete.push(spec.name);
  }
  if (phase === 'Succeeded' && unknown.length === 0) return { type, status: 'True', reason: 'PodCompleted' };
  const isRegular = (name: string): boolean => pod.spec?.containers.some((spec) => spec.name === name) ?? false;
  const anyStarted = statuses.some(
    ({ name, state, lastState }) => (state?.running || state?.terminated || lastState?.terminated) && isRegular(name),
  );
  const message = unreadyMessage(unknown, incomplete, 'incomplete');
  if (anyStarted || message === '') return { type, status: 'True' };
  return { type, status: 'False', reason: 'ContainersNotInitialized', message };
}

function unreadyMessage(unknown: readonly string[], unready: readonly string[], word: string): string {
  const messages: string[] = [];
  if (unknown.length > 0) messages.push(`containers with unknown status: [${unknown.join(' ')}]`);
  if (unready.length > 0) messages.push(`containers with ${word} status: [${unready.join(' ')}]`);
  return messages.join(', ');
}
