// What is wrong with LimitRanges.
import type { LimitRange } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { validateLimitRange } from '../validation/policies.ts';

export const limitRangeChecks = defineChecks<LimitRange>({
  group: '',
  kind: 'LimitRange',
  validate: validateLimitRange,
  validateUpdate: (object, _old, errors) => validateLimitRange(object, errors),
});
