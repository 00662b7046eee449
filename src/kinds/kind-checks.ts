// What is wrong with objects of one kind: beside the kind itself, since a cluster begins without it (checks.ts).
//
//   export const configMapChecks = defineChecks<ConfigMap>({
//     group: '', kind: 'ConfigMap',
//     validate(map, errors) { … },
//   });
import type { FieldError } from '../api/field-error.ts';
import type { Checks, StoredObject } from './kind.ts';
import { withoutNulls } from './share.ts';

/** The checks of one kind; what is left out is not looked at. */
export interface KindChecks<T extends StoredObject = StoredObject> extends Omit<Checks<T>, 'validatePart'> {
  readonly group: string;
  readonly kind: string;
  /** Those of subresources that write one part. */
  readonly parts?: Readonly<Record<string, (object: T, old: T, errors: FieldError[]) => void>>;
  /** Which of them see objects as they are: for what is written so often that copies without nulls would cost. */
  readonly takesNulls?: 'in status' | 'everywhere';
}

/** Registers nothing by itself: the list is checks/checks.ts. */
export function defineChecks<T extends StoredObject>(checks: KindChecks<T>): KindChecks {
  const { validate, validateUpdate, validateStatusUpdate } = checks;
  if (checks.takesNulls === 'everywhere') return checks as unknown as KindChecks; // edge: as below
  const guarded: KindChecks<T> = {
    ...checks,
    ...(validate && { validate: (object: T, errors: FieldError[]) => validate(withoutNulls(object), errors) }),
    ...(validateUpdate && {
      validateUpdate: (object: T, old: T, errors: FieldError[]) =>
        validateUpdate(withoutNulls(object), withoutNulls(old), errors),
    }),
    ...(validateStatusUpdate && {
      validateStatusUpdate: checks.takesNulls
        ? validateStatusUpdate
        : (object: T, old: T, errors: FieldError[]) =>
            validateStatusUpdate(withoutNulls(object), withoutNulls(old), errors),
    }),
  };
  return guarded as unknown as KindChecks; // edge: a kind's checks see only objects of its own group and kind
}
