// Why a pod does not run or is not ready.
import type { ContainerStatus, Pod } from '../../api/generated/types.ts';
import { whyContainer } from './container-why.ts';
import { whyNotReady } from './not-ready-why.ts';
import { whyUnscheduled } from './scheduling-why.ts';
import { type Facts, field, objectEvidence, type Why } from './why.ts';

/** Undefined: it runs and is ready, or has completed. */
export function whyPod(pod: Pod, facts: Facts): Why | undefined {
  const { metadata, spec, status } = pod;
  if (metadata?.deletionTimestamp !== undefined) return whyTerminating(pod, facts);
  if (status?.phase === 'Succeeded') return undefined;
  if (status?.phase === 'Failed') return whyFailed(pod);
  if (!spec?.nodeName) return whyUnscheduled(pod, facts);
  return whyNodeLost(pod, facts) ?? whyOfContainers(pod, facts) ?? whyNotReady(pod, facts);
}

function whyOfContainers(pod: Pod, facts: Facts): Why | undefined {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  const init = initContainerStatuses.find((one) => !isDone(one));
  for (const one of init ? [init] : containerStatuses) {
    const why = whyContainer(pod, one, facts);
    if (why) return why;
  }
  if (containerStatuses.length > 0 || init) return undefined;
  const node = pod.spec?.nodeName ?? '';
  return {
    tone: 'waiting',
    sentence: `The pod is bound to ${node}, whose kubelet has not begun with it yet.`,
    evidence: [field('spec.nodeName', `nodeName: ${node}`), field('status.containerStatuses', 'no container statuses')],
  };
}

function isDone({ state, ready, started }: ContainerStatus): boolean {
  return state?.terminated?.exitCode === 0 || (state?.running !== undefined && (ready || started === true));
}

function whyTerminating(pod: Pod, facts: Facts): Why {
  const { metadata } = pod;
  const finalizers = metadata?.finalizers ?? [];
  const deleted = field('metadata.deletionTimestamp', `to be gone by ${metadata?.deletionTimestamp}`);
  if (finalizers.length > 0)
    return {
      tone: 'problem',
      sentence: `The pod is being deleted, but ${finalizers.join(' and ')} holds it back until its owner has cleaned up.`,
      evidence: [field('metadata.finalizers', `finalizers: ${finalizers.join(', ')}`), deleted],
      mend: 'Whoever set the finalizer takes it away when it is done. Removing it by hand skips that clean-up.',
    };
  const lost = lostNode(pod, facts);
  if (lost)
    return {
      tone: 'problem',
      sentence: `The pod is being deleted, but its node ${lost.name} does not answer, so nobody can say that it has stopped.`,
      evidence: [lost.evidence, deleted],
      mend: 'Bring the node back. If it is gone for good, delete the Node, or delete the pod with `--force`.',
    };
  const grace = metadata?.deletionGracePeriodSeconds ?? 30;
  return {
    tone: 'waiting',
    sentence: `The pod is being stopped: its containers have got SIGTERM and up to ${grace} s to end by themselves.`,
    evidence: [field('metadata.deletionGracePeriodSeconds', `grace period ${grace} s`), deleted],
  };
}

function lostNode(pod: Pod, { nodes }: Facts) {
  const name = pod.spec?.nodeName ?? '';
  const node = [...nodes.values()].find(({ metadata }) => metadata?.name === name);
  const ready = node?.status?.conditions?.find(({ type }) => type === 'Ready');
  if (!node || ready?.status === 'True') return undefined;
  const text = `${name} is NotReady: ${ready?.message ?? ready?.reason ?? 'its kubelet has never reported'}`;
  return { name, evidence: objectEvidence('nodes', node, text) };
}

function whyNodeLost(pod: Pod, facts: Facts): Why | undefined {
  const lost = lostNode(pod, facts);
  const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready');
  if (!lost || ready?.status === 'True') return undefined;
  return {
    tone: 'problem',
    sentence: `Nothing is known of the pod, because its node ${lost.name} does not answer.`,
    evidence: [lost.evidence, field('status.conditions', `Ready: ${ready?.status ?? 'Unknown'}`)],
    mend: 'Bring the node back. After five minutes the pod is deleted and, if a controller owns it, made anew elsewhere.',
  };
}

function whyFailed({ metadata, spec, status }: Pod): Why {
  if (status?.reason)
    return {
      tone: 'problem',
      sentence: `The pod was ended: ${status.reason}.`,
      evidence: [field('status.message', status.message ?? status.reason)],
      mend: 'A failed pod stays failed. Its controller makes another; one of your own you delete and create again.',
    };
  const ended = status?.containerStatuses?.find(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0);
  const code = ended?.state?.terminated?.exitCode ?? 1;
  const container = ended?.name ?? spec?.containers[0]?.name ?? '';
  return {
    tone: 'problem',
    sentence: `Container ${container} ended with exit code ${code}, and the pod’s restartPolicy is ${spec?.restartPolicy}.`,
    evidence: [
      field('status.containerStatuses', `${container}: exit code ${code}`),
      { text: `the last it printed (${metadata?.name})`, from: { kind: 'log', container, previous: false } },
    ],
    mend: 'Read what it printed, mend the command or what it needs, and create the pod again.',
  };
}
