// x-kubernetes-validations: rules in CEL, compiled once for each schema.
import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import type { ValidationRule } from '../../api/generated/types.ts';
import type { JsonValue } from '../../base/json.ts';
import { cel } from './cel.ts';
import { compilerText, problemText } from './expression-problems.ts';
import { rewriteExpression } from './rewrite-expression.ts';
import { expressionCost } from './rule-cost.ts';
import { registerFunctions } from './rule-functions.ts';
import { RuleTypes } from './rule-types.ts';
import type { Schema } from './schema-node.ts';
import { cardinality, sizedType } from './sized-types.ts';
import { checkTypes } from './typing/check.ts';
import { parseExpression } from './typing/parse.ts';
import { schemaType } from './typing/schema-type.ts';
import { type as celType, dyn, type Type } from './typing/types.ts';

/** A rule that can be asked. */
export interface CompiledRule {
  readonly rule: ValidationRule;
  /** Why it does not compile. */
  readonly problem?: string;
  readonly messageProblem?: string;
  readonly usesOldSelf: boolean;
  /** How deep its loops are nested. */
  readonly depth: number;
  /** What asking it costs at most; costs are reckoned only where it is asked for. */
  costs(): RuleCosts;
  /** Whether a value fulfils it. Throws what {@link evaluationText} explains. */
  holds(values: RuleValues): boolean;
  /** What its message expression says; undefined: there is none, or it fails. */
  message(values: RuleValues): string | undefined;
}

/** Estimates, in upstream's unit. */
export interface RuleCosts {
  readonly rule: number;
  /** Of its message expression, where there is one. */
  readonly message: number | undefined;
  /** How often its values fit into one object, where nothing else says so. */
  readonly cardinality: number;
}

/** What a rule looks at. */
export interface RuleValues {
  readonly self: JsonValue;
  /** Undefined: there was nothing. */
  readonly oldSelf: JsonValue | undefined;
}

const compiled = new WeakMap<Schema, readonly CompiledRule[]>();
const limits = { maxAstNodes: 10_000, maxDepth: 100 };

/** The rules of one node of a schema. `root`: its values are whole resources. */
export function compileRules(schema: Schema, root: boolean): readonly CompiledRule[] {
  const known = compiled.get(schema);
  if (known) return known;
  const rules = schema['x-kubernetes-validations'] ?? [];
  const made = rules.map((rule) => compile(schema, root, rule));
  compiled.set(schema, made);
  return made;
}

function compile(schema: Schema, root: boolean, rule: ValidationRule): CompiledRule {
  const environment = new (cel().Environment)({
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
    limits,
  });
  registerFunctions(environment);
  const types = new RuleTypes(environment);
  const type = types.typeOf(schema, root) ?? 'dyn';
  environment.registerVariable('self', type);
  environment.registerVariable('oldSelf', rule.optionalOldSelf ? `optional<${type}>` : type);
  const text = rule.rule ?? '';
  const own = schemaType(schema, 'selfType1', root) ?? dyn;
  const variables = new Map([
    ['self', own],
    ['oldSelf', rule.optionalOldSelf ? celType('optional_type', own) : own],
  ]);
  const about = { environment, variables };
  const problem = problemOf(about, text, 'bool');
  const messageText = rule.messageExpression ?? '';
  const messageProblem =
    messageText.trim() === '' ? undefined : problemOf(about, messageText, 'string', 'messageExpression ');
  const context = ({ self, oldSelf }: RuleValues): Record<string, unknown> => {
    const old = oldSelf === undefined ? undefined : types.valueOf(schema, oldSelf);
    const values: Record<string, unknown> = { self: types.valueOf(schema, self) };
    if (rule.optionalOldSelf) values.oldSelf = optional(environment, old);
    else if (old !== undefined) values.oldSelf = old;
    return values;
  };
  const usable = problem === undefined && text.trim() !== '';
  const program = usable ? environment.parse(rewriteExpression(text)) : undefined;
  const messageProgram =
    messageText.trim() !== '' && messageProblem === undefined
      ? environment.parse(rewriteExpression(messageText))
      : undefined;
  return {
    rule,
    ...(problem !== undefined && { problem }),
    ...(messageProblem !== undefined && { messageProblem }),
    usesOldSelf: program !== undefined && mentions(text, 'oldSelf'),
    depth: program ? loopDepth(program.ast) : 0,
    costs() {
      const self = sizedType(schema, root);
      const variables = new Map(self ? (['self', 'oldSelf'] as const).map((name) => [name, self]) : []);
      const costOf = (ast: ASTNode | undefined): number | undefined => ast && expressionCost(ast, variables);
      const fitting = cardinality(self?.bytesMin ?? 0);
      return { rule: costOf(program?.ast) ?? 0, message: costOf(messageProgram?.ast), cardinality: fitting };
    },
    holds: (values) => !program || program(context(values)) === true,
    message: (values) => (messageProgram ? messageOf(() => messageProgram(context(values))) : undefined),
  };
}

function optional(environment: Environment, value: unknown): unknown {
  return value === undefined
    ? environment.evaluate('optional.none()')
    : environment.clone().registerVariable('given', 'dyn').evaluate('optional.of(given)', { given: value });
}

/** A text of one line that is not empty; otherwise the rule's fixed message is used. */
function messageOf(evaluate: () => unknown): string | undefined {
  try {
    const text = evaluate();
    return typeof text === 'string' && text.trim() !== '' && !/[\n\r]/.test(text) ? text.trim() : undefined;
  } catch (error) {
    if (error instanceof cel().EvaluationError) return undefined;
    throw error;
  }
}

interface About {
  readonly environment: Environment;
  readonly variables: ReadonlyMap<string, Type>;
}

function problemOf(about: About, text: string, wanted: 'bool' | 'string', prefix = ''): string | undefined {
  if (text.trim() === '') return undefined;
  const parsed = parseExpression(text);
  if (!parsed) return libraryProblem(about.environment, text, prefix);
  const checked = checkTypes(parsed.expression, about.variables);
  const problems = parsed.problems.length > 0 ? parsed.problems : checked.problems;
  if (problems.length > 0) {
    const texts = [...problems].sort((a, b) => a.at - b.at).map((problem) => problemText(text, problem));
    return `${prefix}compilation failed: ${texts.join('\n')}`;
  }
  if (checked.type.name !== wanted)
    return prefix === '' ? 'cel expression must evaluate to a bool' : 'messageExpression must evaluate to a string';
  return libraryProblem(about.environment, text, prefix, true);
}

/** What the library that evaluates makes of an expression; where its types are right already, only of its syntax. */
function libraryProblem(environment: Environment, text: string, prefix: string, typed = false): string | undefined {
  const { error } = environment.check(rewriteExpression(text));
  if (!error || (typed && !(error instanceof cel().ParseError))) return undefined;
  return `${prefix}compilation failed: ${compilerText(text, error)}`;
}

function mentions(text: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, ''));
}

const loops = new Set(
  'all exists exists_one existsOne map filter transformList transformMap transformMapEntry sortBy'.split(' '),
);

/** How deep the loops of an expression are nested. */
export function loopDepth(node: ASTNode): number {
  const [first, ...rest] = Array.isArray(node.args) ? node.args.flat(2) : [node.args];
  const inner = [first, ...rest].filter(isNode).map(loopDepth);
  const depth = inner.reduce((most, one) => Math.max(most, one), 0);
  return node.op === 'rcall' && typeof first === 'string' && loops.has(first) ? depth + 1 : depth;
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
