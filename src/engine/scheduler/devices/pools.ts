// ResourceSlices as pools: the newest generation of each, and what of it a node can reach.
import type { CounterSet, Device, Node, NodeSelector, ResourceSlice } from '../../../api/generated/types.ts';
import { parseQuantity, type Quantity } from '../../../api/quantity.ts';
import { termsMatcher } from '../node-selector.ts';

/** A pool as one node sees it. */
export interface Pool {
  readonly driver: string;
  readonly name: string;
  /** Not all of its slices are there. */
  readonly incomplete: boolean;
  /** Two of its devices have one name. */
  readonly invalid: boolean;
  /** Its devices that the node can reach. */
  readonly reachable: readonly Candidate[];
  /** All of its devices. */
  readonly devices: readonly Device[];
  readonly counters: ReadonlyMap<string, CounterSet['counters']>;
}

/** A device and its pool. */
export interface Candidate {
  readonly device: Device;
  readonly pool: Pool;
  readonly place: Place;
}

/** Where a device can be reached from. */
export interface Place {
  readonly nodeName?: string | undefined;
  readonly nodeSelector?: NodeSelector | undefined;
  readonly allNodes?: boolean | undefined;
}

/** What tells devices apart. */
export function deviceKey({ device, pool }: Candidate): string {
  return keyOfDevice({ driver: pool.driver, pool: pool.name, device: device.name });
}

/** As {@link deviceKey}, of an allocated device. */
export function keyOfDevice(at: { readonly driver: string; readonly pool: string; readonly device: string }): string {
  return `${at.driver}/${at.pool}/${at.device}`;
}

/** The pools that have something for a node, in the order of their slices' names. */
export function poolsFor(slices: readonly ResourceSlice[], node: Node): readonly Pool[] {
  const byPool = new Map<string, ResourceSlice[]>();
  for (const slice of slices) {
    const { driver, pool } = slice.spec;
    const key = `${driver}/${pool.name}`;
    const known = byPool.get(key) ?? [];
    const newest = known[0]?.spec.pool.generation ?? pool.generation;
    if (pool.generation > newest) byPool.set(key, [slice]);
    else if (pool.generation === newest) byPool.set(key, [...known, slice]);
  }
  return [...byPool.values()].map((of) => makePool(of, node)).filter(({ reachable }) => reachable.length > 0);
}

/** How much of a counter devices in use consume. */
export function consumedIn(
  { devices, driver, name }: Pool,
  used: ReadonlySet<string>,
  { counterSet, counter }: { readonly counterSet: string; readonly counter: string },
): Quantity {
  return devices
    .filter((device) => used.has(keyOfDevice({ driver, pool: name, device: device.name })))
    .flatMap(({ consumesCounters = [] }) => consumesCounters.filter((one) => one.counterSet === counterSet))
    .reduce((sum, { counters }) => sum.add(parseQuantity(counters[counter]?.value ?? '0')), parseQuantity('0'));
}

function makePool(slices: readonly ResourceSlice[], node: Node): Pool {
  const [first] = slices;
  const devices = slices.flatMap(({ spec }) => spec.devices ?? []);
  const reachable: Candidate[] = [];
  const pool: Pool = {
    driver: first?.spec.driver ?? '',
    name: first?.spec.pool.name ?? '',
    incomplete: slices.length !== first?.spec.pool.resourceSliceCount,
    invalid: new Set(devices.map(({ name }) => name)).size < devices.length,
    reachable,
    devices,
    counters: new Map(slices.flatMap(({ spec }) => (spec.sharedCounters ?? []).map((set) => [set.name, set.counters]))),
  };
  for (const { spec } of slices)
    for (const device of spec.devices ?? []) {
      const place: Place = spec.perDeviceNodeSelection ? device : spec;
      if (isReached(place, node)) reachable.push({ device, pool, place });
    }
  return pool;
}

function isReached({ nodeName, nodeSelector, allNodes }: Place, node: Node): boolean {
  if (allNodes) return true;
  if (nodeName !== undefined) return nodeName === node.metadata?.name;
  return nodeSelector !== undefined && termsMatcher(nodeSelector.nodeSelectorTerms).matches(node);
}
