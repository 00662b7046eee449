// The scheduler's decisions alone, on nodes and pods given as objects: for its tests and its benchmark.
import type { Node, Pod } from '../../api/generated/types.ts';
import type { KubeObject } from '../../api/meta.ts';
import type { Resource } from '../../api/resource.ts';
import { Client } from '../client/client.ts';
import { EventRecorder } from '../client/events.ts';
import { keyOf, type Lister, Store } from '../client/store.ts';
import { Transport } from '../client/transport.ts';
import { SchedulerCache } from '../scheduler/cache.ts';
import { fitErrorMessage } from '../scheduler/fit-error.ts';
import type { FilterStep, Handle, Plugin } from '../scheduler/framework.ts';
import { Nominator } from '../scheduler/nominator.ts';
import { defaultPlugins } from '../scheduler/plugins.ts';
import type { Rejection } from '../scheduler/rejection.ts';
import { Algorithm, type Outcome } from '../scheduler/schedule-pod.ts';
import { SchedulingTally } from '../scheduler/scheduling-tally.ts';
import { Simulation } from '../sim/simulation.ts';

export class Decider {
  readonly cache = new SchedulerCache();
  private readonly nominator = new Nominator();
  private readonly stores = new Map<string, Store<KubeObject>>();
  private readonly plugins: readonly Plugin[];
  private readonly algorithm: Algorithm;

  constructor(seed = 1) {
    const scope = new Simulation({ seed, startsAt: 0 }).root;
    const link = { up: false, endpoint: () => undefined, address: '', delayMs: 0, jitterMs: 0 };
    const client = new Client(new Transport(scope, link), { user: { name: 'test', groups: [] }, userAgent: 'test' });
    const handle: Handle = {
      scope,
      client,
      events: new EventRecorder(scope, client, { component: 'default-scheduler', style: 'series' }),
      cache: this.cache,
      nominator: this.nominator,
      tally: new SchedulingTally(),
      lister: <T extends KubeObject>(resource: Resource<T>): Lister<T> =>
        this.storeOf(resource) as Lister<KubeObject> as Lister<T>, // edge: a store holds what was put under its resource
      tryFilters: (pod, node, steps: readonly FilterStep[]) => this.algorithm.tryFilters(pod, node, steps),
      activate: () => {},
    };
    this.plugins = defaultPlugins.map((make) => make(handle));
    this.algorithm = new Algorithm(this.plugins, this.cache, this.nominator, scope.random('ties'));
  }

  /** Puts nodes and any other objects that plugins look up. */
  put<T extends KubeObject>(resource: Resource<T>, ...objects: readonly T[]): void {
    for (const object of objects) this.storeOf(resource).set(keyOf(object), object);
  }

  addNodes(...nodes: readonly Node[]): void {
    for (const node of nodes) this.cache.setNode(node);
  }

  decide(pod: Pod): Outcome {
    return this.algorithm.schedule(this.cache.infos.of(pod));
  }

  /** Decides and takes the decision for granted. The node's name, or why there is none. */
  place(pod: Pod): string {
    const info = this.cache.infos.of(pod);
    const outcome = this.algorithm.schedule(info);
    if (outcome.kind === 'fits') {
      this.cache.assume(info, outcome.ranking.best.name);
      return outcome.ranking.best.name;
    }
    if (outcome.kind === 'no-nodes') return 'no nodes available to schedule pods';
    if (outcome.kind === 'error') return outcome.message;
    const { verdicts, absent } = outcome.diagnosis;
    const reasons: string[] = [];
    let postFilter: Rejection = { code: 'unschedulable', plugin: '', reasons };
    for (const plugin of this.plugins) {
      const result = plugin.postFilter?.(info, outcome.diagnosis);
      if (!result) continue;
      if (!result.rejection) return `preempts on ${result.node}`;
      reasons.push(...result.rejection.reasons);
      if (result.rejection.code === 'unschedulable') continue;
      postFilter = result.rejection;
      break;
    }
    const { nodes, preFilter } = outcome;
    return fitErrorMessage({
      nodes,
      preFilter,
      verdicts: verdicts.values(),
      verdictCount: verdicts.size,
      absent,
      postFilter,
    });
  }

  private storeOf(resource: Resource<KubeObject>): Store<KubeObject> {
    const store = this.stores.get(resource.resource) ?? new Store<KubeObject>();
    this.stores.set(resource.resource, store);
    return store;
  }
}
