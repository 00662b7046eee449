// API priority and fairness: every HTTP request belongs to a flow of some priority, and is counted there. What a request
// costs here is nothing, so that a level never fills up; one that has no seats at all rejects, or lets wait in vain.
// Left out: the requests of components inside the world, which are not counted.
import type { FlowSchema, PriorityLevelConfiguration } from '../../../api/generated/types.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import { distinguisherOf, type FlowRequest, inOrder, matchesFlow } from './flow-matching.ts';

/** What became of a level's requests. */
export interface LevelCounts {
  dispatched: number;
  rejected: number;
  timedOut: number;
  waiting: number;
}

/** Where a request belongs. */
export interface Flow {
  readonly schema: FlowSchema;
  readonly level: PriorityLevelConfiguration;
  readonly distinguisher: string;
}

interface Configuration {
  readonly version: number;
  readonly schemas: readonly FlowSchema[];
  readonly levels: ReadonlyMap<string, PriorityLevelConfiguration>;
}

export interface FairnessSource {
  list(resource: string): readonly StoredObject[];
  /** Counts up with every change of a FlowSchema or a priority level. */
  version(): number;
}

/** --max-requests-inflight and --max-mutating-requests-inflight, together. */
const seats = 600;
const group = 'flowcontrol.apiserver.k8s.io';

export class Fairness {
  private configuration: Configuration | undefined;
  private readonly byLevel = new Map<string, LevelCounts>();
  /** Dispatched and rejected requests by schema and level. */
  readonly bySchema = new Map<
    string,
    { readonly schema: string; readonly level: string; dispatched: number; rejected: number }
  >();

  constructor(private readonly source: FairnessSource) {}

  classify(request: FlowRequest): Flow | undefined {
    const { schemas, levels } = this.current();
    const schema = schemas.find((each) => levels.has(levelName(each)) && matchesFlow(each, request));
    const level = schema && levels.get(levelName(schema));
    return schema && level && { schema, level, distinguisher: distinguisherOf(schema, request) };
  }

  /** What happens to a request of a flow: it goes on, is rejected, or waits until it is given up. */
  admit({ schema, level }: Flow): 'dispatched' | 'rejected' | 'waiting' {
    const name = level.metadata?.name ?? '';
    const { type, limited, exempt: _ } = level.spec ?? {};
    const full = type === 'Limited' && limited?.nominalConcurrencyShares === 0;
    const fate = !full ? 'dispatched' : limited?.limitResponse?.type === 'Queue' ? 'waiting' : 'rejected';
    this.countsOf(name)[fate]++;
    const known = this.bySchema.get(`${schema.metadata?.name} ${name}`);
    const counts = known ?? { schema: schema.metadata?.name ?? '', level: name, dispatched: 0, rejected: 0 };
    if (!known) this.bySchema.set(`${counts.schema} ${name}`, counts);
    if (fate === 'dispatched') counts.dispatched++;
    else counts.rejected++;
    return fate;
  }

  /** A request that has waited is given up. */
  timeOut({ level }: Flow): void {
    const counts = this.countsOf(level.metadata?.name ?? '');
    counts.waiting--;
    counts.timedOut++;
  }

  /** Levels by their names. */
  levels(): readonly (readonly [PriorityLevelConfiguration, LevelCounts])[] {
    const named = [...this.current().levels].sort(([a], [b]) => (a < b ? -1 : 1));
    return named.map(([name, level]) => [level, this.countsOf(name)]);
  }

  /** How many requests of each level may run at once. */
  nominalSeats(): ReadonlyMap<string, number> {
    const levels = [...this.current().levels];
    const shares = ({ spec }: PriorityLevelConfiguration): number =>
      (spec?.type === 'Exempt' ? spec.exempt?.nominalConcurrencyShares : spec?.limited?.nominalConcurrencyShares) ??
      (spec?.type === 'Exempt' ? 0 : 30);
    const sum = levels.reduce((total, [, level]) => total + shares(level), 0);
    return new Map(levels.map(([name, level]) => [name, sum === 0 ? 0 : Math.ceil((seats * shares(level)) / sum)]));
  }

  private countsOf(level: string): LevelCounts {
    const known = this.byLevel.get(level) ?? { dispatched: 0, rejected: 0, timedOut: 0, waiting: 0 };
    this.byLevel.set(level, known);
    return known;
  }

  private current(): Configuration {
    const version = this.source.version();
    if (this.configuration?.version === version) return this.configuration;
    const schemas = this.source.list(`flowschemas.${group}`) as readonly FlowSchema[]; // edge: objects of that resource
    const levels = this.source
      .list(`prioritylevelconfigurations.${group}`)
      .map((level) => [level.metadata?.name ?? '', level]);
    this.configuration = {
      version,
      schemas: inOrder(schemas),
      levels: new Map(levels as [string, PriorityLevelConfiguration][]), // edge: objects of that resource
    };
    return this.configuration;
  }
}

function levelName({ spec }: FlowSchema): string {
  return spec?.priorityLevelConfiguration?.name ?? '';
}
