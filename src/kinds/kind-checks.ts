// What is wrong with objects of one kind: beside the kind itself, since a cluster begins without it (checks.ts).
//
//   export const configMapChecks = defineChecks<ConfigMap>({
//     group: '', kind: 'ConfigMap',
//     validate(map, errors) { … },
//   });
import type { FieldError } from '../api/field-error.ts';
import type { Checks, StoredObject } from './kind.ts';

/** The checks of one kind; what is left out is not looked at. */
export interface KindChecks<T extends StoredObject = StoredObject> extends Omit<Checks<T>, 'validatePart'> {
  readonly group: string;
  readonly kind: string;
  /** Those of subresources that write one part. */
  readonly parts?: Readonly<Record<string, (object: T, old: T, errors: FieldError[]) => void>>;
}

/** Registers nothing by itself: the list is checks/checks.ts. */
export function defineChecks<T extends StoredObject>(checks: KindChecks<T>): KindChecks {
  return checks as unknown as KindChecks; // edge: a kind's checks see only objects of its own group and kind
}
