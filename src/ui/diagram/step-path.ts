// Which way a step of the trace takes through the diagram, and the sentence that tells it.
import type { WireStep } from '../../worker/messages.ts';

export interface StepPath {
  /** Names of anchors: `kubectl`, `kube-apiserver`, `kubelet/worker-1` … */
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

const controllerManager = 'kube-controller-manager';
/** Bookkeeping that would bury what matters. */
const background = /^(events|leases|nodes\/status|serviceaccounts\/token|tokenreviews|subjectaccessreviews)\b/;

const writes: Readonly<Record<string, string>> = {
  create: 'created',
  update: 'updated',
  patch: 'updated',
  delete: 'deleted',
};

/** Undefined: nothing to show. `nodeOf` names the node of a pod (`default/web-1`), as far as it is known. */
export function stepPath(step: WireStep, nodeOf: (pod: string) => string | undefined): StepPath | undefined {
  const { component, action, subject, detail } = step;
  if (component === 'kubectl') {
    return { from: 'kubectl', to: 'kube-apiserver', text: `kubectl: ${action} ${subject}` };
  }
  if (component.startsWith('kubelet/') && action === 'Pulling')
    return { from: 'registry', to: component, text: `${component}: pulls the image of ${nameOf(subject)}` };
  if (component === 'kube-scheduler' && action === 'assign')
    return {
      from: 'kube-scheduler',
      to: 'kube-apiserver',
      text: `kube-scheduler: ${nameOf(subject)} goes to ${detail?.split(' ')[0] ?? 'a node'}`,
    };
  const done = writes[action];
  if (component !== 'apiserver' || done === undefined || background.test(subject) || detail === undefined)
    return undefined;
  if (detail === 'kubectl')
    return { from: 'kube-apiserver', to: 'etcd', text: `kube-apiserver: ${done} ${subject} in etcd` };
  const from = anchorOf(detail, nodeOf(nameOf(subject)) ?? nameOf(subject));
  if (from === undefined) return undefined;
  return { from, to: 'kube-apiserver', text: `${detail}: ${done} ${subject}` };
}

function anchorOf(client: string, node: string): string | undefined {
  if (client === 'kubelet') return `kubelet/${node}`;
  if (client === 'kube-scheduler') return undefined; // told by its own step
  return client.endsWith('-controller') ? controllerManager : undefined;
}

/** `default/web-1` of `pods default/web-1`. */
function nameOf(subject: string): string {
  return subject.slice(subject.indexOf(' ') + 1);
}
