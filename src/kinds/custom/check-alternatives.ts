// The parts of a schema that are schemas of the same value: anyOf, oneOf, allOf, not.
import type { Findings } from './findings.ts';
import type { Schema } from './schema-node.ts';
import { Problems } from './schema-problems.ts';

/** Adds what the alternatives of a schema find wrong with the value at `path`, which `check` looks at. */
export function checkAlternatives(
  schema: Schema,
  {
    path,
    check,
    found,
  }: { readonly path: string; readonly check: (one: Schema) => Findings; readonly found: Findings },
): void {
  const problems = new Problems(path);
  const { anyOf = [], oneOf = [], allOf = [], not } = schema;
  if (anyOf.length > 0) {
    const results = anyOf.map(check);
    const first = results.find(isValid);
    if (!first) found.add(problems.composite('must validate at least one schema (anyOf)'));
    found.merge(first ?? closest(results));
  }
  if (oneOf.length > 0) {
    const results = oneOf.map(check);
    const valid = results.filter(isValid);
    const [first] = valid;
    if (first && valid.length === 1) found.merge(first);
    else {
      const count = valid.length === 0 ? 'Found none valid' : `Found ${valid.length} valid alternatives`;
      found.add(problems.composite(`must validate one and only one schema (oneOf). ${count}`));
      if (valid.length === 0) found.merge(closest(results));
    }
  }
  if (allOf.length > 0) {
    const results = allOf.map(check);
    for (const result of results) found.merge(result);
    const valid = results.filter(isValid).length;
    const none = valid === 0 ? '. None validated' : '';
    if (valid < results.length) found.add(problems.composite(`must validate all the schemas (allOf)${none}`));
  }
  if (not && isValid(check(not))) found.add(problems.composite('must not validate the schema (not)'));
}

function isValid({ problems }: Findings): boolean {
  return problems.length === 0;
}

/** The first of those with the most checks that went well. */
function closest(results: readonly Findings[]): Findings {
  return results.reduce((best, one) => (one.matches > best.matches ? one : best));
}
