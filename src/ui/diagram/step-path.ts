// Which way a step of the trace takes through the diagram, and the sentence that tells it.
import type { WireStep } from '../../worker/messages.ts';
import { partOf } from '../state/component-name.ts';
import { isLoss, tell, trafficText } from '../trace/told-step.ts';

export interface StepPath {
  /** Names of anchors: `kubectl`, `kube-apiserver`, `kubelet/worker-1` … */
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /**
   * `watch`: an event that the API server sends to who watches, before that one acts on it. `traffic`: a connection on
   * its way, `lost`: where it ends in vain.
   */
  readonly kind: 'request' | 'watch' | 'pull' | 'store' | 'traffic' | 'lost';
  /** Who works on it meanwhile, elsewhere. */
  readonly by?: string | undefined;
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

/** Streams of a pod, which the API server passes on to the kubelet. */
const streamed = /\/namespaces\/([^/]+)\/pods\/([^/]+)\/(?:exec|attach|log|portforward)$/;

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
  if (step.way) return waysOf(step, step.way);
  if (component === 'kubectl') {
    const to = step.server === undefined ? apiServer : `kube-${step.server}`;
    const text = `kubectl: ${action} ${subject}`;
    const node = nodeOf(streamed.exec(subject)?.slice(1).join('/') ?? '');
    const onwards: readonly StepPath[] = node ? [{ kind: 'request', from: to, to: `kubelet/${node}`, text }] : [];
    return [{ kind: 'request', from: 'kubectl', to, text }, ...onwards];
  }
  if (component.startsWith('kubelet/') && action === 'Pulling') {
    const text = `${component}: pulls the image of ${nameOf(subject)}`;
    return [...watched(component, cause, subject), { kind: 'pull', from: 'registry', to: component, text }];
  }
  if (part === 'kube-scheduler' && (action === 'assign' || action === 'unschedulable')) {
    const node = action === 'assign' ? (detail?.split(' ')[0] ?? 'a node') : 'no node';
    const text = `kube-scheduler: ${nameOf(subject)} goes to ${node}`;
    const to = `${apiServer}${placeOf(component)}`;
    return [...watched(component, cause, subject), { kind: 'request', from: component, to, text }];
  }
  const done = writes[action];
  if (part !== 'apiserver' || done === undefined || background.test(subject) || detail === undefined) return [];
  if (detail === 'kubectl')
    return [
      {
        kind: 'store',
        from: `kube-${component}`,
        to: `etcd${placeOf(component)}`,
        text: `${apiServer}: ${done} ${subject} in etcd`,
      },
    ];
  const from = anchorOf(detail, nodeOf(nameOf(subject)) ?? nameOf(subject), placeOf(component));
  if (from === undefined) return [];
  const text = `${detail}: ${done} ${subject}`;
  return [...watched(from, cause, subject), { kind: 'request', from, to: `kube-${component}`, text }];
}

/** From place to place, one way each; the last of a step that ends in vain is told apart. */
function waysOf(step: WireStep, way: readonly string[]): readonly StepPath[] {
  const [told] = tell(step, undefined);
  const text = told ? trafficText(told) : '';
  const by = step.component;
  const ends = isLoss(step);
  const [only = ''] = way;
  if (way.length === 1) return [{ kind: 'lost', from: only, to: only, text, by }];
  return way.slice(1).map((to, i) => {
    const last = i === way.length - 2;
    return { kind: ends && last ? 'lost' : 'traffic', from: way[i] ?? to, to, text, by: last ? by : undefined };
  });
}

/** `/control-plane-2` of `apiserver/control-plane-2`; empty where there is one. */
function placeOf(component: string): string {
  const slash = component.indexOf('/');
  return slash === -1 ? '' : component.slice(slash);
}

function watched(by: string, cause: string | undefined, subject: string): readonly StepPath[] {
  if (cause === undefined || partOf(cause) !== 'apiserver') return [];
  return [{ kind: 'watch', from: `kube-${cause}`, to: by, text: `${by}: hears of ${subject} by its watch` }];
}

/** `server`: the node of the API server that was asked, as `/control-plane-2`: leaders ask the one beside them. */
function anchorOf(client: string, node: string, server: string): string | undefined {
  if (client === 'kubelet') return `kubelet/${node}`;
  if (client === 'kube-scheduler') return undefined; // told by its own step
  const managed = client.endsWith('-controller') || client === 'garbage-collector';
  return managed ? `${controllerManager}${server}` : undefined;
}

/** `default/web-1` of `pods default/web-1`. */
function nameOf(subject: string): string {
  return subject.slice(subject.indexOf(' ') + 1);
}
