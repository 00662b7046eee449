// Checks a value against an OpenAPI v3 schema, with the order, the words and the leniency of upstream: what was wrong
// before an update and did not change since may stay so.
import type { FieldError } from '../../api/field-error.ts';
import { GoRegexpError, goRegexp } from '../../base/go-regexp.ts';
import { equal, isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { type Before, itemBefore, valueBefore } from './before.ts';
import { checkAlternatives } from './check-alternatives.ts';
import { checkNumber, isInt64 } from './check-number.ts';
import { Findings } from './findings.ts';
import { isOpen, itemsOf, propertiesOf, propertyOf, type Schema, valuesOf } from './schema-node.ts';
import { Problems, type SchemaProblem } from './schema-problems.ts';
import { effectiveFormat, isOfFormat } from './string-formats.ts';

/** Where a value stands, and what it was. */
export interface SchemaCheck {
  /** Begins the errors' fields. */
  readonly below?: string;
  readonly before?: Before;
  /** Of a default upstream only looks at what alternatives say of an integer or a text. */
  readonly isDefault?: boolean;
}

/** Checks a value. */
export function checkSchema(
  schema: Schema,
  value: JsonValue,
  { below = '', before, isDefault = false }: SchemaCheck = {},
): readonly FieldError[] {
  const { problems } = checkNode(schema, { value, path: '', before, isDefault });
  return problems.map((problem) => problem.error(below));
}

/** A value on the way down. */
interface Node {
  readonly value: JsonValue;
  readonly path: string;
  readonly before: Before;
  readonly isDefault: boolean;
}

/** Checks a node; nothing is found where the value is what it was before. */
function checkNode(schema: Schema, node: Node): Findings {
  const found = checkPlain(schema, node);
  if (found.problems.length > 0 && node.before && equal(node.before.value, node.value)) found.problems.length = 0;
  return found;
}

/** As {@link checkNode} for one of several schemas of a value. */
function checkPlain(schema: Schema, node: Node): Findings {
  const found = new Findings();
  const { value, path } = node;
  const types = typesOf(schema, node);
  const format = effectiveFormat(types, schema.format);
  const problems = new Problems(path);
  if (types.length > 0 || format !== '') checkType(schema, { types, format }, value, problems, found);
  if (value === null) {
    checkEnum(schema, value, problems, found);
    return found;
  }
  found.matches += types.length > 0 || format !== '' ? 2 : 0;
  checkAlternatives(schema, { path, check: (one) => checkPlain(one, node), found });
  found.matches += 2;
  if (typeof value === 'string') checkText(schema, { text: value, format }, problems, found);
  if (typeof value === 'number') checkNumber(schema, { value, types, format }, problems, found);
  if (isList(value)) checkList(schema, value, node, found);
  checkEnum(schema, value, problems, found);
  found.matches++;
  if (isObject(value)) checkObject(schema, value, node, found);
  found.matches++;
  return found;
}

function typesOf(schema: Schema, { isDefault }: Node): readonly string[] {
  if (schema['x-kubernetes-int-or-string']) return isDefault ? [] : ['integer', 'string'];
  return schema.type ? [schema.type] : [];
}

interface Wanted {
  readonly types: readonly string[];
  readonly format: string;
}

function checkType(schema: Schema, wanted: Wanted, value: JsonValue, problems: Problems, found: Findings): void {
  const { types, format } = wanted;
  if (value === null) {
    if (types.length > 0 && !schema.nullable) found.add(problems.type(types.join(','), 'null'));
    return;
  }
  const actual = typeOf(value);
  const fits = types.includes(actual) || (actual === 'integer' && types.includes('number'));
  const textual = typeof value === 'string' || isList(value);
  const actualFormat = actual === 'integer' ? 'int64' : actual === 'number' ? 'float64' : '';
  if (!textual && format !== '' && !fits && actualFormat !== format) {
    found.add(problems.type(format, actualFormat));
    return;
  }
  const numeric = types.includes('number') || types.includes('integer');
  if (!numeric && format !== '' && textual) return;
  if (!fits) found.add(problems.type(types.join(','), actual));
}

function typeOf(value: JsonValue): string {
  if (isList(value)) return 'array';
  if (isObject(value)) return 'object';
  if (typeof value === 'number') return isInt64(value) ? 'integer' : 'number';
  return typeof value;
}

function checkEnum(schema: Schema, value: JsonValue, problems: Problems, found: Findings): void {
  const values = schema.enum ?? [];
  if (values.length > 0 && !values.some((one) => one !== null && equal(one, value)))
    found.add(problems.enum(value, values));
}

function checkText(
  schema: Schema,
  { text, format }: { readonly text: string; readonly format: string },
  problems: Problems,
  found: Findings,
): void {
  const { maxLength, minLength, pattern } = schema;
  const length = [...text].length;
  if (maxLength !== undefined && length > maxLength) found.add(problems.tooLong(maxLength));
  else if (minLength !== undefined && length < minLength)
    found.add(problems.other(`should be at least ${minLength} chars long`, text));
  else if (pattern) checkPattern(pattern, text, problems, found);
  if (format !== '' && !isOfFormat(text, format)) found.add(problems.type(format, text));
}

function checkPattern(pattern: string, text: string, problems: Problems, found: Findings): void {
  try {
    if (!goRegexp(pattern).test(text)) found.add(problems.other(`should match '${pattern}'`, text));
  } catch (error) {
    if (!(error instanceof GoRegexpError)) throw error;
    found.add(problems.other(`should match '${pattern}, but pattern is invalid: ${error.message}'`, text));
  }
}

function checkList(
  schema: Schema,
  list: readonly JsonValue[],
  { path, before, isDefault }: Node,
  found: Findings,
): void {
  const items = itemsOf(schema);
  const problems = new Problems(path);
  if (items)
    for (const [i, value] of list.entries())
      found.merge(
        checkNode(items, { value, path: `${path}[${i}]`, before: itemBefore(schema, value, before), isDefault }),
      );
  const { minItems, maxItems, uniqueItems } = schema;
  if (minItems !== undefined && list.length < minItems)
    found.add(problems.other(`should have at least ${minItems} items`, list.length));
  if (maxItems !== undefined && list.length > maxItems)
    found.add(problems.tooMany('items', { actual: list.length, max: maxItems }));
  if (uniqueItems && list.some((item, i) => list.slice(0, i).some((other) => equal(other, item))))
    found.add(problems.other("shouldn't contain duplicates", ''));
  found.matches += 2;
}

function checkObject(schema: Schema, value: JsonObject, { path, before, isDefault }: Node, found: Findings): void {
  const problems = new Problems(path);
  const { minProperties, maxProperties, required = [] } = schema;
  const size = Object.keys(value).length;
  if (minProperties !== undefined && size < minProperties)
    found.add(problems.other(`should have at least ${minProperties} properties`, size));
  if (maxProperties !== undefined && size > maxProperties)
    found.add(problems.tooMany('properties', { actual: size, max: maxProperties }));
  const values = valuesOf(schema);
  for (const [key, item] of Object.entries(value)) {
    if (propertyOf(schema, key)) continue;
    if (schema.additionalProperties !== undefined && !isOpen(schema)) found.add(forbidden(problems, path, key));
    else if (values) {
      const inner = { value: item, path: `${path}.${key}`, before: valueBefore(schema, key, before), isDefault };
      found.merge(checkNode(values, inner));
    }
  }
  for (const [key, property] of propertiesOf(schema)) {
    const item = Object.hasOwn(value, key) ? value[key] : undefined;
    if (item === undefined) continue;
    const inner = { value: item, path: path === '' ? key : `${path}.${key}`, isDefault };
    const isTypeField = path === '' && (key === 'kind' || key === 'apiVersion');
    found.merge(checkNode(property, { ...inner, before: isTypeField ? undefined : valueBefore(schema, key, before) }));
  }
  for (const key of required) if (!Object.hasOwn(value, key)) found.add(problems.required(key));
  found.matches++;
}

function forbidden(problems: Problems, path: string, key: string): SchemaProblem {
  const { error } = problems.other('', key);
  const sentence = `${path}.${key} in body is a forbidden property`;
  return {
    sentence,
    error: (below) => ({ ...error(below), body: `Invalid value: ${JSON.stringify(key)}: ${sentence}` }),
  };
}
