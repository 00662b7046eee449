// CustomResourceDefinitions.
import type { CustomResourceDefinition } from '../api/generated/types.ts';
import { createdAtColumns } from './columns.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { statusOfItsOwn } from './status-of-its-own.ts';

/** What the server knows about CustomResourceDefinitions. */
export const customResourceDefinition = defineKind<CustomResourceDefinition>({
  ...specGeneration,
  ...statusOfItsOwn,
  group: 'apiextensions.k8s.io',
  kind: 'CustomResourceDefinition',
  columns: createdAtColumns,
});
