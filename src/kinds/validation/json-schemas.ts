// What the schema of a custom resource may say: upstream's rules for OpenAPI v3 schemas in definitions, in its order.
import { type FieldError, forbidden, internal, invalid, notSupported, required } from '../../api/field-error.ts';
import type { ValidationRule } from '../../api/generated/types.ts';
import { compareText } from '../../api/go-format.ts';
import { isList } from '../../base/json.ts';
import { fieldPathOf } from '../custom/field-path.ts';
import { occurrences, RuleBudget } from '../custom/rule-budget.ts';
import { compileRules } from '../custom/rule-compiler.ts';
import { asSchema, itemsOf, metaFields, propertiesOf, type Schema, valuesOf } from '../custom/schema-node.ts';
import { sizedType } from '../custom/sized-types.ts';
import { internalForm } from '../internal-form.ts';
import type { Errors } from './checks.ts';
import type { Leniency } from './definition-leniency.ts';
import { type ListRules, listRuleErrors } from './list-schemas.ts';
import { validateDefaults } from './schema-defaults.ts';
import { schemaTypes } from './schema-types.ts';
import { structuralErrors, structuralProblem } from './structural-schemas.ts';

/** Adds what is wrong with the schema of a version. `field` is where it stands, e.g. `spec.validation`. */
export function validateSchema(
  schema: Schema,
  { field, status, leniency, unchanged }: SchemaPlace,
  errors: Errors,
): void {
  const at = `${field}.openAPIV3Schema`;
  const found: FieldError[] = [];
  if (status) rootErrors(schema, at, found);
  if (schema.nullable) found.push(forbidden(`${at}.nullable`, 'nullable cannot be true at the root'));
  const problem = leniency.structural ? structuralProblem(schema) : undefined;
  const structural = leniency.structural && problem === undefined ? structuralErrors(schema, at) : [];
  const usable = leniency.structural && problem === undefined && structural.length === 0;
  const defaults = usable ? validateDefaults(schema, at, { pruned: leniency.prunedDefaults }) : [];
  found.push(...structural, ...defaults);
  const visitor = new SchemaRules({ ...leniency, rules: usable && defaults.length === 0, costs: !unchanged });
  const place: Place = { isRoot: true, inMeta: false, noDefaults: undefined, uncorrelated: undefined, occurs: 1 };
  visitor.visit(schema, at, place);
  found.push(...visitor.schemaErrors, ...visitor.ruleErrors);
  if (found.length === 0 && problem !== undefined) found.push(invalid(at, '', problem));
  errors.push(...found, ...visitor.budget.problems(at));
}

/** Where a schema stands, and how strictly it is looked at. */
export interface SchemaPlace {
  readonly field: string;
  /** Whether there is a status subresource. */
  readonly status: boolean;
  readonly leniency: Leniency;
  /** It is the same as before an update. */
  readonly unchanged: boolean;
}

const rootFields = new Set([
  ...['description', 'type', 'format', 'title', 'maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum'],
  ...['maxLength', 'minLength', 'pattern', 'maxItems', 'minItems', 'uniqueItems', 'multipleOf', 'required', 'items'],
  ...['properties', 'externalDocs', 'example', 'x-kubernetes-preserve-unknown-fields', 'x-kubernetes-validations'],
]);
const rootFieldNames =
  'Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations';

/** With a status subresource the root can say little: its schema is taken apart. Upstream stops at the first field. */
function rootErrors(schema: Schema, at: string, errors: Errors): void {
  const before: readonly string[] = ['id', '$schema', '$ref'];
  const odd = Object.keys(schema).filter((key) => !rootFields.has(key));
  if (schema.type !== undefined && schema.type !== 'object' && !odd.some((key) => before.includes(key))) {
    const text = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
    errors.push(invalid(`${at}.type`, schema.type, text));
    return;
  }
  if (odd.length === 0) return;
  const text = `only [${rootFieldNames}] fields are allowed at the root of the schema if the status subresource is enabled`;
  errors.push(invalid(at, internalForm('JSONSchemaProps', schema), text));
}

interface Place {
  readonly isRoot: boolean;
  readonly inMeta: boolean;
  /** Why there may be no default here; undefined: there may. */
  readonly noDefaults: string | undefined;
  /** The outermost path below which old and new values cannot be told to belong together. */
  readonly uncorrelated: string | undefined;
  /** How often its values can occur in one object; infinity: nothing bounds it. */
  readonly occurs: number;
}

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

/** What is looked at. */
interface Wants extends ListRules {
  readonly types: boolean;
  /** Whether rules can be compiled at all. */
  readonly rules: boolean;
  /** Whether each rule has a limit. */
  readonly costs: boolean;
}

class SchemaRules {
  readonly schemaErrors: FieldError[] = [];
  readonly ruleErrors: FieldError[] = [];
  readonly budget = new RuleBudget();

  constructor(private readonly wants: Wants) {}

  visit(schema: Schema | undefined, at: string, place: Place, nested = false): void {
    if (!schema) return;
    const before = this.schemaErrors.length;
    this.own(schema, at, place);
    this.inner(schema, at, place, nested);
    listRuleErrors(schema, at, this.wants, this.schemaErrors);
    const rules = schema['x-kubernetes-validations'] ?? [];
    for (const [i, rule] of rules.entries()) this.rule(schema, rule, `${at}.x-kubernetes-validations[${i}]`);
    if (rules.length > 0 && this.wants.rules && !nested && this.schemaErrors.length === before)
      this.compile(schema, at, place);
  }

  private own(schema: Schema, at: string, { noDefaults, inMeta }: Place): void {
    const { schemaErrors: errors } = this;
    const forbid = (name: string, detail = `${name} is not supported`): void =>
      void errors.push(forbidden(`${at}.${name}`, detail));
    if (this.wants.types && schema.type && !schemaTypes.includes(schema.type))
      errors.push(notSupported(`${at}.type`, schema.type, schemaTypes));
    if (schema.default !== undefined && noDefaults !== undefined) forbid('default', `must not be set ${noDefaults}`);
    if (schema.id) forbid('id');
    if (schema.additionalItems !== undefined) forbid('additionalItems');
    if (Object.keys(schema.patternProperties ?? {}).length > 0) forbid('patternProperties');
    if (Object.keys(schema.definitions ?? {}).length > 0) forbid('definitions');
    if (schema.dependencies !== undefined) forbid('dependencies');
    if (schema.$ref !== undefined) forbid('$ref');
    if (schema.type === 'null') forbid('type', 'type cannot be set to null, use nullable as an alternative');
    if (isList(schema.items)) forbid('items', 'items must be a schema object and not an array');
    if (inMeta && schema['x-kubernetes-embedded-resource'])
      forbid('x-kubernetes-embedded-resource', 'must not be used inside of resource meta');
    if (schema.uniqueItems)
      forbid('uniqueItems', 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic');
  }

  private inner(schema: Schema, at: string, place: Place, nested: boolean): void {
    const below: Place = { ...place, isRoot: false, occurs: place.occurs * occurrences(schema) };
    const { additionalProperties: open } = schema;
    if (open !== undefined) {
      if (Object.keys(schema.properties ?? {}).length > 0 && open !== true) {
        const text = 'additionalProperties and properties are mutual exclusive';
        this.schemaErrors.push(forbidden(`${at}.additionalProperties`, text));
      }
      const reason = 'inside additionalProperties applying to object metadata';
      const noDefaults = place.inMeta ? reason : place.noDefaults;
      this.visit(valuesOf(schema), `${at}.additionalProperties`, { ...below, noDefaults }, nested);
    }
    for (const [name, property] of propertiesOf(schema)) {
      const isMeta = (place.isRoot || schema['x-kubernetes-embedded-resource'] === true) && metaFields.has(name);
      const { 'x-kubernetes-map-type': mapType = 'granular' } = schema;
      const known = mapType === 'granular' || mapType === 'atomic';
      const inside: Place = {
        isRoot: false,
        inMeta: place.inMeta || isMeta,
        noDefaults: isMeta && place.isRoot ? `in top-level ${name}` : place.noDefaults,
        uncorrelated: place.uncorrelated ?? (known ? undefined : at),
        occurs: below.occurs,
      };
      this.visit(property, `${at}.properties[${name}]`, inside, nested);
    }
    this.visit(schema.not, `${at}.not`, below, true);
    for (const key of ['allOf', 'oneOf', 'anyOf'] as const)
      for (const [i, one] of (schema[key] ?? []).entries()) this.visit(one, `${at}.${key}[${i}]`, below, true);
    for (const [name, one] of named(schema.definitions)) this.visit(one, `${at}.definitions[${name}]`, below, true);
    const isMap = schema['x-kubernetes-list-type'] === 'map';
    const item: Place = { ...below, uncorrelated: place.uncorrelated ?? (isMap ? undefined : at) };
    this.visit(itemsOf(schema), `${at}.items`, item, nested);
    const listed = isList(schema.items) ? schema.items.map(asSchema) : [];
    for (const [i, one] of listed.entries()) this.visit(one, `${at}.items[${i}]`, item, nested);
    for (const [name, one] of named(schema.dependencies))
      this.visit(asSchema(one), `${at}.dependencies[${name}]`, below, true);
  }

  private rule(schema: Schema, rule: ValidationRule, at: string): void {
    const { schemaErrors: errors } = this;
    const { message = '', messageExpression = '', fieldPath = '', reason } = rule;
    const broken = /[\n\r]/;
    const text = (rule.rule ?? '').trim();
    if (text === '') errors.push(required(`${at}.rule`, 'rule is not specified'));
    else if (message !== '' && message.trim() === '')
      errors.push(invalid(`${at}.message`, message, 'must be non-empty if specified'));
    else if (broken.test(message.trim()))
      errors.push(invalid(`${at}.message`, message, 'must not contain line breaks'));
    else if (broken.test(text) && message.trim() === '')
      errors.push(required(`${at}.message`, 'message must be specified if rule contains line breaks'));
    if (messageExpression !== '' && messageExpression.trim() === '')
      errors.push(required(`${at}.messageExpression`, 'messageExpression must be non-empty if specified'));
    if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported(`${at}.reason`, reason, reasons));
    if (fieldPath === '') return;
    if (fieldPath.trim() === '') errors.push(invalid(`${at}.fieldPath`, fieldPath, 'must be non-empty if specified'));
    if (broken.test(fieldPath)) errors.push(invalid(`${at}.fieldPath`, fieldPath, 'must not contain line breaks'));
    if (structuralProblem(schema) === undefined && 'problem' in fieldPathOf(fieldPath, schema, { arrays: true }))
      errors.push(invalid(`${at}.fieldPath`, fieldPath, 'must be a valid path'));
  }

  private compile(schema: Schema, at: string, { isRoot, uncorrelated, occurs }: Place): void {
    const { ruleErrors: errors } = this;
    if (!sizedType(schema, isRoot || schema['x-kubernetes-embedded-resource'] === true)) {
      const text = 'internal error: failed to retrieve type information for x-kubernetes-validations';
      errors.push(internal(`${at}.x-kubernetes-validations`, text));
      return;
    }
    const rules = compileRules(schema, isRoot || schema['x-kubernetes-embedded-resource'] === true);
    for (const [i, compiled] of rules.entries()) {
      const field = `${at}.x-kubernetes-validations[${i}]`;
      const { rule, problem, messageProblem, usesOldSelf } = compiled;
      const costly = this.budget.charge(compiled.costs(), field, occurs);
      if (this.wants.costs) errors.push(...costly);
      if (problem !== undefined) errors.push(invalid(`${field}.rule`, internalForm('ValidationRule', rule), problem));
      if (messageProblem !== undefined)
        errors.push(invalid(`${field}.messageExpression`, internalForm('ValidationRule', rule), messageProblem));
      if (usesOldSelf && uncorrelated !== undefined) {
        const text = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelated}`;
        errors.push(invalid(`${field}.rule`, rule.rule, text));
      } else if (!usesOldSelf && rule.optionalOldSelf !== undefined)
        errors.push(
          invalid(`${field}.optionalOldSelf`, rule.optionalOldSelf, 'may not be set if oldSelf is not used in rule'),
        );
    }
  }
}

function named<T>(schemas: Readonly<Record<string, T>> = {}): readonly (readonly [string, T])[] {
  return Object.entries(schemas).sort(([a], [b]) => compareText(a, b));
}
