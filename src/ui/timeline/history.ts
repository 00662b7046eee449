// Every version of every object that the page has seen, by time: what the cluster was at any moment since then.
//
//   base        the state before the first version that is kept
//   versions    10:00:01 pod a · 10:00:02 pod b · 10:00:04 pod a (gone) …      at(10:00:03) = base + the first two
import { type Cluster, emptyCluster } from '../state/cluster.ts';

export interface Version {
  readonly at: number;
  readonly kind: keyof Cluster;
  readonly uid: string;
  readonly object: object | undefined;
}

type Tables = Readonly<Record<keyof Cluster, Map<string, object>>>;

const versionsMax = 20_000;
/** Versions that go into the base together when there are too many. */
const forgottenAtOnce = 2000;

export class History {
  private versions: Version[] = [];
  private readonly base = tables();

  /** Versions come in the order of time; a clock that stands gives them equal times. */
  note(version: Version): void {
    this.versions.push(version);
    if (this.versions.length <= versionsMax) return;
    for (const old of this.versions.slice(0, forgottenAtOnce)) apply(this.base, old);
    this.versions = this.versions.slice(forgottenAtOnce);
  }

  /** From when on it knows; undefined: it knows nothing yet. */
  get since(): number | undefined {
    return this.versions[0]?.at;
  }

  /** The cluster at a moment: everything up to it has happened. */
  at(moment: number): Cluster {
    const state = tables(this.base);
    for (const version of this.versions) {
      if (version.at > moment) break;
      apply(state, version);
    }
    return state as Cluster; // edge: each table holds the objects that its watch gave
  }
}

function tables(from: Readonly<Record<keyof Cluster, ReadonlyMap<string, object>>> = emptyCluster): Tables {
  return {
    pods: new Map(from.pods),
    nodes: new Map(from.nodes),
    services: new Map(from.services),
    namespaces: new Map(from.namespaces),
    deployments: new Map(from.deployments),
    replicaSets: new Map(from.replicaSets),
    endpointSlices: new Map(from.endpointSlices),
    claims: new Map(from.claims),
  };
}

function apply(state: Tables, { kind, uid, object }: Version): void {
  if (object) state[kind].set(uid, object);
  else state[kind].delete(uid);
}
