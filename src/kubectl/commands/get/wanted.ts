// What `kubectl get`'s flags ask for, as the resource builder takes it.
import type { Context } from '../../context.ts';
import type { Wanted } from '../../resource/builder.ts';
import { fileChoice } from '../../resource/files.ts';

const tableAccept =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

/** `table`: the server is asked for a Table (with whole objects where they are to be sorted). */
export function getWanted(context: Context, table: boolean): Wanted {
  const { flags } = context;
  const sortBy = flags.string('sort-by');
  const asTable = table && flags.bool('server-print');
  return {
    args: context.args,
    files: fileChoice(flags),
    allNamespaces: flags.bool('all-namespaces'),
    requireNamespace: context.namespace().explicit && !flags.bool('all-namespaces'),
    labelSelector: flags.string('selector'),
    fieldSelector: flags.string('field-selector'),
    subresource: flags.string('subresource'),
    chunkSize: sortBy ? 0 : flags.number('chunk-size'),
    allowAll: true,
    continueOnError: true,
    latest: true,
    ignoreNotFound: flags.bool('ignore-not-found'),
    ...(asTable ? { accept: tableAccept, query: sortBy ? { includeObject: 'Object' } : {} } : {}),
  };
}
