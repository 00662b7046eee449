// Defaults in the schema of a custom resource: they must fit the schema themselves.
import { invalid } from '../../api/field-error.ts';
import { equal } from '../../base/json.ts';
import { checkRules } from '../custom/check-rules.ts';
import { checkSchema } from '../custom/check-schema.ts';
import { prune } from '../custom/prune.ts';
import { isEmbedded, itemsOf, propertiesOf, type Schema } from '../custom/schema-node.ts';
import type { Errors } from './checks.ts';

/** Adds what is wrong with the defaults of a schema and of what is in it. */
export function validateDefaults(schema: Schema, at: string, errors: Errors): void {
  const { default: value } = schema;
  if (value !== undefined && value !== null) {
    const field = `${at}.default`;
    const pruned = prune(value, schema, { root: isEmbedded(schema) }).value;
    if (!equal(pruned, value)) errors.push(invalid(field, value, 'must not have unknown fields'));
    const found = checkSchema(schema, value, { below: field });
    errors.push(...(found.length > 0 ? found : checkRules(schema, { value, before: undefined }, { below: field })));
  }
  const items = itemsOf(schema);
  if (items) validateDefaults(items, `${at}.items`, errors);
  for (const [name, property] of propertiesOf(schema)) validateDefaults(property, `${at}.properties[${name}]`, errors);
}
