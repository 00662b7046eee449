// `kubectl get` as tables: one for each resource type, parted by an empty line.
import type { JsonObject } from '../../../base/json.ts';
import type { ApiResource } from '../../client/discovery.ts';
import type { Context } from '../../context.ts';
import { ManyErrors } from '../../errors.ts';
import { sortInfos } from '../../print/sort.ts';
import { TablePrinter } from '../../print/table.ts';
import { TableWriter } from '../../print/table-writer.ts';
import { findResources } from '../../resource/builder.ts';
import { groupResource } from '../../resource/info.ts';
import { getWanted } from './wanted.ts';

export async function getTable(context: Context): Promise<void> {
  const { flags } = context;
  const result = await findResources(context, getWanted(context, true));
  const { infos: found, errors } = await result.collect();
  const sortBy = flags.string('sort-by');
  const infos = sortBy ? sortInfos(found, sortBy) : found;
  const kinds = new Set(infos.map(({ resource }) => `${resource.group}/${resource.version}/${resource.kind}`));
  const withKind = kinds.size > 1;
  let text = '';
  let last: ApiResource | undefined;
  let printer: TablePrinter | undefined;
  const writer = new TableWriter();
  let gap = false;
  const flush = () => {
    const block = writer.flush();
    if (block === '') return;
    text += (gap ? '\n' : '') + block;
    gap = false;
  };
  for (const { resource, object } of infos) {
    if (!printer || !last || groupResource(last) !== groupResource(resource)) {
      flush();
      writer.reset();
      if (last && !flags.bool('no-headers') && text !== '') gap = true;
      printer = tablePrinter(context, resource, withKind);
      last = resource;
    }
    printer.print(object, writer);
  }
  flush();
  context.out(text);
  if (text === '' && !flags.bool('ignore-not-found') && errors.length === 0) context.err(nothingFound(context, infos));
  // Upstream wraps them twice, so that even one stands without `error: ` before it.
  if (errors.length > 0) throw new ManyErrors([new ManyErrors(errors)]);
}

function nothingFound(
  context: Context,
  infos: readonly { readonly resource: ApiResource; readonly object: JsonObject }[],
): string {
  const namespaced = !context.flags.bool('all-namespaces') && infos.every(({ resource }) => resource.namespaced);
  return namespaced ? `No resources found in ${context.namespace().ns} namespace.\n` : 'No resources found\n';
}

export function tablePrinter(context: Context, resource: ApiResource, withKind: boolean): TablePrinter {
  const { flags } = context;
  const kind = resource.kind.toLowerCase() + (resource.group ? `.${resource.group.toLowerCase()}` : '');
  return new TablePrinter({
    wide: flags.string('output') === 'wide',
    noHeaders: flags.bool('no-headers'),
    withNamespace: flags.bool('all-namespaces') && resource.namespaced,
    kindPrefix: withKind || flags.bool('show-kind') ? kind : '',
    labelColumns: flags.strings('label-columns'),
    showLabels: flags.bool('show-labels'),
    now: context.now(),
  });
}
