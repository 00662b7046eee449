// What is wrong with ResourceQuotas.
import type { ResourceQuota } from '../../api/generated/types.ts';
import { parseQuantity, quantityProblem } from '../../api/quantity.ts';
import { defineChecks } from '../kind-checks.ts';
import { validateQuota, validateQuotaUpdate } from '../validation/quotas.ts';

export const resourceQuotaChecks = defineChecks<ResourceQuota>({
  group: '',
  kind: 'ResourceQuota',
  validate: validateQuota,
  validateUpdate: validateQuotaUpdate,
  warnings: (quota, old) => (old ? [] : limitWarnings(quota)),
});

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
