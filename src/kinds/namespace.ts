// Namespaces.
import type { Namespace } from '../api/generated/types.ts';
import { dns1123Label } from '../api/names.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { assign } from './share.ts';

const nameLabel = 'kubernetes.io/metadata.name';

/** What the server knows about Namespaces. */
export const namespace = defineKind<Namespace>({
  group: '',
  kind: 'Namespace',
  returnsDeleted: true,
  validName: dns1123Label,
  defaults: (namespace) => {
    const phase = namespace.status?.phase || 'Active';
    const status = namespace.status?.phase ? namespace.status : { ...namespace.status, phase };
    return withNameLabel(assign(namespace, { status }));
  },
  prepareForCreate: (namespace) => ({
    ...withNameLabel(namespace),
    spec: { finalizers: [...new Set([...(namespace.spec?.finalizers ?? []), 'kubernetes'])] },
    status: { phase: 'Active' },
  }),
  prepareForUpdate: (namespace, old) => assign(namespace, { spec: old.spec, status: old.status }),
  parts: { finalize: { prepare: finalized } },
  markDeleted: (namespace) => ({ ...namespace, status: { ...namespace.status, phase: 'Terminating' } }),
  fields: { 'status.phase': (namespace) => namespace.status?.phase ?? '' },
  columns: [
    nameColumn,
    textColumn('Status', 'Whether the namespace is in use or going away.', ({ status }) => status?.phase ?? ''),
    ageColumn,
  ],
});

/** A namespace's own finalizers: nothing else of it changes. */
function finalized(wanted: Namespace, old: Namespace): Namespace {
  return { ...old, spec: wanted.spec };
}

function withNameLabel(namespace: Namespace): Namespace {
  const { name, labels } = namespace.metadata ?? {};
  if (!name || labels?.[nameLabel] === name) return namespace;
  return { ...namespace, metadata: { ...namespace.metadata, labels: { ...labels, [nameLabel]: name } } };
}
