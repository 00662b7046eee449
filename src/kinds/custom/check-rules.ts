// Checks a value against the CEL rules of its schema, from the outside to the inside.
import { duplicate, type FieldError, forbidden, invalid, required, Verbatim } from '../../api/field-error.ts';
import type { ValidationRule } from '../../api/generated/types.ts';
import { equal, isList, isObject, type JsonValue } from '../../base/json.ts';
import { type Before, itemBefore, valueBefore } from './before.ts';
import { evaluationText } from './expression-problems.ts';
import { fieldPathOf } from './field-path.ts';
import { type CompiledRule, compileRules } from './rule-compiler.ts';
import { isEmbedded, itemsOf, propertiesOf, propertyOf, type Schema, someSchema, valuesOf } from './schema-node.ts';

/** Steps that all rules of one object may take. */
const stepsMax = 5_000_000;

interface Node {
  readonly value: JsonValue;
  readonly before: Before;
}

/** Whether there are rules anywhere in a schema. */
export function hasRules(schema: Schema): boolean {
  return someSchema(schema, (node) => (node['x-kubernetes-validations'] ?? []).length > 0);
}

/** What the rules say. `root`: the value is a whole resource; `kept`: also what was so before is told. */
export function checkRules(
  schema: Schema,
  node: Node,
  {
    below = '',
    root = false,
    kept = false,
  }: { readonly below?: string; readonly root?: boolean; readonly kept?: boolean } = {},
): readonly FieldError[] {
  if (!hasRules(schema)) return [];
  const checker = new RuleChecker(kept);
  checker.visit(schema, node, below, root);
  return checker.errors;
}

class RuleChecker {
  readonly errors: FieldError[] = [];
  private steps = 0;

  constructor(private readonly kept: boolean) {}

  visit(schema: Schema, node: Node, path: string, root: boolean): void {
    const { value, before } = node;
    if (value === null || this.steps > stepsMax) return;
    for (const rule of compileRules(schema, root || isEmbedded(schema))) this.apply(schema, rule, node, path);
    if (isList(value)) {
      const items = itemsOf(schema);
      if (!items) return;
      for (const [i, item] of value.entries())
        this.visit(items, { value: item, before: itemBefore(schema, item, before) }, `${path}[${i}]`, false);
    } else if (isObject(value)) {
      for (const [key, property] of propertiesOf(schema)) {
        const item = Object.hasOwn(value, key) ? value[key] : undefined;
        if (item === undefined) continue;
        const inner = path === '' ? key : `${path}.${key}`;
        this.visit(property, { value: item, before: valueBefore(schema, key, before) }, inner, false);
      }
      const values = valuesOf(schema);
      if (!values) return;
      for (const [key, item] of Object.entries(value))
        if (!propertyOf(schema, key))
          this.visit(values, { value: item, before: valueBefore(schema, key, before) }, `${path}[${key}]`, false);
    }
  }

  private apply(schema: Schema, compiled: CompiledRule, { value, before }: Node, path: string): void {
    const { rule, problem, usesOldSelf, depth } = compiled;
    const field = path === '' ? '<nil>' : path;
    const shown = schema.type ?? '';
    if (problem !== undefined) {
      this.errors.push(invalid(field, shown, `rule compile error: ${problem}`));
      return;
    }
    if (usesOldSelf && !before && !rule.optionalOldSelf) return;
    this.steps += 1 + size(value) ** Math.max(1, depth);
    if (this.steps > stepsMax) {
      const text = 'validation failed due to running out of cost budget, no further validation rules will be run';
      this.errors.push(invalid(field, shown, text));
      return;
    }
    const values = { self: value, oldSelf: before?.value };
    try {
      if (compiled.holds(values)) return;
    } catch (error) {
      this.errors.push(invalid(field, shown, failureText(evaluationText(error), ruleText(rule))));
      return;
    }
    // What was wrong already and is not changed may stay, unless the rule is about the change.
    if (!this.kept && !usesOldSelf && before && equal(before.value, value)) return;
    const detail = compiled.message(values) ?? messageOf(rule);
    this.errors.push(errorOf(rule, { field: at(schema, rule, path), value, detail }));
  }
}

function at(schema: Schema, rule: ValidationRule, path: string): string {
  const found = rule.fieldPath ? fieldPathOf(rule.fieldPath, schema, { arrays: true }) : undefined;
  if (!found || 'problem' in found) return path === '' ? '<nil>' : path;
  return path === '' ? found.path : `${path}.${found.path}`;
}

function errorOf(
  { reason }: ValidationRule,
  { field, value, detail }: { readonly field: string; readonly value: JsonValue; readonly detail: string },
): FieldError {
  const whole = isObject(value) || isList(value);
  if (reason === 'FieldValueForbidden') return forbidden(field, detail);
  if (reason === 'FieldValueRequired') return required(field, detail);
  if (reason === 'FieldValueDuplicate')
    return whole ? { ...duplicate(field, ''), body: 'Duplicate value' } : duplicate(field, value);
  // Upstream leaves out values that are objects or lists.
  return whole
    ? { ...invalid(field, new Verbatim(''), ''), body: `Invalid value: ${detail}` }
    : invalid(field, value, detail);
}

function failureText(problem: string, rule: string): string {
  if (!problem.startsWith('no such overload')) return `${problem} evaluating rule: ${rule}`;
  return `'no such overload': call arguments did not match a supported operator, function or macro signature for rule: ${rule}`;
}

function messageOf(rule: ValidationRule): string {
  return rule.message ? rule.message.trim() : `failed rule: ${ruleText(rule)}`;
}

function ruleText({ message, rule }: ValidationRule): string {
  return (message || rule).trim();
}

/** About how many values there are in a value. */
export function size(value: JsonValue): number {
  const inner = isList(value) ? value : isObject(value) ? Object.values(value) : [];
  return inner.reduce<number>((sum, item) => sum + size(item), 1);
}
