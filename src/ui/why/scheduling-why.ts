// Why a pod has no node: what the scheduler said of each node, with the numbers behind it.
import type { Node, Pod, Taint } from '../../api/generated/types.ts';
import { parseQuantity, Quantity } from '../../api/quantity.ts';
import { type Evidence, eventOf, type Facts, field, objectEvidence, type Why } from './why.ts';

const nodesMax = 12;

export function whyUnscheduled(pod: Pod, facts: Facts): Why {
  const { spec, status } = pod;
  const gates = spec?.schedulingGates ?? [];
  if (gates.length > 0)
    return {
      tone: 'waiting',
      sentence: `The pod is not offered to the scheduler until its scheduling gates are lifted.`,
      evidence: [field('spec.schedulingGates', `gates: ${gates.map(({ name }) => name).join(', ')}`)],
      mend: 'Whoever set a gate removes it when what it waits for is there.',
    };
  const verdict = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (verdict?.status !== 'False') return whyNotLookedAt(pod);
  const message = verdict.message ?? verdict.reason ?? '';
  const condition = field('status.conditions', message);
  return whyUnboundClaim(pod, facts, condition) ?? whyNothingFits(pod, facts, condition);
}

function whyNotLookedAt({ spec }: Pod): Why {
  const name = spec?.schedulerName ?? 'default-scheduler';
  const evidence = [field('spec.nodeName', 'no node'), field('spec.schedulerName', `schedulerName: ${name}`)];
  if (name === 'default-scheduler')
    return { tone: 'waiting', sentence: 'The scheduler has not looked at the pod yet.', evidence };
  return {
    tone: 'problem',
    sentence: `The pod asks for a scheduler called ${name}, and none of that name has taken it up.`,
    evidence,
    mend: 'Leave out `schedulerName`, or run that scheduler.',
  };
}

function whyUnboundClaim(pod: Pod, facts: Facts, condition: Evidence): Why | undefined {
  const names = (pod.spec?.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) => claim?.claimName ?? []);
  if (!/persistentvolumeclaim/i.test(condition.text)) return undefined;
  const namespace = pod.metadata?.namespace;
  for (const name of names) {
    const claim = [...facts.claims.values()].find(
      ({ metadata }) => metadata?.name === name && metadata.namespace === namespace,
    );
    if (!claim)
      return {
        tone: 'problem',
        sentence: `The pod mounts the PersistentVolumeClaim ${name}, which does not exist.`,
        evidence: [field('spec.volumes', `claimName: ${name}`), condition],
        mend: `Create the claim ${name} in namespace ${namespace}.`,
      };
    if (claim.status?.phase === 'Bound') continue;
    const wanted = claim.spec?.storageClassName;
    return {
      tone: 'problem',
      sentence: `The pod waits for its PersistentVolumeClaim ${name}, to which no volume is bound.`,
      evidence: [
        objectEvidence('persistentvolumeclaims', claim, `${name} is ${claim.status?.phase ?? 'Pending'}`),
        objectEvidence(
          'persistentvolumeclaims',
          claim,
          wanted ? `it asks for storage class ${wanted}` : 'it names no storage class',
        ),
        condition,
      ],
      mend: 'Create a PersistentVolume that satisfies the claim, or a StorageClass that provisions one.',
    };
  }
  return undefined;
}

function whyNothingFits(pod: Pod, facts: Facts, condition: Evidence): Why {
  const key = `${pod.metadata?.namespace}/${pod.metadata?.name}`;
  const lines = facts.verdicts.get(key) ?? [];
  const nodes = [...facts.nodes.values()];
  const count = nodes.length;
  const evidence = lines
    .slice(0, nodesMax)
    .flatMap((line) => {
      const [name = '', reasons = ''] = line.split(/: (.*)/);
      const node = nodes.find(({ metadata }) => metadata?.name === name);
      const texts = reasons.split(', ').map((reason) => (node ? reasonText(reason, { pod, node, facts }) : reason));
      const text = `${name}: ${texts.join('; ')}`;
      return [node ? objectEvidence('nodes', node, text) : { text }];
    })
    .concat(lines.length > nodesMax ? [{ text: `and ${lines.length - nodesMax} more nodes` }] : []);
  const sentence =
    count === 0
      ? 'There is no node that the pod could run on.'
      : count === 1
        ? 'The one node does not fit the pod.'
        : `None of the ${count} nodes fits the pod.`;
  const told = evidence.length > 0 ? evidence : [condition, ...eventOf(facts, ['FailedScheduling'])];
  return {
    tone: 'problem',
    sentence,
    evidence: evidence.length > 0 ? [...told, condition] : told,
    mend: mendOf(condition.text),
  };
}

interface Look {
  readonly pod: Pod;
  readonly node: Node;
  readonly facts: Facts;
}

/** A reason of the scheduler with what it compared. */
function reasonText(reason: string, look: Look): string {
  const short = /^Insufficient (\S+)$/.exec(reason)?.[1];
  if (short !== undefined) return shortageText(short, look);
  if (reason.includes('taint')) return taintText(look);
  if (reason.includes('affinity/selector')) return selectorText(look);
  if (reason === 'Too many pods') return `it holds as many pods as it may (${look.node.status?.allocatable?.pods})`;
  if (reason.includes('unschedulable')) return 'it is cordoned';
  return reason;
}

const units: Readonly<Record<string, string>> = { cpu: 'CPUs', memory: 'memory', 'ephemeral-storage': 'local storage' };

/** `3.6 of 4 CPUs requested, this pod asks for 1`. */
function shortageText(resource: string, { pod, node, facts }: Look): string {
  const there = [...facts.pods.values()].filter(
    ({ spec, status }) =>
      spec?.nodeName === node.metadata?.name && status?.phase !== 'Succeeded' && status?.phase !== 'Failed',
  );
  const used = there.reduce((sum, one) => sum.add(requestOf(one, resource)), Quantity.of(0));
  const allocatable = parseQuantity(node.status?.allocatable?.[resource] ?? '0');
  const unit = units[resource] ?? resource;
  return `${amount(used, resource)} of ${amount(allocatable, resource)} ${unit} requested, this pod asks for ${amount(requestOf(pod, resource), resource)}`;
}

/** Init containers run one after the other before the others: the larger of both counts. */
function requestOf({ spec }: Pod, resource: string): Quantity {
  const of = (container: NonNullable<Pod['spec']>['containers'][number]): Quantity =>
    parseQuantity(container.resources?.requests?.[resource] ?? '0');
  const together = (spec?.containers ?? []).reduce((sum, container) => sum.add(of(container)), Quantity.of(0));
  const overhead = parseQuantity(spec?.overhead?.[resource] ?? '0');
  return (spec?.initContainers ?? [])
    .reduce((most, container) => (of(container).compare(most) > 0 ? of(container) : most), together)
    .add(overhead);
}

function amount(quantity: Quantity, resource: string): string {
  const units = Number(quantity.nanos) / 1e9;
  if (resource !== 'memory' && resource !== 'ephemeral-storage') return String(Math.round(units * 1000) / 1000);
  const gibi = units / 2 ** 30;
  return gibi >= 1 ? `${Math.round(gibi * 10) / 10}Gi` : `${Math.round(units / 2 ** 20)}Mi`;
}

function taintText({ pod, node }: Look): string {
  const hard = (node.spec?.taints ?? []).filter(({ effect }) => effect !== 'PreferNoSchedule');
  const open = hard.filter((taint) => !tolerated(taint, pod));
  const named = (open.length > 0 ? open : hard).map(
    ({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`,
  );
  return named.length > 0
    ? `the pod does not tolerate its taint ${named.join(', ')}`
    : 'it has a taint that the pod does not tolerate';
}

function tolerated(taint: Taint, { spec }: Pod): boolean {
  return (spec?.tolerations ?? []).some(
    ({ key, operator = 'Equal', value = '', effect }) =>
      (effect === undefined || effect === taint.effect) &&
      (key === undefined || key === taint.key) &&
      (operator === 'Exists' || value === (taint.value ?? '')),
  );
}

function selectorText({ pod, node }: Look): string {
  const labels = node.metadata?.labels ?? {};
  const wrong = Object.entries(pod.spec?.nodeSelector ?? {}).filter(([key, value]) => labels[key] !== value);
  if (wrong.length === 0) return 'its labels do not match the pod’s node affinity';
  return wrong
    .map(([key, value]) =>
      Object.hasOwn(labels, key)
        ? `the pod wants ${key}=${value}, the node has ${key}=${labels[key]}`
        : `the pod wants ${key}=${value}, the node has no label ${key}`,
    )
    .join('; ');
}

const mends: readonly (readonly [RegExp, string])[] = [
  [
    /affinity\/selector/,
    'Label a node as the pod wants it (`kubectl label node NAME key=value`), or change its nodeSelector or affinity.',
  ],
  [
    /Insufficient|Too many pods/,
    'Ask for less (`resources.requests`), free a node by scaling something down, or add a node.',
  ],
  [/unschedulable/, 'Let the node take pods again: `kubectl uncordon NAME`.'],
  [/taint/, 'Take the taint away, or give the pod a toleration for it.'],
  [/anti-affinity|topology/, 'Loosen the rule that spreads the pods, or add nodes.'],
];

function mendOf(message: string): string {
  const found = mends.filter(([pattern]) => pattern.test(message));
  return found[0]?.[1] ?? 'Change what the pod asks of a node, or add a node that has it.';
}
