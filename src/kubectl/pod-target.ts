// From what logs, exec, attach and port-forward are given (a pod, a workload, a service) to one pod and one container.
import { at, numberAt, objectAt, objectsAt, textAt } from '../base/fields.ts';
import { isList, isObject, type JsonObject } from '../base/json.ts';
import { resourcePath } from './client/url.ts';
import type { Context } from './context.ts';
import { selectorText } from './describe/label-selector.ts';
import { CommandError } from './errors.ts';
import type { Info, LoadedInfo } from './resource/info.ts';

/** The label selector of the pods of a workload or a service. Throws for what has none. */
export function podSelectorOf(object: JsonObject): string {
  const kind = textAt(object, 'kind');
  if (['Deployment', 'DaemonSet', 'ReplicaSet', 'StatefulSet', 'Job'].includes(kind)) {
    return selectorText(at(object, 'spec.selector'));
  }
  const labels = objectAt(object, 'spec.selector');
  if ((kind === 'Service' || kind === 'ReplicationController') && labels && Object.keys(labels).length > 0) {
    return selectorText({ matchLabels: labels });
  }
  if (kind === 'Service')
    throw new CommandError(
      `invalid service '${textAt(object, 'metadata.name')}': Service is defined without a selector`,
    );
  throw new CommandError(`selector for ${kind} not implemented`);
}

/** The pods that a selector finds, the ones best to look at first. */
export async function podsOf(context: Context, ns: string, labelSelector: string): Promise<readonly JsonObject[]> {
  const list = await context.client().object({
    path: resourcePath({ group: '', version: 'v1', resource: 'pods' }, { ns }),
    query: { labelSelector },
    about: { resource: 'pods' },
  });
  const pods = isList(list.items) ? list.items.filter(isObject) : [];
  return [...pods].sort((a, b) => rank(a) - rank(b) || newestFirst(a, b));
}

/** The pod itself, or the first pod of a workload, waiting for one to appear. */
export async function attachablePod(context: Context, info: LoadedInfo, timeoutMs: number): Promise<JsonObject> {
  const object = { ...info.object, kind: info.resource.kind };
  if (info.resource.kind === 'Pod') return object;
  const [pod = {}] = await attachablePods(context, { ...info, object }, timeoutMs);
  return pod;
}

/** `--pod-running-timeout` in milliseconds. */
export function podRunningTimeout(context: Context, hint: 'plain' | 'with usage' = 'plain'): number {
  const timeoutMs = context.flags.number('pod-running-timeout');
  if (timeoutMs > 0) return timeoutMs;
  const problem = '--pod-running-timeout must be higher than zero';
  throw hint === 'plain' ? new CommandError(problem) : context.usageError(problem);
}

/** The pods of a workload, best first, waiting for one to appear. */
export async function attachablePods(
  context: Context,
  { ns, object }: Info,
  timeoutMs: number,
): Promise<readonly JsonObject[]> {
  const selector = podSelectorOf(object ?? {});
  const deadline = context.now() + timeoutMs;
  for (;;) {
    const pods = await podsOf(context, ns, selector);
    if (pods.length > 0) return pods;
    if (context.now() >= deadline) throw new CommandError('timed out waiting for the condition');
    await context.process.clock.sleep(500, context.process.cancel);
  }
}

/** Scheduled before not, running before pending, ready before not. */
function rank(pod: JsonObject): number {
  const phases = ['Running', 'Unknown', 'Pending'];
  const phase = phases.indexOf(textAt(pod, 'status.phase'));
  const ready = objectsAt(pod, 'status.conditions').some(
    (item) => textAt(item, 'type') === 'Ready' && textAt(item, 'status') === 'True',
  );
  const restarts = Math.max(
    0,
    ...objectsAt(pod, 'status.containerStatuses').map((item) => numberAt(item, 'restartCount') ?? 0),
  );
  const unscheduled = textAt(pod, 'spec.nodeName') === '' ? 10_000 : 0;
  return unscheduled + (phase === -1 ? 3 : phase) * 1000 + (ready ? 0 : 500) + Math.min(restarts, 400);
}

function newestFirst(a: JsonObject, b: JsonObject): number {
  const [left, right] = [textAt(a, 'metadata.creationTimestamp'), textAt(b, 'metadata.creationTimestamp')];
  return left < right ? 1 : left > right ? -1 : 0;
}

const defaultContainerAnnotation = 'kubectl.kubernetes.io/default-container';

/** `a, b, c (ephem), d (init)` */
export function allContainerNames(pod: JsonObject): string {
  const names = (field: string, mark: string) =>
    objectsAt(pod, `spec.${field}`).map((container) => `${textAt(container, 'name')}${mark}`);
  const all = [
    ...names('containers', ''),
    ...names('ephemeralContainers', ' (ephem)'),
    ...names('initContainers', ' (init)'),
  ];
  return all.join(', ');
}

export function hasContainer(pod: JsonObject, name: string): boolean {
  return ['containers', 'ephemeralContainers', 'initContainers'].some((field) =>
    objectsAt(pod, `spec.${field}`).some((container) => textAt(container, 'name') === name),
  );
}

/** The container to use when none is named; says which on standard error unless `quiet`. */
export function defaultContainer(context: Context, pod: JsonObject, quiet: boolean): string {
  const annotated = objectAt(pod, 'metadata.annotations')?.[defaultContainerAnnotation];
  if (typeof annotated === 'string' && annotated !== '') {
    if (hasContainer(pod, annotated)) return annotated;
    if (!quiet) context.err(`Default container name "${annotated}" not found in pod ${textAt(pod, 'metadata.name')}\n`);
  }
  const [first] = objectsAt(pod, 'spec.containers');
  const name = textAt(first, 'name');
  const names = allContainerNames(pod);
  if (!quiet && names.includes(', ')) context.err(`Defaulted container "${name}" out of: ${names}\n`);
  return name;
}

/** A pod that can run a further program. */
export async function podToExec(context: Context, ns: string, name: string): Promise<JsonObject> {
  const path = resourcePath({ group: '', version: 'v1', resource: 'pods' }, { ns, name });
  const pod = await context.client().object({ path, about: { resource: 'pods', name } });
  const phase = textAt(pod, 'status.phase');
  if (phase === 'Succeeded' || phase === 'Failed') {
    throw new CommandError(`cannot exec into a container in a completed pod; current phase is ${phase}`);
  }
  return pod;
}

/** The named container, which must be there, or the default one. `prefix` begins the complaint. */
export function chooseExecContainer(
  context: Context,
  pod: JsonObject,
  { named, quiet, prefix = '' }: { readonly named: string; readonly quiet: boolean; readonly prefix?: string },
): string {
  if (named === '') return defaultContainer(context, pod, quiet);
  if (hasContainer(pod, named)) return named;
  const name = textAt(pod, 'metadata.name');
  throw new CommandError(`${prefix}container ${named} is not valid for pod ${name} out of: ${allContainerNames(pod)}`);
}
