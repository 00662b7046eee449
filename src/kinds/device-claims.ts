// Devices, and who claims them.
import type { ResourceClaim, ResourceSlice } from '../api/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { statusOfItsOwn } from './status-of-its-own.ts';

const group = 'resource.k8s.io';

/** What the server knows about DeviceClasses. */
export const deviceClass = defineKind({
  ...specGeneration,
  group,
  kind: 'DeviceClass',
  returnsDeleted: true,
  columns: [nameColumn, ageColumn],
});

/** What the server knows about ResourceClaims. */
export const resourceClaim = defineKind<ResourceClaim>({
  ...statusOfItsOwn,
  group,
  kind: 'ResourceClaim',
  returnsDeleted: true,
  columns: [nameColumn, textColumn('State', 'Whether it is allocated and reserved.', stateText), ageColumn],
});

/** What the server knows about ResourceClaimTemplates. */
export const resourceClaimTemplate = defineKind({
  group,
  kind: 'ResourceClaimTemplate',
  returnsDeleted: true,
  columns: [nameColumn, ageColumn],
});

/** What the server knows about ResourceSlices. */
export const resourceSlice = defineKind<ResourceSlice>({
  ...specGeneration,
  group,
  kind: 'ResourceSlice',
  returnsDeleted: true,
  columns: [
    nameColumn,
    textColumn('Node', 'Where the devices are.', ({ spec }) => spec?.nodeName ?? ''),
    textColumn('Driver', 'The driver.', ({ spec }) => spec?.driver ?? ''),
    textColumn('Pool', 'The pool.', ({ spec }) => spec?.pool.name ?? ''),
    ageColumn,
  ],
});

function stateText({ metadata, status }: ResourceClaim): string {
  const deleted = metadata?.deletionTimestamp !== undefined;
  const states = deleted ? ['deleted'] : [];
  if (status?.allocation) states.push('allocated', ...((status.reservedFor?.length ?? 0) > 0 ? ['reserved'] : []));
  else if (!deleted) states.push('pending');
  return states.join(',');
}
