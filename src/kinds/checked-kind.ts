// A kind with its checks, whose code is late: what a cluster itself begins with is right.
import { late } from '../base/late.ts';
import type { Kind } from './kind.ts';
import type { KindChecks } from './kind-checks.ts';

const code = late('checks', () => import('./checks/checks.ts'));

/** Before the checks are there, all that is written comes from the cluster itself: nothing is looked at. */
export function checkedKind(kind: Kind): Kind {
  let found: KindChecks | 'none' | undefined;
  const checks = (): KindChecks | undefined => {
    found ??= code.loaded && (code.loaded.checks.find(isOurs) ?? 'none');
    return found === 'none' ? undefined : found;
  };
  const isOurs = (one: KindChecks): boolean => one.kind === kind.kind && one.group === kind.group;
  return {
    ...kind,
    validate: (object, errors) => checks()?.validate?.(object, errors),
    validateUpdate: (object, old, errors) => checks()?.validateUpdate?.(object, old, errors),
    validateStatusUpdate: (object, old, errors) => checks()?.validateStatusUpdate?.(object, old, errors),
    validatePart: (part, object, old, errors) => checks()?.parts?.[part]?.(object, old, errors),
    warnings: (object, old) => checks()?.warnings?.(object, old) ?? [],
    warningsBefore: (object) => checks()?.warningsBefore?.(object) ?? [],
    statusWarnings: (object) => checks()?.statusWarnings?.(object) ?? [],
  };
}
