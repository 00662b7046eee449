// How expensive the rules of one schema may be: each of them, and all together.
import { type FieldError, forbidden } from '../../api/field-error.ts';
import type { RuleCosts } from './rule-compiler.ts';
import { type Schema, valuesOf } from './schema-node.ts';

const ruleMax = 10_000_000;
const schemaMax = 100_000_000;
/** So many of the most expensive rules are named. */
const namedMax = 4;

/** What the rules of one schema have cost so far. */
export class RuleBudget {
  private total = 0;
  private readonly expensive: { readonly field: string; readonly cost: number }[] = [];

  /** Adds what a rule costs, and says what is too much. `occurs`: how often its values can occur in one object. */
  charge({ rule, message, cardinality }: RuleCosts, field: string, occurs: number): readonly FieldError[] {
    const cost = rule === 0 ? 0 : rule * (Number.isFinite(occurs) ? occurs : cardinality);
    const problems: FieldError[] = [];
    if (cost > ruleMax) problems.push(forbidden(`${field}.rule`, costText('estimated rule cost', cost / ruleMax)));
    this.add(`${field}.rule`, cost);
    if (message === undefined) return problems;
    if (message > ruleMax) {
      const text = costText('estimated messageExpression cost', message / ruleMax);
      problems.push(forbidden(`${field}.messageExpression`, text));
    }
    this.add(`${field}.messageExpression`, message);
    return problems;
  }

  /** What is too much for the schema at `at` as a whole. */
  problems(at: string): readonly FieldError[] {
    if (this.total <= schemaMax) return [];
    const share = 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema';
    const what = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema';
    return [
      ...this.expensive.map(({ field }) => forbidden(field, share)),
      forbidden(at, costText(what, this.total / schemaMax)),
    ];
  }

  private add(field: string, cost: number): void {
    this.total += cost;
    if (cost < schemaMax / 100) return;
    this.expensive.push({ field, cost });
    this.expensive.sort((a, b) => b.cost - a.cost);
    this.expensive.length = Math.min(this.expensive.length, namedMax);
  }
}

/** How often what is below a node can occur for each of the node's values. */
export function occurrences(schema: Schema): number {
  const { maxItems, maxProperties } = schema;
  if (schema.type === 'array') return Math.max(0, maxItems ?? Number.POSITIVE_INFINITY);
  if (schema.type === 'object' && schema.additionalProperties !== undefined && valuesOf(schema))
    return Math.max(0, maxProperties ?? Number.POSITIVE_INFINITY);
  return 1;
}

function costText(what: string, factor: number): string {
  const times = factor > 100 ? 'more than 100x' : `${factor.toFixed(factor < 1.5 ? 6 : 1)}x`;
  return `${what} exceeds budget by factor of ${times} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}
