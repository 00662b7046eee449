// The fields of a custom resource that field selectors may name.
import { duplicate, invalid, required, tooMany } from '../../api/field-error.ts';
import type { SelectableField } from '../../api/generated/types.ts';
import { fieldPathOf } from '../custom/field-path.ts';
import type { Schema } from '../custom/schema-node.ts';
import type { Errors } from './checks.ts';
import { selectableFieldsMax } from './definition-leniency.ts';

/** Adds what is wrong with the selectable fields of a version; `many`: there were too many before. */
export function validateSelectable(
  fields: readonly SelectableField[],
  { field, schema, many }: { readonly field: string; readonly schema: Schema | undefined; readonly many: boolean },
  errors: Errors,
): void {
  const seen = new Set<string>();
  for (const [i, { jsonPath }] of fields.entries()) {
    const at = `${field}[${i}].jsonPath`;
    if (!jsonPath) {
      errors.push(required(at));
      continue;
    }
    const found = fieldPathOf(jsonPath, schema ?? {}, { arrays: false });
    if ('problem' in found) {
      errors.push(invalid(at, jsonPath, `is an invalid path: ${found.problem}`));
      continue;
    }
    if (/^metadata(?![^.[])/.test(found.path))
      errors.push(invalid(at, jsonPath, 'must not point to fields in metadata'));
    if (!selectableTypes.includes(found.schema.type ?? '')) {
      const text =
        'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';
      errors.push(invalid(at, jsonPath, text));
    }
    if (seen.has(found.path)) errors.push(duplicate(at, jsonPath));
    seen.add(found.path);
  }
  if (seen.size > selectableFieldsMax && !many) errors.push(tooMany(field, seen.size, selectableFieldsMax));
}

const selectableTypes = ['string', 'boolean', 'integer'];
