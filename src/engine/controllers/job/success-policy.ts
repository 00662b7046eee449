// The success policy: an indexed job may succeed before all its indexes have.
import type { SuccessPolicy } from '../../../api/generated/types.ts';
import { parseIndexes } from './indexes.ts';

/** Why the job has succeeded; undefined when no rule matches. */
export function successMessage(
  policy: SuccessPolicy | undefined,
  completions: number,
  done: ReadonlySet<number>,
): string | undefined {
  for (const [i, { succeededIndexes, succeededCount }] of (policy?.rules ?? []).entries()) {
    const wanted = succeededIndexes === undefined ? undefined : parseIndexes(succeededIndexes, completions);
    const matching = wanted ? [...wanted].filter((index) => done.has(index)).length : done.size;
    const enough = succeededCount ?? wanted?.size;
    if (enough !== undefined && matching >= enough && done.size > 0) return `Matched rules at index ${i}`;
  }
  return undefined;
}
