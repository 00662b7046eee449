// The scheduling framework: what a plugin is, and the words in which it says no.

import type { KubeObject } from '../../api/meta.ts';
import type { Resource } from '../../api/resource.ts';
import type { Client } from '../client/client.ts';
import type { EventRecorder } from '../client/events.ts';
import type { Lister } from '../client/store.ts';
import type { Scope } from '../sim/scope.ts';
import type { Work } from '../sim/work.ts';
import type { SchedulerCache } from './cache.ts';
import type { EventHint } from './cluster-events.ts';
import type { NodeInfo } from './node-info.ts';
import type { Nominator } from './nominator.ts';
import type { PodInfo, PodTemplate } from './pod-info.ts';
import type { Rejection } from './rejection.ts';
import type { SchedulingTally } from './scheduling-tally.ts';

/** A plugin's part in one pod's cycle: verdicts that depend on more than the single node. */
export interface FilterStep {
  filter(node: NodeInfo): Rejection | undefined;
  /** What if this pod were (no longer) on that node? Asked by preemption, of a clone. */
  addPod?(pod: PodInfo, node: NodeInfo): void;
  removePod?(pod: PodInfo, node: NodeInfo): void;
  clone?(): FilterStep;
}

export interface ScoreStep {
  /** Adds each node's score to what is 0 so far. */
  score(scores: Float64Array, nodes: readonly NodeInfo[]): void;
  /** Brings the scores of all nodes to 0 … 100, in place. */
  normalize?(scores: Float64Array, nodes: readonly NodeInfo[]): void;
}

/** What became of the attempt to make room. `node`: nominated; `''`: takes an earlier nomination back. */
export interface PostFilterResult {
  readonly node?: string | undefined;
  readonly rejection: Rejection | undefined;
}

/** Verdicts of one failed cycle. `absent` holds for nodes that `verdicts` does not have. */
export interface Diagnosis {
  readonly verdicts: ReadonlyMap<NodeInfo, Rejection>;
  readonly absent: Rejection;
  /** The steps that the plugins took; missing when not all of them got to it. */
  readonly steps: readonly FilterStep[] | undefined;
}

/** A plugin implements the points that it cares about; see plugins.ts for their order. */
export interface Plugin {
  readonly name: string;
  /** How much its score (0 … 100) counts; default 1. */
  readonly weight?: number;
  /** Keeps a pod out of the queue. */
  preEnqueue?(pod: PodInfo): Rejection | undefined;
  /** The only nodes that can do, by name; undefined: any. */
  nodeNames?(pod: PodInfo): ReadonlySet<string> | Rejection | undefined;
  /** A verdict from template and node alone; it is remembered until the node changes. */
  nodeFilter?(template: PodTemplate, node: NodeInfo): Rejection | undefined;
  /** Looks at the whole cluster once a cycle. Undefined: nothing to check for this pod. */
  preFilter?(pod: PodInfo): FilterStep | Rejection | undefined;
  /** The pod fits nowhere: can something be done about it? */
  postFilter?(pod: PodInfo, diagnosis: Diagnosis): PostFilterResult;
  /** A score from template and node alone; remembered like nodeFilter. */
  nodeScore?(template: PodTemplate, node: NodeInfo): number;
  normalize?(scores: Float64Array, nodes: readonly NodeInfo[]): void;
  /** Undefined: all nodes are the same to it. */
  preScore?(pod: PodInfo, nodes: readonly NodeInfo[]): ScoreStep | undefined;
  reserve?(pod: PodInfo, node: string): Rejection | undefined;
  unreserve?(pod: PodInfo, node: string): void;
  /** Whether preBind will have something to do. */
  preBindNeeded?(pod: PodInfo, node: string): boolean;
  preBind?(pod: PodInfo, node: string): Work<Rejection | undefined>;
  bind?(pod: PodInfo, node: string): Work<Rejection | undefined>;
  /** Which changes of the cluster may make a pod schedulable that this plugin rejected. */
  readonly hints?: readonly EventHint[];
}

/** What plugins may use. */
export interface Handle {
  readonly scope: Scope;
  readonly client: Client;
  readonly events: EventRecorder;
  readonly cache: SchedulerCache;
  readonly nominator: Nominator;
  readonly tally: SchedulingTally;
  lister<T extends KubeObject>(resource: Resource<T>): Lister<T>;
  /** Runs all filters for the pod on one node, nominated pods counted in, outside of the memory of verdicts. */
  tryFilters(pod: PodInfo, node: NodeInfo, steps: readonly FilterStep[]): Rejection | undefined;
  /** Puts the pod back into the queue at once. */
  activate(pod: PodInfo): void;
}

export type PluginFactory = (handle: Handle) => Plugin;
