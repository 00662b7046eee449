// The table of `kubectl top`: amounts of CPU, memory and swap, for nodes also as a part of what there is.
import { parseQuantity, Quantity } from '../../../api/quantity.ts';
import { at, objectsAt, textAt } from '../../../base/fields.ts';
import { isObject, type JsonObject, own } from '../../../base/json.ts';
import { TableWriter } from '../../print/table-writer.ts';

/** What is used, or what there is, by the resource's name. */
export type Amounts = ReadonlyMap<string, Quantity>;

export const unknownCell = '<unknown>';

export const measuredResources = (withSwap: boolean): readonly string[] =>
  withSwap ? ['cpu', 'memory', 'swap'] : ['cpu', 'memory'];

/** The amounts of a ResourceList. */
export function amountsAt(object: JsonObject, path: string): Amounts {
  const list = at(object, path);
  if (!isObject(list)) return new Map();
  return new Map(Object.keys(list).map((name) => [name, parseQuantity(String(own(list, name)))] as const));
}

export function usageCell(resource: string, amount: Quantity | undefined): string {
  const used = amount ?? Quantity.of(0);
  if (resource === 'cpu') return `${used.milliValue()}m`;
  return `${Math.trunc(used.value() / (1024 * 1024))}Mi`;
}

/** Rows whose last cell is filled up too, as upstream ends each cell with a tab. */
export function usageTable(rows: readonly (readonly string[])[]): string {
  const writer = new TableWriter();
  for (const row of rows) writer.row([...row, '']);
  return writer.flush();
}

/** The sum over the containers of the given PodMetrics. */
export function sumOf(pods: readonly JsonObject[]): Amounts {
  const sum = new Map<string, Quantity>();
  for (const pod of pods)
    for (const container of objectsAt(pod, 'containers'))
      for (const [name, amount] of amountsAt(container, 'usage')) sum.set(name, sum.get(name)?.add(amount) ?? amount);
  return sum;
}

/** The most first by `--sort-by`, else by `name`. */
export function sortedUsage<T>(
  items: readonly T[],
  by: string,
  read: { readonly usage: (item: T) => Amounts; readonly name: (item: T) => string },
): readonly T[] {
  const keyed = items.map((item) => ({ item, name: read.name(item), amount: amountOf(read.usage(item), by) }));
  keyed.sort((a, b) => (by === '' ? (a.name < b.name ? -1 : a.name > b.name ? 1 : 0) : b.amount - a.amount));
  return keyed.map(({ item }) => item);
}

export function nameOf(object: JsonObject): string {
  return textAt(object, 'metadata.name');
}

function amountOf(usage: Amounts, by: string): number {
  return (by === 'cpu' ? usage.get(by)?.milliValue() : usage.get(by)?.value()) ?? 0;
}
