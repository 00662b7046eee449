// What is wrong with an expression in CEL, in cel-go's words.
import type { ParseError, TypeError as RuleTypeError } from '@marcbachmann/cel-js';
import { cel } from './cel.ts';
import { matchesName } from './rewrite-expression.ts';
import { registerFunctions } from './rule-functions.ts';
import { lowerFirst, syntaxProblem } from './syntax-problems.ts';
import type { ExpressionProblem } from './typing/expression.ts';

/** Why an expression could not be evaluated, as cel-go words it. */
export function evaluationText(error: unknown): string {
  if (!(error instanceof cel().EvaluationError)) return error instanceof Error ? error.message : String(error);
  const text = error.summary.replace(/^No such key: (?=index)/, '').replace(/^No such key/, 'no such key');
  return text.replace(/^index out of bounds, index (\d+).*/, 'index out of bounds: $1');
}

/** As cel-go shows an error: what, where, and an arrow. */
export function compilerText(text: string, error: ParseError | RuleTypeError): string {
  return problemText(text, explain(text, error));
}

/** What is wrong, and an arrow to where. */
export function problemText(text: string, { what, at }: ExpressionProblem): string {
  const before = text.slice(0, at).split('\n');
  const column = before.at(-1)?.length ?? 0;
  if (text === '') return `ERROR: <input>:1:0: ${what}`;
  const line = text.split('\n')[before.length - 1] ?? '';
  return `ERROR: <input>:${before.length}:${column + 1}: ${what}\n | ${line}\n | ${'.'.repeat(column)}^`;
}

function explain(text: string, error: ParseError | RuleTypeError): ExpressionProblem {
  const { code } = error;
  const summary = error.summary.replaceAll(matchesName, 'matches');
  const at = error.range?.start ?? 0;
  if (error instanceof cel().ParseError) return { what: `Syntax error: ${syntaxProblem(text, summary, at)}`, at };
  const last = /: (.*)$/.exec(summary)?.[1] ?? '';
  switch (code) {
    case 'no_such_key':
      return { what: `undefined field '${last}'`, at: Math.max(0, at - 1) };
    case 'unknown_variable':
      return { what: `undeclared reference to '${last}' (in container '')`, at };
    case 'cannot_index_type':
      return { what: `type ${typesIn(summary)[0] ?? ''} does not support field selection`, at: Math.max(0, at - 1) };
    case 'no_matching_overload':
      return callProblem(text, summary, at);
  }
  const operated = operatorProblem(text, summary, at);
  return operated ?? { what: lowerFirst(summary), at };
}

/** A function that is not there, or not for such values. */
function callProblem(text: string, summary: string, at: number): ExpressionProblem {
  const open = text.indexOf('(', at);
  const place = open < 0 ? at : open;
  const [, receiver, called = '', given = ''] = /'(?:(.*)\.)?(\w+)\((.*)\)'/.exec(summary) ?? [];
  if (!knownFunctions().has(called))
    return { what: `undeclared reference to '${called}' (in container '')`, at: place };
  const applied = receiver === undefined ? `(${given})` : `${receiver}.(${given})`;
  return { what: `found no matching overload for '${called}' applied to '${celTypes(applied)}'`, at: place };
}

const functionNames = new WeakMap<object, ReadonlySet<string>>();

/** Of the language itself and of Kubernetes' libraries. */
function knownFunctions(): ReadonlySet<string> {
  const library = cel();
  const known = functionNames.get(library);
  if (known) return known;
  const environment = new library.Environment({ enableOptionalTypes: true });
  registerFunctions(environment);
  const names = new Set(environment.getDefinitions().functions.map(({ name }) => name));
  functionNames.set(library, names);
  return names;
}

/** What an operator, or what stands for one, cannot be applied to. */
function operatorProblem(text: string, summary: string, at: number): ExpressionProblem | undefined {
  const no = (operator: string, types: readonly string[], place: number): ExpressionProblem => ({
    what: `found no matching overload for '${operator}' applied to '(${types.map(celTypes).join(', ')})'`,
    at: place,
  });
  const after = (sign: string): number => Math.max(at, text.indexOf(sign, at));
  const [, left = '', sign = '', right = ''] = /^no such overload: (.+) (\S+) (.+)$/.exec(summary) ?? [];
  if (sign !== '') return no(sign === 'in' ? '@in' : `_${sign}_`, [left, right], after(sign));
  const [, unary, only = ''] = /^no such overload: ([!-])(.+)$/.exec(summary) ?? [];
  if (unary !== undefined) return no(`${unary}_`, [only], at);
  const [type = '', other = ''] = typesIn(summary).map((quoted) => quoted.slice(1, -1));
  if (summary.startsWith('List index must be')) return no('_[_]', ['list(dyn)', type], after('['));
  if (summary.startsWith('Ternary branches')) return no('_?_:_', ['bool', type, other], after('?'));
  const [, macro] = /^(\w+)\(var, .*predicate must return bool/.exec(summary) ?? [];
  const step = macros[macro ?? ''];
  if (!step) return undefined;
  return no(step.operator, [...step.before, type, ...step.after], Math.max(0, text.lastIndexOf('(', at)));
}

/** What macros come to: that is what their problems are told of. */
const macros: Readonly<
  Record<string, { readonly operator: string; readonly before: readonly string[]; readonly after: readonly string[] }>
> = {
  all: { operator: '_&&_', before: ['bool'], after: [] },
  exists: { operator: '_||_', before: ['bool'], after: [] },
  exists_one: { operator: '_?_:_', before: [], after: ['int', 'int'] },
};

function typesIn(summary: string): readonly string[] {
  return summary.match(/'[^']*'/g) ?? [];
}

/** `list<int>` as cel-go writes it: `list(int)`. */
export function celTypes(type: string): string {
  return type
    .replaceAll('<', '(')
    .replaceAll('>', ')')
    .replace(/^null$/, 'null_type');
}
