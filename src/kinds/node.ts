// Nodes.
import type { Node } from '../api/generated/types.ts';
import { defineKind } from './kind.ts';
import { assign, change, fill } from './share.ts';

export const node = defineKind<Node>({
  group: '',
  kind: 'Node',
  defaults: (node) =>
    change(fill(node, { spec: {}, status: {} }), 'status', (status) =>
      status.capacity && !status.allocatable ? { ...status, allocatable: status.capacity } : status,
    ),
  prepareForUpdate: (node, old) => assign(node, { status: old.status }),
  fields: { 'spec.unschedulable': (node) => String(node.spec?.unschedulable ?? false) },
});
