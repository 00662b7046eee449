// Why a container does not run: its image, its start, or how it ended.
import type { ContainerStatus, Pod } from '../../api/generated/types.ts';
import { type Evidence, eventOf, type Facts, field, type Why } from './why.ts';

const imageReasons = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
]);

export function whyContainer(pod: Pod, status: ContainerStatus, facts: Facts): Why | undefined {
  const { waiting, terminated } = status.state ?? {};
  if (waiting) {
    const { reason = '' } = waiting;
    if (imageReasons.has(reason)) return whyImage(pod, status, facts);
    if (reason === 'ContainerCreating' || reason === 'PodInitializing') return whyStarting(pod, status, facts);
    if (reason === 'CrashLoopBackOff') return whyCrashing(status, facts);
    return whyNotStarted(status, facts);
  }
  if (terminated && terminated.exitCode !== 0) return whyCrashing(status, facts);
  return undefined;
}

function stateOf({ name, state }: ContainerStatus): Evidence {
  const { reason, message } = state?.waiting ?? state?.terminated ?? {};
  return field('status.containerStatuses', `${name}: ${reason ?? ''}${message ? `: ${message}` : ''}`);
}

/** Containerd's and the kubelet's words, and what they mean. */
const refusals: readonly (readonly [RegExp, (registry: string) => string, string])[] = [
  [
    /no such host/,
    (registry) => `the name ${registry} has no address`,
    'Check the registry’s name in the image reference.',
  ],
  [
    /pull access denied|authorization failed|unauthorized/,
    (registry) => `${registry} has no such repository, or does not let the node in`,
    'An image that was only built on your machine is in no registry: push it under your account’s name (`docker tag`, `docker push`) and use that name. If it is there, correct the reference, or give the pod an imagePullSecret.',
  ],
  [
    /not found|manifest unknown/,
    (registry) => `${registry} has the repository, but not this tag`,
    'Check the tag; `docker push` it if it was only built locally.',
  ],
  [
    /connection refused|timeout/,
    (registry) => `${registry} does not answer`,
    'See whether the registry runs and can be reached.',
  ],
  [
    /InvalidImageName|couldn't parse image/,
    () => 'that is no image reference',
    'Correct `image:`: [registry/]repository[:tag], in lower case.',
  ],
  [
    /never.*pull|ErrImageNeverPull/i,
    () => 'its imagePullPolicy is Never and the node does not have it',
    'Load the image onto the node, or change imagePullPolicy.',
  ],
];

function whyImage(pod: Pod, status: ContainerStatus, facts: Facts): Why {
  const container = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].find(
    ({ name }) => name === status.name,
  );
  const image = container?.image ?? status.image;
  const { reason = '', message = '' } = status.state?.waiting ?? {};
  const failed = eventOf(facts, ['Failed'], /Failed to pull|image/);
  const text = [reason, message, ...failed.map((one) => one.text)].join(' ');
  const [, because, mend] = refusals.find(([pattern]) => pattern.test(text)) ?? [];
  const registry = registryOf(image);
  return {
    tone: 'problem',
    sentence: `The image ${image} cannot be pulled: ${because?.(registry) ?? `${registry} refuses it`}.`,
    evidence: [
      field(`spec.containers[${status.name}].image`, `image: ${image}`),
      stateOf(status),
      ...unlessSaid(message, failed),
    ],
    mend: mend ?? 'Check the image reference and the registry.',
  };
}

/** An event often says the status' message again. */
function unlessSaid(message: string, events: readonly Evidence[]): readonly Evidence[] {
  return events.filter(({ text }) => !message.includes(text) && (message === '' || !text.includes(message)));
}

/** Docker Hub unless the first part looks like a host, as image references are read. */
export function registryOf(image: string): string {
  const [first = '', rest] = image.split(/\/(.*)/);
  const host = rest !== undefined && (first.includes('.') || first.includes(':') || first === 'localhost');
  return host ? first : 'Docker Hub';
}

function whyStarting(pod: Pod, status: ContainerStatus, facts: Facts): Why {
  const mount = eventOf(facts, ['FailedMount', 'FailedAttachVolume']);
  if (mount.length > 0) {
    const missing = /(secret|configmap) "([^"]+)" not found/.exec(mount[0]?.text ?? '');
    const volume = /volume "([^"]+)"/.exec(mount[0]?.text ?? '')?.[1];
    return {
      tone: 'problem',
      sentence: missing
        ? `Volume ${volume ?? ''} needs the ${missing[1] === 'secret' ? 'Secret' : 'ConfigMap'} ${missing[2]}, which does not exist.`
        : 'The kubelet cannot mount one of the pod’s volumes.',
      evidence: [
        ...mount,
        field('spec.volumes', `volumes: ${(pod.spec?.volumes ?? []).map(({ name }) => name).join(', ')}`),
      ],
      mend: missing
        ? `Create it; the kubelet tries again by itself.`
        : 'Mend the volume; the kubelet tries again by itself.',
    };
  }
  const sandbox = eventOf(facts, ['FailedCreatePodSandBox']);
  const pulling = facts.events.find(({ reason }) => reason === 'Pulling' || reason === 'Pulled');
  const node = pod.spec?.nodeName ?? '';
  if (sandbox.length > 0)
    return {
      tone: 'problem',
      sentence: `${node} cannot make the pod’s sandbox, in which its containers share a network.`,
      evidence: sandbox,
      mend: 'Look at the node’s container runtime and network.',
    };
  const sentence =
    pulling?.reason === 'Pulling'
      ? `${node} is pulling the image of container ${status.name}.`
      : `${node} is getting container ${status.name} ready to start.`;
  return { tone: 'waiting', sentence, evidence: [stateOf(status), ...eventOf(facts, ['Pulling', 'Scheduled'])] };
}

function whyNotStarted(status: ContainerStatus, facts: Facts): Why {
  const { reason = '', message = '' } = status.state?.waiting ?? {};
  const missing = /(secret|configmap) "([^"]+)" not found/.exec(message);
  const evidence = [stateOf(status), ...unlessSaid(message, eventOf(facts, ['Failed']))];
  if (missing) {
    const kind = missing[1] === 'secret' ? 'Secret' : 'ConfigMap';
    const mend = `Create the ${kind} ${missing[2]}, or correct its name in the pod; the kubelet tries again by itself.`;
    return {
      tone: 'problem',
      sentence: `Container ${status.name} takes settings from the ${kind} ${missing[2]}, which does not exist.`,
      evidence,
      mend,
    };
  }
  const absent = /exec: ("?[^:]*"?): executable file not found/.exec(message)?.[1];
  if (absent)
    return {
      tone: 'problem',
      sentence: `Container ${status.name} cannot start: its image has no program ${absent}.`,
      evidence,
      mend: 'Correct `command`, or use an image that has it. Without `command` the image’s own entrypoint runs.',
    };
  return {
    tone: 'problem',
    sentence: `Container ${status.name} cannot be started (${reason}).`,
    evidence,
    mend: 'The message says what the runtime did not like.',
  };
}

function whyCrashing(status: ContainerStatus, facts: Facts): Why {
  const { name, restartCount } = status;
  const ended = status.state?.terminated ?? status.lastState?.terminated;
  const code = ended?.exitCode;
  const start = /exec: ("?[^:]*"?): executable file not found/.exec(ended?.message ?? '')?.[1];
  const killed = ended?.reason === 'OOMKilled';
  const probe = eventOf(facts, ['Unhealthy'], /Liveness|Startup/);
  const previous = status.state?.terminated === undefined;
  const how = killed
    ? 'was killed because it used more memory than its limit'
    : start
      ? `cannot start: its image has no program ${start}`
      : probe.length > 0 && code === 137
        ? 'is restarted because its probe keeps failing'
        : `ends with exit code ${code ?? 'unknown'}`;
  const again =
    restartCount > 0
      ? `; it was restarted ${restartCount} ${restartCount === 1 ? 'time' : 'times'}, each time after a longer wait`
      : '';
  return {
    tone: 'problem',
    sentence: `Container ${name} ${how}${again}.`,
    evidence: [
      stateOf(status),
      field(
        'status.containerStatuses.lastState',
        `last ended: ${ended?.reason ?? 'unknown'}, exit code ${code ?? 'unknown'}`,
      ),
      ...probe,
      ...(start ? [] : [{ text: 'the last it printed', from: { kind: 'log', container: name, previous } } as const]),
    ],
    mend: killed
      ? 'Raise `resources.limits.memory`, or let the program use less.'
      : start
        ? 'Correct `command`, or use an image that has it.'
        : 'Read what it printed before it ended. A container has to go on running: a command that is done ends it.',
  };
}
