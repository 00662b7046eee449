// Finds devices for claims on one node: the first that fit, tried in order, taken back where later requests fail.
//
//   claim ─▶ requests (or the first alternative that works) ─▶ devices of pools that the node can reach
//
// Left out: devices that several claims share (allowMultipleAllocations), and those that wait for binding conditions.
import type {
  AllocationResult,
  Device,
  DeviceAttribute,
  DeviceClass,
  DeviceRequestAllocationResult,
  DeviceToleration,
  ExactDeviceRequest,
  NodeSelectorTerm,
  ResourceClaim,
} from '../../../api/generated/types.ts';
import { parseQuantity } from '../../../api/quantity.ts';
import { equal } from '../../../base/json.ts';
import { deviceMatches, SelectorFailure } from '../../../kinds/devices/device-selector.ts';
import { type Candidate, consumedIn, deviceKey, type Pool } from './pools.ts';

const devicesPerClaimMax = 32;
const stepsMax = 100_000;

/** Why devices could not even be looked for; the message is upstream's. */
export class AllocationFailure extends Error {
  override name = 'AllocationFailure';
}

/** What an allocation is made from. */
export interface Supply {
  /** What the node can reach. */
  readonly pools: readonly Pool[];
  readonly classOf: (name: string) => DeviceClass | undefined;
  /** Keys of devices that belong to other claims. */
  readonly taken: ReadonlySet<string>;
  readonly nodeName: string;
}

/** One allocation for each claim, or undefined where the devices do not suffice. Throws {@link AllocationFailure}. */
export function allocate(claims: readonly ResourceClaim[], supply: Supply): readonly AllocationResult[] | undefined {
  return new Search(claims, supply).run();
}

/** A request, or one alternative of it. */
interface Wanted {
  /** `REQUEST` or `REQUEST/SUBREQUEST`. */
  readonly name: string;
  readonly asked: ExactDeviceRequest;
  readonly deviceClass: DeviceClass;
}

interface Chosen {
  readonly wanted: Wanted;
  readonly candidate: Candidate;
}

/** Where the search is: a claim, a request of it, and how many devices of that there are. */
interface Place {
  readonly claim: number;
  readonly request: number;
  readonly wanted?: Wanted;
  readonly count: number;
}

class Search {
  private readonly used: Set<string>;
  private readonly chosen: Chosen[][];
  private readonly selectable = new Map<string, readonly Candidate[]>();
  private steps = 0;

  constructor(
    private readonly claims: readonly ResourceClaim[],
    private readonly supply: Supply,
  ) {
    this.used = new Set(supply.taken);
    this.chosen = claims.map(() => []);
  }

  run(): readonly AllocationResult[] | undefined {
    if (!this.place({ claim: 0, request: 0, count: 0 })) return undefined;
    return this.claims.map((claim, i) => this.resultOf(claim, this.chosen[i] ?? []));
  }

  private place(at: Place): boolean {
    if (++this.steps > stepsMax) throw new AllocationFailure('filter operation aborted: too many combinations');
    const claim = this.claims[at.claim];
    if (!claim) return true;
    const request = claim.spec?.devices?.requests?.[at.request];
    if (!request) return this.place({ claim: at.claim + 1, request: 0, count: 0 });
    if (at.wanted) return this.placeDevice(claim, at, at.wanted);
    const { name, exactly, firstAvailable = [] } = request;
    const alternatives = exactly
      ? [{ name, asked: exactly }]
      : firstAvailable.map((one) => ({ name: `${name}/${one.name}`, asked: one }));
    return alternatives.some(({ name: full, asked }) => {
      const deviceClass = this.supply.classOf(asked.deviceClassName);
      if (!deviceClass) throw new AllocationFailure(`${where(claim, full)}: could not retrieve device class`);
      return this.place({ ...at, wanted: { name: full, asked, deviceClass }, count: 0 });
    });
  }

  private placeDevice(claim: ResourceClaim, at: Place, wanted: Wanted): boolean {
    const candidates = this.candidatesFor(claim, wanted);
    const all = wanted.asked.allocationMode === 'All';
    const count = all ? Math.max(1, candidates.length) : (wanted.asked.count ?? 1);
    if (at.count === count) return this.place({ claim: at.claim, request: at.request + 1, count: 0 });
    const chosen = this.chosen[at.claim] ?? [];
    if (chosen.length === devicesPerClaimMax) return false;
    for (const candidate of all ? candidates.slice(at.count, at.count + 1) : candidates) {
      const key = deviceKey(candidate);
      const admin = wanted.asked.adminAccess === true;
      if (admin ? chosen.some((one) => deviceKey(one.candidate) === key) : this.used.has(key)) continue;
      if (!admin && !this.countersSuffice(candidate)) continue;
      if (!keepsConstraints(claim, [...chosen, { wanted, candidate }])) continue;
      chosen.push({ wanted, candidate });
      if (!admin) this.used.add(key);
      if (this.place({ ...at, count: at.count + 1 })) return true;
      chosen.pop();
      if (!admin) this.used.delete(key);
    }
    return false;
  }

  /** Devices that a request selects and whose taints it tolerates, whether they are free or not. */
  private candidatesFor(claim: ResourceClaim, wanted: Wanted): readonly Candidate[] {
    const memo = `${claim.metadata?.uid} ${wanted.name}`;
    const known = this.selectable.get(memo);
    if (known) return known;
    if (wanted.asked.capacity)
      throw new AllocationFailure(`${where(claim, wanted.name)}: requests of capacity are not simulated`);
    const all = wanted.asked.allocationMode === 'All';
    const found: Candidate[] = [];
    for (const pool of this.supply.pools) {
      const text = `${where(claim, wanted.name)}: asks for all devices, but resource pool ${pool.driver}/${pool.name}`;
      if (all && pool.incomplete) throw new AllocationFailure(`${text} is currently being updated`);
      if (all && pool.invalid) throw new AllocationFailure(`${text} is currently invalid`);
      if (pool.incomplete || pool.invalid) continue;
      found.push(...pool.reachable.filter((candidate) => selects(claim, wanted, candidate)));
    }
    this.selectable.set(memo, found);
    return found;
  }

  private countersSuffice({ device, pool }: Candidate): boolean {
    return (device.consumesCounters ?? []).every(({ counterSet, counters }) =>
      Object.entries(counters).every(([counter, { value }]) => {
        const shared = pool.counters.get(counterSet)?.[counter];
        if (!shared) return false;
        const needed = consumedIn(pool, this.used, { counterSet, counter }).add(parseQuantity(value));
        return needed.compare(parseQuantity(shared.value)) <= 0;
      }),
    );
  }

  private resultOf(claim: ResourceClaim, chosen: readonly Chosen[]): AllocationResult {
    const config = configOf(claim, chosen);
    const nodeSelector = nodeSelectorOf(chosen, this.supply.nodeName);
    return {
      devices: { results: chosen.map(resultOfDevice), ...(config.length > 0 && { config }) },
      ...(nodeSelector && { nodeSelector }),
    };
  }
}

function resultOfDevice({ wanted, candidate }: Chosen): DeviceRequestAllocationResult {
  const { adminAccess, tolerations } = wanted.asked;
  return {
    request: wanted.name,
    driver: candidate.pool.driver,
    pool: candidate.pool.name,
    device: candidate.device.name,
    ...(adminAccess && { adminAccess }),
    ...(tolerations && { tolerations }),
  };
}

function where({ metadata }: ResourceClaim, request: string): string {
  return `claim ${metadata?.namespace}/${metadata?.name}, request ${request}`;
}

function selects(claim: ResourceClaim, { asked, deviceClass }: Wanted, { device, pool }: Candidate): boolean {
  if (device.allowMultipleAllocations || (device.bindingConditions?.length ?? 0) > 0) return false;
  if (!tolerates(asked.tolerations ?? [], device)) return false;
  const places = [
    { at: `class ${deviceClass.metadata?.name}`, selectors: deviceClass.spec?.selectors },
    { at: `claim ${claim.metadata?.namespace}/${claim.metadata?.name}`, selectors: asked.selectors },
  ];
  for (const { at, selectors = [] } of places)
    for (const [i, { cel }] of selectors.entries())
      try {
        if (cel && !deviceMatches(cel.expression, pool.driver, device)) return false;
      } catch (error) {
        if (!(error instanceof SelectorFailure)) throw error;
        throw new AllocationFailure(`${at}: selector #${i}: CEL runtime error: ${error.message}`);
      }
  return true;
}

function tolerates(tolerations: readonly DeviceToleration[], { taints = [] }: Device): boolean {
  return taints.every(
    (taint) =>
      taint.effect === 'None' ||
      tolerations.some(
        ({ key = '', operator = '', value = '', effect = '' }) =>
          (effect === '' || effect === taint.effect) &&
          (key === '' || key === taint.key) &&
          (operator === 'Exists' || (key !== '' && value === (taint.value ?? ''))),
      ),
  );
}

function keepsConstraints(claim: ResourceClaim, chosen: readonly Chosen[]): boolean {
  return (claim.spec?.devices?.constraints ?? []).every(({ requests = [], matchAttribute, distinctAttribute }) => {
    const name = matchAttribute ?? distinctAttribute ?? '';
    const values = chosen
      .filter(({ wanted }) => {
        const [request = ''] = wanted.name.split('/');
        return requests.length === 0 || requests.includes(wanted.name) || requests.includes(request);
      })
      .map(({ candidate }) => attributeOf(candidate, name));
    if (values.includes(undefined)) return false;
    if (matchAttribute !== undefined) return values.every((value) => equal(value, values[0]));
    return values.every((value, i) => values.findIndex((other) => equal(value, other)) === i);
  });
}

/** A name without a domain is of the driver's. */
function attributeOf({ device, pool }: Candidate, name: string): DeviceAttribute | undefined {
  const { attributes = {} } = device;
  if (Object.hasOwn(attributes, name)) return attributes[name];
  const [domain, id = ''] = name.split('/');
  return domain === pool.driver && Object.hasOwn(attributes, id) ? attributes[id] : undefined;
}

type Config = NonNullable<NonNullable<AllocationResult['devices']>['config']>;

/** What classes say of their requests, then what the claim says. */
function configOf(claim: ResourceClaim, chosen: readonly Chosen[]): Config {
  const wanted = [...new Map(chosen.map((one) => [one.wanted.name, one.wanted])).values()];
  const classes = new Map(wanted.map(({ deviceClass }) => [deviceClass.metadata?.name, deviceClass]));
  const ofClasses = [...classes].flatMap(([name, { spec }]) => {
    const requests = wanted.filter((one) => one.deviceClass.metadata?.name === name).map((one) => one.name);
    return (spec?.config ?? []).map((config) => ({ source: 'FromClass', requests, ...config }));
  });
  const ofClaim = (claim.spec?.devices?.config ?? []).flatMap((config) => {
    const { requests = [] } = config;
    const used = wanted.filter(({ name }) => requests.includes(name) || requests.includes(name.split('/')[0] ?? ''));
    return (requests.length === 0 ? [config] : used.map(() => config)).map((one) => ({ source: 'FromClaim', ...one }));
  });
  return [...ofClasses, ...ofClaim];
}

/** The nodes that can reach all devices; undefined: any. */
function nodeSelectorOf(chosen: readonly Chosen[], nodeName: string): AllocationResult['nodeSelector'] {
  const places = chosen.map(({ candidate }) => candidate.place);
  if (
    places.some((place) => place.nodeName !== undefined) ||
    chosen.some(({ candidate }) => candidate.device.bindsToNode)
  )
    return { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [nodeName] }] }] };
  const terms = places.flatMap(({ nodeSelector }) => nodeSelector?.nodeSelectorTerms.slice(0, 1) ?? []);
  if (terms.length === 0) return undefined;
  const merged = (name: keyof NodeSelectorTerm) => {
    const all = terms.flatMap((term) => term[name] ?? []);
    return all.filter((one, i) => all.findIndex((other) => equal(one, other)) === i);
  };
  const [matchFields, matchExpressions] = [merged('matchFields'), merged('matchExpressions')];
  const term = {
    ...(matchExpressions.length > 0 && { matchExpressions }),
    ...(matchFields.length > 0 && { matchFields }),
  };
  return { nodeSelectorTerms: [term] };
}
