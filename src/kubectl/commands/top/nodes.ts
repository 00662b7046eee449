// `kubectl top node`: what nodes use, and how much of what they have.
import { Quantity } from '../../../api/quantity.ts';
import { numberAt, objectsAt } from '../../../base/fields.ts';
import type { JsonObject } from '../../../base/json.ts';
import { resourcePath } from '../../client/url.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import {
  type Amounts,
  amountsAt,
  measuredResources,
  nameOf,
  sortedUsage,
  unknownCell,
  usageCell,
  usageTable,
} from './usage-table.ts';

export async function runTopNode(context: Context): Promise<void> {
  const { flags } = context;
  const metrics = await fetchNodes(context, { group: 'metrics.k8s.io', version: 'v1beta1' });
  if (metrics.length === 0) throw new CommandError('metrics not available yet');
  const available = new Map<string, Amounts>();
  for (const node of await fetchNodes(context, { group: '', version: 'v1' })) {
    const amounts = amountsAt(node, flags.bool('show-capacity') ? 'status.capacity' : 'status.allocatable');
    const swap = numberAt(node, 'status.nodeInfo.swap.capacity');
    available.set(nameOf(node), new Map([...amounts, ...(swap ? ([['swap', Quantity.of(swap)]] as const) : [])]));
  }
  const measured = measuredResources(flags.bool('show-swap'));
  const headers = ['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)', 'SWAP(bytes)', 'SWAP(%)'];
  const rows = flags.bool('no-headers') ? [] : [headers.slice(0, 1 + 2 * measured.length)];
  const usage = (node: JsonObject): Amounts => amountsAt(node, 'usage');
  for (const node of sortedUsage(metrics, flags.string('sort-by'), { usage, name: nameOf })) {
    const name = nameOf(node);
    const used = usage(node);
    const whole = available.get(name);
    rows.push([name, ...measured.flatMap((resource) => cells(resource, used.get(resource), whole))]);
    available.delete(name);
  }
  for (const name of available.keys()) rows.push([name, ...measured.flatMap(() => [unknownCell, unknownCell])]);
  context.out(usageTable(rows));
}

async function fetchNodes(
  context: Context,
  place: { readonly group: string; readonly version: string },
): Promise<readonly JsonObject[]> {
  const [name] = context.args;
  const where = { ...place, resource: 'nodes' };
  const path = resourcePath(where, name ? { name } : {});
  const about = { ...where, ...(name && { name }) };
  if (name) return [await context.client().object({ path, about })];
  const labelSelector = context.flags.string('selector') || undefined;
  return objectsAt(await context.client().object({ path, about, query: { labelSelector } }), 'items');
}

/** How much, and how much of the whole in percent; nodes tell nothing of swap that they do not have. */
function cells(resource: string, used: Quantity | undefined, whole: Amounts | undefined): readonly string[] {
  const there = whole?.get(resource);
  if (resource === 'swap' && whole && !there) return [unknownCell, unknownCell];
  const cell = usageCell(resource, used);
  if (!there) return [cell];
  const part = there.isZero() ? 0 : ((used?.milliValue() ?? 0) / there.milliValue()) * 100;
  return [cell, `${Math.trunc(part)}%`];
}
