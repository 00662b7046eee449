// RuntimeClasses: which container runtime runs a pod.
import type { RuntimeClass } from '../api/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './kind.ts';

/** What the server knows about RuntimeClasses. */
export const runtimeClass = defineKind<RuntimeClass>({
  group: 'node.k8s.io',
  kind: 'RuntimeClass',
  unconditionalUpdate: false,
  createOnUpdate: true,
  columns: [nameColumn, textColumn('Handler', 'Name that the node knows it by.', ({ handler }) => handler), ageColumn],
});
