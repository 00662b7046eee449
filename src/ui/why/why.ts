// Why something is not as it should be: one plain sentence, the evidence for it, and what usually mends it.
import type { Cluster } from '../state/cluster.ts';

export interface Why {
  /** `problem`: something has to be done. `waiting`: it is on its way, or what was asked for. */
  readonly tone: 'problem' | 'waiting';
  readonly sentence: string;
  /** Never empty: no sentence without evidence. */
  readonly evidence: readonly Evidence[];
  /** What usually mends it; a command may stand in it between backquotes. */
  readonly mend?: string | undefined;
}

export interface Evidence {
  readonly text: string;
  /** What it was read from. */
  readonly from?: Source | undefined;
}

export type Source =
  | { readonly kind: 'object'; readonly resource: ShownResource; readonly uid: string; readonly name: string }
  /** A field of the object itself. */
  | { readonly kind: 'field'; readonly path: string }
  | { readonly kind: 'event'; readonly reason: string; readonly count: number }
  /** A step that the simulator took, e.g. the scheduler's look at a node. */
  | { readonly kind: 'decision'; readonly by: string }
  | { readonly kind: 'log'; readonly container: string; readonly previous: boolean };

/** What the page can show by itself. */
export type ShownResource =
  | 'pods'
  | 'nodes'
  | 'services'
  | 'deployments'
  | 'replicasets'
  | 'endpointslices'
  | 'persistentvolumeclaims';

/** An event about the object, as far as a why needs it. */
export interface ToldEvent {
  readonly reason: string;
  readonly message: string;
  readonly count: number;
}

/** What a why may look at: the cluster, the object's own events (newest first), and the simulator's decisions. */
export interface Facts extends Omit<Cluster, 'namespaces'> {
  readonly events: readonly ToldEvent[];
  /** The scheduler's last verdict on a pod (`default/web-1`): a line a node, `worker-1: Insufficient cpu`. */
  readonly verdicts: ReadonlyMap<string, readonly string[]>;
}

export function field(path: string, text: string): Evidence {
  return { text, from: { kind: 'field', path } };
}

export function objectEvidence(
  resource: ShownResource,
  object: { readonly metadata?: { readonly uid?: string | undefined; readonly name?: string | undefined } | undefined },
  text: string,
): Evidence {
  const { uid = '', name = '' } = object.metadata ?? {};
  return { text, from: { kind: 'object', resource, uid, name } };
}

/** The newest event of one of these reasons whose message fits. */
export function eventOf(facts: Facts, reasons: readonly string[], fits: RegExp = /./): readonly Evidence[] {
  const found = facts.events.find(({ reason, message }) => reasons.includes(reason) && fits.test(message));
  if (!found) return [];
  return [{ text: found.message, from: { kind: 'event', reason: found.reason, count: found.count } }];
}
