// What rules cost at most, in upstream's unit, and which are too expensive for a schema.
import { describe, expect, test } from 'vitest';
import { loadLateCode } from '../../base/late.ts';
import { RuleBudget } from './rule-budget.ts';
import { compileRules } from './rule-compiler.ts';
import type { Schema } from './schema-node.ts';

await loadLateCode();

const schema: Schema = {
  type: 'object',
  properties: {
    count: { type: 'integer' },
    other: { type: 'integer' },
    name: { type: 'string', maxLength: 10 },
    text: { type: 'string' },
    choice: { type: 'string', enum: ['a', 'abc'] },
    few: { type: 'array', maxItems: 5, items: { type: 'string', maxLength: 10 } },
    many: { type: 'array', items: { type: 'string' } },
    table: { type: 'object', additionalProperties: { type: 'integer' }, maxProperties: 7 },
    port: { 'x-kubernetes-int-or-string': true },
  },
};

test.each<[string, number]>([
  ['self.count == self.other', 4],
  ['self.count + 1 == self.other + 1', 7],
  ['type(self.count) == int', 4],
  ['has(self.count) && has(self.other)', 2],
  // Texts are as long as their schemas let them be, at four bytes a character.
  ["self.name == 'a'", 3],
  ['self.name == self.name', 8],
  ['self.text == self.text', 314_577],
  ["self.text.matches('^[^0-9]*$')", 943_721],
  ["self.choice.contains('b')", 3],
  // Loops cost their body for each item.
  ["self.few.all(x, x.startsWith('a'))", 28],
  ["self.few.exists(x, x == 'a')", 33],
  ['self.few.map(x, x).size() > 2', 80],
  ["self.many.all(x, x == 'a')", 5_242_878],
  ['self.table.all(k, self.table[k] > 1)', 59],
  ['self.count in self.few.map(x, size(x))', 90],
])('%s costs %d', (rule, cost) => {
  const [compiled] = compileRules({ ...schema, 'x-kubernetes-validations': [{ rule }] }, false);
  expect(compiled?.problem).toBeUndefined();
  expect(compiled?.costs().rule).toBe(cost);
});

describe('a budget', () => {
  const costs = (rule: number) => ({ rule, message: undefined, cardinality: 1000 });

  test('refuses what is too expensive, by how much', () => {
    const charge = (rule: number, occurs: number) =>
      new RuleBudget().charge(costs(rule), 'f', occurs).map(({ body }) => body);
    expect(
      [charge(10_000_000, 1), charge(11, 1_000_000), charge(25_000, Number.POSITIVE_INFINITY)].flat().join('\n'),
    ).toMatchInlineSnapshot(`
      "Forbidden: estimated rule cost exceeds budget by factor of 1.100000x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)
      Forbidden: estimated rule cost exceeds budget by factor of 2.5x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)"
    `);
  });

  test('names the most expensive rules where all together are too expensive', () => {
    const budget = new RuleBudget();
    for (const [i, cost] of [9e6, 900, 8e6, ...Array.from({ length: 10 }, () => 9.5e6)].entries())
      budget.charge(costs(cost), `r${i}`, 1);
    expect(budget.problems('schema').map(({ field, body }) => `${field}: ${body}`)).toMatchInlineSnapshot(`
      [
        "r3.rule: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema",
        "r4.rule: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema",
        "r5.rule: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema",
        "r6.rule: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema",
        "schema: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of 1.120009x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)",
      ]
    `);
  });
});
