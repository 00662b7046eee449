// Why a workload has fewer pods than asked for, a node is not Ready, or a claim has no volume.
import type { Deployment, Node, PersistentVolumeClaim, ReplicaSet } from '../../api/generated/types.ts';
import { eventOf, type Facts, field, objectEvidence, type Why } from './why.ts';

const podsMax = 6;

export function whyReplicaSet(set: ReplicaSet, facts: Facts): Why | undefined {
  const { spec, status } = set;
  const failure = status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
  if (failure?.status === 'True') return whyRefused(failure.message ?? failure.reason ?? '', facts);
  const wanted = spec?.replicas ?? 1;
  const ready = status?.readyReplicas ?? 0;
  return ready >= wanted ? undefined : whyFewReady({ name: set.metadata?.uid, wanted, ready }, facts);
}

export function whyDeployment(deployment: Deployment, facts: Facts): Why | undefined {
  const { metadata, spec, status } = deployment;
  const sets = [...facts.replicaSets.values()].filter(({ metadata: own }) =>
    own?.ownerReferences?.some(({ uid }) => uid === metadata?.uid),
  );
  for (const set of sets) {
    const why = (set.spec?.replicas ?? 0) > 0 ? whyReplicaSet(set, facts) : undefined;
    if (why)
      return {
        ...why,
        evidence: [...why.evidence, objectEvidence('replicasets', set, `of ReplicaSet ${set.metadata?.name}`)],
      };
  }
  if (spec?.paused)
    return {
      tone: 'waiting',
      sentence: 'The rollout is paused: changes of its template wait.',
      evidence: [field('spec.paused', 'paused: true')],
      mend: `Let it go on: \`kubectl rollout resume deployment ${metadata?.name}\`.`,
    };
  const late = status?.conditions?.find(({ type }) => type === 'Progressing');
  if (late?.status !== 'False') return undefined;
  return {
    tone: 'problem',
    sentence: 'The rollout has made no progress within its deadline.',
    evidence: [field('status.conditions', late.message ?? late.reason ?? '')],
    mend: 'See why its new pods are not ready, or go back: `kubectl rollout undo`.',
  };
}

/** The API server refused a pod: its words say which rule. */
function whyRefused(message: string, facts: Facts): Why {
  const quota = /exceeded quota: (\S+?), requested: (.*), used: (.*), limited: (.*)/.exec(message);
  const security = /violates PodSecurity "([^"]+)"/.exec(message);
  const limits = /(minimum|maximum) (\S+) usage per/.exec(message);
  const account = /serviceaccount "([^"]+)" not found/.exec(message);
  const sentence = quota
    ? `The API server refuses more pods: the quota ${quota[1]} allows ${quota[4]}, and ${quota[3]} is used.`
    : security
      ? `The API server refuses the pods: they break the namespace’s pod security level ${security[1]}.`
      : limits
        ? `The API server refuses the pods: a LimitRange sets a ${limits[1]} of ${limits[2]} that they break.`
        : account
          ? `The API server refuses the pods: their ServiceAccount ${account[1]} does not exist.`
          : 'The API server refuses to create the pods.';
  const mend = quota
    ? 'Ask for less, delete what is not needed, or raise the quota.'
    : security
      ? 'Give the pods the securityContext that the level asks for, or change the namespace’s label.'
      : 'Change the pod template as the message says; the controller tries again by itself.';
  const told = eventOf(facts, ['FailedCreate']).filter(({ text }) => !text.includes(message));
  return { tone: 'problem', sentence, evidence: [field('status.conditions', message), ...told], mend };
}

function whyFewReady(
  set: { readonly name: string | undefined; readonly wanted: number; readonly ready: number },
  { pods }: Facts,
): Why {
  const own = [...pods.values()].filter(({ metadata }) =>
    metadata?.ownerReferences?.some(({ uid }) => uid === set.name),
  );
  const unready = own.filter(
    ({ status }) => status?.conditions?.find(({ type }) => type === 'Ready')?.status !== 'True',
  );
  return {
    tone: 'waiting',
    sentence: `${set.ready} of ${set.wanted} pods are ready.`,
    evidence: [
      field('status.readyReplicas', `readyReplicas: ${set.ready}`),
      ...unready.slice(0, podsMax).map((pod) => objectEvidence('pods', pod, `${pod.metadata?.name} is not ready`)),
    ],
    mend: unready.length > 0 ? 'See why those pods are not ready: each of them says it.' : undefined,
  };
}

export function whyNode({ metadata, spec, status }: Node): Why | undefined {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.status !== 'True')
    return {
      tone: 'problem',
      sentence:
        ready?.status === 'Unknown'
          ? `The node’s kubelet is silent: nobody has heard of ${metadata?.name} since ${ready.lastHeartbeatTime ?? 'long'}.`
          : 'The node is not ready to run pods.',
      evidence: [field('status.conditions', `Ready: ${ready?.message ?? ready?.reason ?? 'never reported'}`)],
      mend: 'Switch the machine on, mend its network, or look at its kubelet. Its pods are made anew elsewhere after five minutes.',
    };
  if (!spec?.unschedulable) return undefined;
  return {
    tone: 'waiting',
    sentence: 'The node is cordoned: its pods go on, and it gets no new ones.',
    evidence: [field('spec.unschedulable', 'unschedulable: true')],
    mend: `Let it take pods again: \`kubectl uncordon ${metadata?.name}\`.`,
  };
}

export function whyClaim(claim: PersistentVolumeClaim, facts: Facts): Why | undefined {
  const { spec, status } = claim;
  if (status?.phase === 'Bound') return undefined;
  const told = eventOf(facts, ['FailedBinding', 'ProvisioningFailed', 'WaitForFirstConsumer', 'ExternalProvisioning']);
  const waits = told.some(({ text }) => /first consumer/.test(text));
  const size = spec?.resources?.requests?.storage ?? '';
  return {
    tone: waits ? 'waiting' : 'problem',
    sentence: waits
      ? 'The claim gets its volume when a pod that mounts it has a node.'
      : `No volume satisfies the claim: it asks for ${size} (${spec?.accessModes?.join(', ')}).`,
    evidence: [...told, field('spec.storageClassName', `storage class: ${spec?.storageClassName ?? 'none'}`)],
    mend: waits
      ? undefined
      : 'Create a PersistentVolume that is large enough, or name a StorageClass that provisions one.',
  };
}
