// Warnings about jobs and CronJobs.
import type { JobSpec } from '../api/generated/types.ts';
import type { StoredObject } from './kind.ts';
import { workloadWarnings } from './pod-warnings.ts';

/** Its name, how many indexes it may have to remember, its template. */
export function jobWarnings(
  object: StoredObject,
  old: StoredObject | undefined,
  { spec, prefix }: { readonly spec: JobSpec | undefined; readonly prefix: string },
): readonly string[] {
  const warnings = workloadWarnings(object, old, { template: spec?.template, prefix: `${prefix}.template` });
  const many = (spec?.completions ?? 0) > 100_000 && (spec?.parallelism ?? 0) > 10_000;
  if (spec?.completionMode !== 'Indexed' || !many) return warnings;
  const why =
    'In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail';
  return [`${prefix}: ${why}`, ...warnings];
}
