// Defaults in the schema of a custom resource: they must fit the schema themselves.
import { aggregateText, type FieldError, fieldErrorText, invalid } from '../../api/field-error.ts';
import { equal, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { checkRules } from '../custom/check-rules.ts';
import { checkSchema } from '../custom/check-schema.ts';
import { embeddedDefaultErrors } from '../custom/embedded-resources.ts';
import { prune } from '../custom/prune.ts';
import { asRoot, isEmbedded, itemsOf, metaFields, propertiesOf, type Schema } from '../custom/schema-node.ts';
import type { Errors } from './checks.ts';

/** Adds what is wrong with the defaults of a schema and of what is in it. `pruned`: they must have no unknown fields. */
export function validateDefaults(schema: Schema, at: string, { pruned }: { readonly pruned: boolean }): Errors {
  const errors: Errors = [];
  const whole = asRoot(schema);
  new Defaults(pruned, errors).visit(whole, at, { resource: whole, steps: [], inMeta: false });
  return errors;
}

/** Where we are inside of the nearest resource: names of fields, `*` for the items of a list. */
interface Place {
  readonly resource: Schema;
  readonly steps: readonly string[];
  readonly inMeta: boolean;
}

class Defaults {
  constructor(
    private readonly pruned: boolean,
    private readonly errors: Errors,
  ) {}

  visit(schema: Schema, at: string, outside: Place): void {
    const place = isEmbedded(schema) ? { resource: schema, steps: [], inMeta: false } : outside;
    const { default: value } = schema;
    if (value !== undefined && value !== null) {
      const field = `${at}.default`;
      if (this.pruned && !place.inMeta && !equal(prune(value, schema, { root: isEmbedded(schema) }).value, value))
        this.errors.push(invalid(field, value, 'must not have unknown fields'));
      const meta = place.inMeta ? metadataErrors(value, field, place) : embeddedDefaultErrors(schema, value, field);
      this.errors.push(...(meta.length > 0 ? meta : valueErrors(schema, value, field)));
    }
    const { steps } = place;
    const items = itemsOf(schema);
    if (items) this.visit(items, `${at}.items`, { ...place, steps: [...steps, '*'] });
    for (const [name, property] of propertiesOf(schema)) {
      const inMeta = place.inMeta || (isEmbedded(schema) && metaFields.has(name));
      this.visit(property, `${at}.properties[${name}]`, { ...place, steps: [...steps, name], inMeta });
    }
  }
}

/** A default is what an object may begin with, and what it may be changed to. */
function valueErrors(schema: Schema, value: JsonValue, field: string): readonly FieldError[] {
  const found = checkSchema(schema, value, { below: field, isDefault: true });
  if (found.length > 0) return found;
  const kept = checkRules(schema, { value, before: { value } }, { below: field, kept: true });
  return kept.length > 0 ? kept : checkRules(schema, { value, before: undefined }, { below: field });
}

/** Inside of metadata a default is looked at in an otherwise empty resource. */
function metadataErrors(value: JsonValue, field: string, { resource, steps }: Place): readonly FieldError[] {
  const around = steps.reduceRight<JsonValue>((inner, step) => (step === '*' ? [inner] : { [step]: inner }), value);
  const typed: JsonObject = { apiVersion: 'validation/v1', kind: 'Validation', ...(isObject(around) ? around : {}) };
  const found = embeddedDefaultErrors(resource, typed, '');
  if (found.length === 0) return [];
  const text = aggregateText(found.map(fieldErrorText));
  return [invalid(field, value, `must result in valid metadata: ${text}`)];
}
