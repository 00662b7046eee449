// One step of the trace as a row of the story: who did what to which object, and between which parts it went.
import type { WireStep } from '../../worker/messages.ts';
import { partOf } from '../state/component-name.ts';
import { inWords, kindOf, type ObjectWords, parsePath, parseSubject } from './object-words.ts';
import type { TracePath } from './trace-store.ts';

/** How much a row matters: `minor` ones are reports and status; bookkeeping is left out unless asked for. */
export type Weight = 'major' | 'minor' | 'bookkeeping';

export interface ToldStep {
  readonly step: WireStep;
  /** What the row stands for; steps of one kind and cause make one row. */
  readonly kind: 'ask' | 'check' | 'store' | 'decide' | 'work' | 'carry' | 'refuse' | 'command';
  /** A part, e.g. `deployment-controller`; of a kubelet also its node, `kubelet/worker-1`. */
  readonly who: string;
  readonly verb: string;
  readonly object: string;
  readonly note: string | undefined;
  readonly weight: Weight;
  readonly path: TracePath | undefined;
}

const methods: Readonly<Record<string, string>> = {
  GET: 'reads',
  HEAD: 'looks for',
  POST: 'asks to create',
  PUT: 'asks to replace',
  PATCH: 'asks to change',
  DELETE: 'asks to delete',
};
const streams: Readonly<Record<string, string>> = {
  exec: 'runs a command in',
  attach: 'attaches to',
  portforward: 'forwards a port to',
  log: 'reads the log of',
};
const written: Readonly<Record<string, string>> = {
  create: 'creates',
  update: 'changes',
  patch: 'changes',
  delete: 'deletes',
  deletecollection: 'deletes all of',
};
const kubeletVerbs: Readonly<Record<string, string>> = {
  Pulling: 'pulls the image of',
  Pulled: 'has the image of',
  Created: 'creates a container of',
  Started: 'starts a container of',
  Killing: 'stops a container of',
  BackOff: 'waits before it tries again with',
  Failed: 'fails with',
  Unhealthy: 'finds unhealthy',
  FailedMount: 'cannot mount a volume of',
  FailedCreatePodSandBox: 'cannot make the sandbox of',
};
const bookkeeping =
  /^(events|leases|nodes|serviceaccounts|tokenreviews|subjectaccessreviews|selfsubjectaccessreviews)[/ ]/;
/** Endpoints repeat what endpoint slices say. */
const repeated = new Set(['endpoint-controller']);

/** The rows that a step makes, in order; most make one. `nodes`: of pods (`default/web-1`), as far as known. */
export function tell(
  step: WireStep,
  cause: WireStep | undefined,
  nodes: ReadonlyMap<string, string> = new Map(),
): readonly ToldStep[] {
  const { component, action, subject } = step;
  const part = partOf(component);
  if (step.way) return [carried(step, step.way)];
  if (component === 'learner')
    return action === 'line' ? [] : [row(step, { kind: 'command', who: 'you', verb: action, object: subject })];
  if (Object.hasOwn(methods, action)) return [asked(step)];
  if (part === 'apiserver') return action === 'refuse' ? [refused(step)] : wrote(step, cause, nodes);
  if (part === 'kube-scheduler') return [decided(step)];
  if (component.startsWith('kubelet/')) return [worked(step)];
  const weight = action === 'retry' || action === 'renew' ? 'bookkeeping' : 'minor';
  return [row(step, { kind: 'work', who: component, verb: action, object: subject, note: step.detail, weight })];
}

function row(step: WireStep, told: Pick<ToldStep, 'kind' | 'who' | 'verb' | 'object'> & Partial<ToldStep>): ToldStep {
  return { step, note: undefined, weight: 'major', path: undefined, ...told };
}

const carrying: Readonly<Record<string, string>> = {
  resolve: 'looks up',
  choose: 'chooses an endpoint of',
  tunnel: 'opens a tunnel to',
  accept: 'accepts the connection on',
  answer: 'answers',
  refuse: 'refuses the connection on',
  reject: 'refuses connections to',
  drop: 'drops packets for',
  lose: 'loses packets for',
};
const losses = new Set(['refuse', 'reject', 'drop', 'lose']);

/** Whether a connection, or a look-up, ends there in vain. */
export function isLoss({ action, detail }: WireStep): boolean {
  return losses.has(action) || (action === 'resolve' && detail === 'no such host');
}

/** A step of a connection through the network. */
function carried(step: WireStep, way: readonly string[]): ToldStep {
  const { component: who, action, subject, detail } = step;
  const object = /^(pods|services) /.test(subject) ? inWords(parseSubject(subject)) : subject;
  const kind = isLoss(step) ? 'refuse' : 'carry';
  const leaves = action === 'drop' && way.length === 1;
  const verb = leaves ? 'drops packets of' : (carrying[action] ?? action);
  return row(step, { kind, who, verb, object, note: detail, path: way });
}

/** `kube-proxy on worker-1 chooses an endpoint of Service web: 10.244.2.9:80, one of 3` */
export function trafficText({ who, verb, object, note }: ToldStep): string {
  return `${whoText(who)} ${verb} ${object}${note === undefined ? '' : `: ${note}`}`;
}

/** `kubelet on worker-1`, `Pod web-1`. */
export function whoText(who: string): string {
  const [part = '', ...rest] = who.split('/');
  const [first] = rest;
  if (first === undefined) return part;
  if (part === 'pod') return inWords(parseSubject(`pods ${rest.join('/')}`));
  if (part === 'node') return `Node ${first}`;
  return part === 'outside' ? first : `${part} on ${first}`;
}

function asked(step: WireStep): ToldStep {
  const { component: who, action, subject, status } = step;
  const object = parsePath(subject);
  const server = step.server === undefined ? 'kube-apiserver' : `kube-${step.server}`;
  const path = [who === 'kubectl' ? 'kubectl' : 'laptop', server];
  const refusal = status !== undefined && status >= 400 ? `answered with ${status}` : undefined;
  if (!object)
    return row(step, {
      ...{ kind: 'ask', who, verb: 'looks up what the server serves at', object: subject },
      ...{ weight: 'bookkeeping', path },
    });
  const list = object.name === '' && action === 'GET';
  const words = list ? `the ${kindOf(object.resource)} list` : inWords(object);
  const answer = action === 'GET' ? 'answered from the API server’s cache, etcd is not asked' : undefined;
  const stream = streams[object.subresource ?? ''];
  if (stream && object.resource === 'pods') {
    const note = refusal ?? 'the API server passes it on to the kubelet of the pod’s node';
    return row(step, { kind: 'ask', who, verb: stream, object: words, path, note });
  }
  const through = object.subresource ? ` (${object.subresource})` : '';
  return row(step, {
    ...{ kind: 'ask', who, verb: methods[action] ?? action, object: `${words}${through}`, path },
    note: refusal ?? answer,
  });
}

/** A write of a learner's program is told in two rows (checked, stored), one of a component in one. */
function wrote(step: WireStep, cause: WireStep | undefined, nodes: ReadonlyMap<string, string>): readonly ToldStep[] {
  const client = step.detail ?? '';
  const object = named(step);
  const words = inWords(object);
  const verb = written[step.action] ?? step.action;
  const asked = cause && Object.hasOwn(methods, cause.action);
  const idle = step.writes === undefined;
  const dropped = bookkeeping.test(step.subject) || repeated.has(client) || (idle && !asked);
  const weight = dropped ? 'bookkeeping' : object.subresource === 'status' ? 'minor' : 'major';
  const revision = step.writes?.[0]?.revision;
  const stored = revision === undefined ? 'nothing was written' : `revision ${revision}`;
  if (asked && idle)
    return [row(step, { kind: 'check', who: serverOf(step), verb: 'checks', object: words, note: stored, weight })];
  if (asked)
    return [
      row(step, { kind: 'check', who: serverOf(step), verb: 'lets in and checks', object: words, weight }),
      row(step, {
        ...{ kind: 'store', who: 'etcd', verb: step.action === 'delete' ? 'marks or deletes' : 'stores' },
        ...{
          object: words,
          note: stored,
          weight,
          path: [serverOf(step), serverOf(step).replace('kube-apiserver', 'etcd')],
        },
      }),
    ];
  const who = client === 'kubelet' ? `kubelet/${nodeOf(step, nodes)}` : client;
  const doing =
    object.subresource === 'status'
      ? 'notes the status of'
      : object.subresource === 'binding'
        ? 'binds'
        : object.subresource
          ? `${verb} ${object.subresource} of`
          : verb;
  const path = [anchorOf(who, serverOf(step)), serverOf(step)];
  return [row(step, { kind: 'store', who, verb: doing, object: words, note: stored, weight, path })];
}

/** Names that the server generates are known from what was written. */
function named(step: WireStep): ObjectWords {
  const object = parseSubject(step.subject);
  const [write] = step.writes ?? [];
  if (!write || !(object.name === '' || object.name.endsWith('-'))) return object;
  return { ...object, name: write.name.slice(write.name.indexOf('/') + 1) };
}

function nodeOf({ subject }: WireStep, nodes: ReadonlyMap<string, string>): string {
  const { resource, namespace, name } = parseSubject(subject);
  return (resource === 'pods' ? nodes.get(`${namespace}/${name}`) : undefined) ?? '';
}

function refused(step: WireStep): ToldStep {
  const text = step.detail ?? '';
  const colon = text.indexOf(': ');
  const message = text.slice(colon + 2);
  return row(step, {
    ...{ kind: 'refuse', who: serverOf(step), verb: 'refuses', object: inWords(parseSubject(step.subject)) },
    note: message,
    // A write that came too late is tried again at once: everyday business.
    weight: message.includes('the object has been modified') ? 'bookkeeping' : 'major',
  });
}

function decided(step: WireStep): ToldStep {
  const { action, detail = '' } = step;
  const pod = inWords(parseSubject(step.subject));
  const who = step.component;
  const path = [who, who.replace('kube-scheduler', 'kube-apiserver')];
  if (action === 'assign') {
    const [node = ''] = detail.split(' ');
    return row(step, { kind: 'decide', who, verb: `chooses ${node} for`, object: pod, note: detail, path });
  }
  const verb = { unschedulable: 'finds no node for', preempt: 'makes room for' }[action] ?? action;
  return row(step, { kind: 'decide', who, verb, object: pod, note: detail, path });
}

function worked(step: WireStep): ToldStep {
  const { component: who, action, detail } = step;
  const object = inWords(parseSubject(step.subject));
  const pulls = action === 'Pulling' || action === 'Pulled';
  const path = pulls ? ['registry', who] : [who, who];
  const weight = action === 'renew' ? 'bookkeeping' : 'major';
  return row(step, { kind: 'work', who, verb: kubeletVerbs[action] ?? action, object, note: detail, path, weight });
}

/** `kube-apiserver/control-plane-2` where there are several. */
function serverOf({ component }: WireStep): string {
  return `kube-${component}`;
}

/** A leader asks the API server beside it. */
function anchorOf(who: string, server: string): string {
  if (who.startsWith('kubelet/') || who === 'kube-scheduler') return who;
  if (who.startsWith('cloud-')) return 'cloud-controller-manager';
  return server.replace('kube-apiserver', 'kube-controller-manager');
}
