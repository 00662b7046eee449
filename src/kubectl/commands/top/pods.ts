// `kubectl top pod`: what pods use, or the containers in them.

import { objectsAt, textAt } from '../../../base/fields.ts';
import { goDuration } from '../../../base/go-duration.ts';
import type { JsonObject } from '../../../base/json.ts';
import { parseTime } from '../../../base/time.ts';
import { resourcePath } from '../../client/url.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { amountsAt, measuredResources, nameOf, sortedUsage, sumOf, usageCell, usageTable } from './usage-table.ts';

/** How long a new pod may be without metrics. */
const creationDelayMs = 120_000;

export async function runTopPod(context: Context): Promise<void> {
  const metrics = await fetchPods(context, { group: 'metrics.k8s.io', version: 'v1beta1' });
  if (metrics.length === 0) {
    await explainEmpty(context);
    const where = everywhere(context)
      ? 'No resources found'
      : `No resources found in ${namespaceOf(context)} namespace.`;
    context.err(`${where}\n`);
    return;
  }
  context.out(usageTable(rowsOf(context, metrics)));
}

const everywhere = ({ flags }: Context): boolean => flags.bool('all-namespaces');
const namespaceOf = (context: Context): string => context.namespace().ns;

async function fetchPods(
  context: Context,
  place: { readonly group: string; readonly version: string },
): Promise<readonly JsonObject[]> {
  const { args, flags } = context;
  const [name] = args;
  const where = { ...place, resource: 'pods' };
  const ns = everywhere(context) ? '' : namespaceOf(context);
  const path = resourcePath(where, { ns, ...(name && { name }) });
  const about = { ...where, ...(name && { name }) };
  if (name) return [await context.client().object({ path, about })];
  const labelSelector = flags.string('selector') || undefined;
  const fieldSelector = flags.string('field-selector') || undefined;
  return objectsAt(await context.client().object({ path, about, query: { labelSelector, fieldSelector } }), 'items');
}

/** Pods that have been there for long should have metrics; new ones may not have them yet. */
async function explainEmpty(context: Context): Promise<void> {
  const pods = await fetchPods(context, { group: '', version: 'v1' });
  if (pods.length === 0) return;
  for (const pod of pods) {
    const ageMs = context.now() - (parseTime(textAt(pod, 'metadata.creationTimestamp')) ?? context.now());
    if (ageMs > creationDelayMs)
      throw new CommandError(
        `Metrics not available for pod ${textAt(pod, 'metadata.namespace')}/${nameOf(pod)}, age: ${goDuration(ageMs)}`,
      );
  }
  throw new CommandError('metrics not available yet');
}

function rowsOf(context: Context, metrics: readonly JsonObject[]): readonly (readonly string[])[] {
  const { flags } = context;
  const sortBy = flags.string('sort-by');
  const all = everywhere(context);
  const measured = measuredResources(flags.bool('show-swap'));
  const titles = ['NAME', 'CPU(cores)', 'MEMORY(bytes)', 'SWAP(bytes)'].slice(0, 1 + measured.length);
  const headers = [...(all ? ['NAMESPACE'] : []), ...(flags.bool('containers') ? ['POD'] : []), ...titles];
  const rows: (readonly string[])[] = flags.bool('no-headers') ? [] : [headers];
  const sorted = sortedUsage(metrics, sortBy, {
    usage: (pod) => sumOf([pod]),
    name: (pod) => (all ? `${textAt(pod, 'metadata.namespace')}\u0000${nameOf(pod)}` : nameOf(pod)),
  });
  const cells = (usage: ReturnType<typeof sumOf>): readonly string[] =>
    measured.map((resource) => usageCell(resource, usage.get(resource)));
  for (const pod of sorted) {
    const where = all ? [textAt(pod, 'metadata.namespace')] : [];
    if (!flags.bool('containers')) {
      rows.push([...where, nameOf(pod), ...cells(sumOf([pod]))]);
      continue;
    }
    const usage = (container: JsonObject) => amountsAt(container, 'usage');
    const name = (container: JsonObject): string => textAt(container, 'name');
    for (const container of sortedUsage(objectsAt(pod, 'containers'), sortBy, { usage, name }))
      rows.push([...where, nameOf(pod), name(container), ...cells(usage(container))]);
  }
  if (!flags.bool('sum')) return rows;
  // Upstream counts columns only while it writes headers; without them the sum stands as under a plain table.
  const prefix = flags.bool('no-headers') ? 0 : headers.length - titles.length;
  const width = titles.length + prefix;
  const blank = (count: number): readonly string[] => Array<string>(Math.max(0, count)).fill('');
  return [...rows, [...blank(width - 2), '________', '________'], [...blank(width - 3), '', ...cells(sumOf(metrics))]];
}
