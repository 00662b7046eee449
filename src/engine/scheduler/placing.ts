// How pods are placed: the plugins of the profile, and the algorithm that asks them. A cluster begins without.
import type { Client } from '../client/client.ts';
import type { EventRecorder } from '../client/events.ts';
import type { InformerFactory } from '../client/informer.ts';
import type { Scope } from '../sim/scope.ts';
import type { SchedulerCache } from './cache.ts';
import type { FilterStep, Handle, Plugin, PluginFactory } from './framework.ts';
import type { Nominator } from './nominator.ts';
import { defaultPlugins } from './plugins.ts';
import { Algorithm } from './schedule-pod.ts';
import type { SchedulingTally } from './scheduling-tally.ts';

export interface PlacingParts {
  readonly scope: Scope;
  readonly client: Client;
  readonly informers: InformerFactory;
  readonly events: EventRecorder;
  readonly cache: SchedulerCache;
  readonly nominator: Nominator;
  readonly tally: SchedulingTally;
  /** Default: those of the default profile. */
  readonly plugins?: readonly PluginFactory[];
  activate(uid: string): void;
}

export interface Placing {
  readonly plugins: readonly Plugin[];
  readonly algorithm: Algorithm;
}

export function placing(parts: PlacingParts): Placing {
  const { scope, client, events, cache, nominator, tally, plugins: chosen = defaultPlugins } = parts;
  const handle: Handle = {
    scope,
    client,
    events,
    cache,
    nominator,
    tally,
    lister: (resource) => parts.informers.informer(resource).lister,
    tryFilters: (pod, node, steps: readonly FilterStep[]) => algorithm.tryFilters(pod, node, steps),
    activate: (pod) => parts.activate(pod.uid),
  };
  const plugins = chosen.map((make) => make(handle));
  const algorithm: Algorithm = new Algorithm(plugins, cache, nominator, scope.random(`${scope.name}/ties`));
  return { plugins, algorithm };
}
