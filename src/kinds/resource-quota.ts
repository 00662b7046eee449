// ResourceQuotas: how much a namespace may use.
import type { ResourceQuota } from '../api/generated/types.ts';
import { compareText } from '../api/go-format.ts';
import { parseQuantity, quantityProblem } from '../api/quantity.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { statusOfItsOwn } from './status-of-its-own.ts';
import { validateQuota, validateQuotaUpdate } from './validation/quotas.ts';

/** What the server knows about ResourceQuotas. */
export const resourceQuota = defineKind<ResourceQuota>({
  ...statusOfItsOwn,
  group: '',
  kind: 'ResourceQuota',
  returnsDeleted: true,
  validate: validateQuota,
  validateUpdate: validateQuotaUpdate,
  warnings: (quota, old) => (old ? [] : limitWarnings(quota)),
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

/** Limits below the requests that they are for. */
function limitWarnings({ spec }: ResourceQuota): readonly string[] {
  const hard = spec?.hard ?? {};
  const has = (name: string): boolean => Object.hasOwn(hard, name) && quantityProblem(hard[name] ?? '') === undefined;
  return ['cpu', 'memory', 'ephemeral-storage'].flatMap((name) => {
    const request = [`requests.${name}`, ...(name === 'ephemeral-storage' ? [] : [name])].find(has);
    const limit = `limits.${name}`;
    if (request === undefined || !has(limit)) return [];
    const [asked, most] = [parseQuantity(hard[request] ?? ''), parseQuantity(hard[limit] ?? '')];
    if (asked.compare(most) <= 0) return [];
    return [`ResourceQuota ${request} (${asked}) should be less than ${limit} (${most})`];
  });
}
