// ResourceQuotas: how much a namespace may use.
import type { ResourceQuota } from '../api/generated/types.ts';
import { compareText } from '../api/go-format.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { statusOfItsOwn } from './status-of-its-own.ts';

/** What the server knows about ResourceQuotas. */
export const resourceQuota = defineKind<ResourceQuota>({
  ...statusOfItsOwn,
  group: '',
  kind: 'ResourceQuota',
  returnsDeleted: true,
  columns: [
    nameColumn,
    textColumn('Request', 'Used and allowed, of requests and objects.', (quota) => usageText(quota, false)),
    textColumn('Limit', 'Used and allowed, of limits.', (quota) => usageText(quota, true)),
    ageColumn,
  ],
});

function usageText({ status }: ResourceQuota, limits: boolean): string {
  const hard = Object.entries(status?.hard ?? {}).sort(([a], [b]) => compareText(a, b));
  const texts = hard
    .filter(([resource]) => resource.startsWith('limits.') === limits)
    .map(([resource, amount]) => `${resource}: ${status?.used?.[resource] ?? '0'}/${amount}`);
  return texts.join(', ');
}
