// Which way a step of the trace takes through the diagram, and the sentence that tells it.
import type { WireStep } from '../../worker/messages.ts';
import { partOf } from '../state/component-name.ts';

export interface StepPath {
  /** Names of anchors: `kubectl`, `kube-apiserver`, `kubelet/worker-1` … */
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** `watch`: an event that the API server sends to who watches, before that one acts on it. */
  readonly kind: 'request' | 'watch' | 'pull' | 'store';
}

const controllerManager = 'kube-controller-manager';
const apiServer = 'kube-apiserver';
/** Bookkeeping that would bury what matters. */
const background = /^(events|leases|nodes\/status|serviceaccounts\/token|tokenreviews|subjectaccessreviews)\b/;

const writes: Readonly<Record<string, string>> = {
  create: 'created',
  update: 'updated',
  patch: 'updated',
  delete: 'deleted',
};

/**
 * The ways of a step, one after the other; empty: nothing to show. `cause`: the component whose step made it do so.
 * `nodeOf` names the node of a pod (`default/web-1`), as far as it is known.
 */
export function stepPaths(
  step: WireStep,
  cause: string | undefined,
  nodeOf: (pod: string) => string | undefined,
): readonly StepPath[] {
  const { component, action, subject, detail } = step;
  const part = partOf(component);
  if (component === 'kubectl')
    return [{ kind: 'request', from: 'kubectl', to: apiServer, text: `kubectl: ${action} ${subject}` }];
  if (component.startsWith('kubelet/') && action === 'Pulling') {
    const text = `${component}: pulls the image of ${nameOf(subject)}`;
    return [...watched(component, cause, subject), { kind: 'pull', from: 'registry', to: component, text }];
  }
  if (part === 'kube-scheduler' && (action === 'assign' || action === 'unschedulable')) {
    const node = action === 'assign' ? (detail?.split(' ')[0] ?? 'a node') : 'no node';
    const text = `kube-scheduler: ${nameOf(subject)} goes to ${node}`;
    return [...watched(component, cause, subject), { kind: 'request', from: component, to: apiServer, text }];
  }
  const done = writes[action];
  if (part !== 'apiserver' || done === undefined || background.test(subject) || detail === undefined) return [];
  if (detail === 'kubectl')
    return [{ kind: 'store', from: `kube-${component}`, to: 'etcd', text: `${apiServer}: ${done} ${subject} in etcd` }];
  const from = anchorOf(detail, nodeOf(nameOf(subject)) ?? nameOf(subject));
  if (from === undefined) return [];
  const text = `${detail}: ${done} ${subject}`;
  return [...watched(from, cause, subject), { kind: 'request', from, to: `kube-${component}`, text }];
}

function watched(by: string, cause: string | undefined, subject: string): readonly StepPath[] {
  if (cause === undefined || partOf(cause) !== 'apiserver') return [];
  return [{ kind: 'watch', from: `kube-${cause}`, to: by, text: `${by}: hears of ${subject} by its watch` }];
}

function anchorOf(client: string, node: string): string | undefined {
  if (client === 'kubelet') return `kubelet/${node}`;
  if (client === 'kube-scheduler') return undefined; // told by its own step
  return client.endsWith('-controller') || client === 'garbage-collector' ? controllerManager : undefined;
}

/** `default/web-1` of `pods default/web-1`. */
function nameOf(subject: string): string {
  return subject.slice(subject.indexOf(' ') + 1);
}
