// What is wrong with an expression in CEL, in cel-go's words.
import type { ParseError, TypeError as RuleTypeError } from '@marcbachmann/cel-js';
import { cel } from './cel.ts';
import { matchesName } from './rewrite-expression.ts';

/** Why an expression could not be evaluated, as cel-go words it. */
export function evaluationText(error: unknown): string {
  if (!(error instanceof cel().EvaluationError)) return error instanceof Error ? error.message : String(error);
  const text = error.summary.replace(/^No such key: (?=index)/, '').replace(/^No such key/, 'no such key');
  return text.replace(/^index out of bounds, index (\d+).*/, 'index out of bounds: $1');
}

/** As cel-go shows an error: what, where, and an arrow. */
export function compilerText(text: string, error: ParseError | RuleTypeError): string {
  const { what, at } = explain(text, error);
  const before = text.slice(0, at).split('\n');
  const column = before.at(-1)?.length ?? 0;
  const line = text.split('\n')[before.length - 1] ?? '';
  return `ERROR: <input>:${before.length}:${column + 1}: ${what}\n | ${line}\n | ${'.'.repeat(column)}^`;
}

function explain(text: string, error: ParseError | RuleTypeError): { readonly what: string; readonly at: number } {
  const { code } = error;
  const summary = error.summary.replaceAll(matchesName, 'matches');
  const at = error.range?.start ?? 0;
  const name = (pattern: RegExp): string => pattern.exec(summary)?.[1] ?? '';
  switch (code) {
    case 'no_such_key':
      return { what: `undefined field '${name(/: (.*)$/)}'`, at: Math.max(0, at - 1) };
    case 'unknown_variable':
      return { what: `undeclared reference to '${name(/: (.*)$/)}' (in container '')`, at };
    case 'no_such_overload': {
      const match = /^no such overload: (\S+) (\S+) (\S+)$/.exec(summary);
      if (!match) break;
      const [, left = '', operator = '', right = ''] = match;
      const found = text.indexOf(operator, at);
      const what = `found no matching overload for '_${operator}_' applied to '(${left}, ${right})'`;
      return { what, at: Math.max(at, found) };
    }
    case 'no_matching_overload': {
      const open = text.indexOf('(', at);
      const called = name(/'(?:.*\.)?(\w+)\(/);
      return { what: `undeclared reference to '${called}' (in container '')`, at: open < 0 ? at : open };
    }
  }
  return { what: error instanceof cel().ParseError ? `Syntax error: ${lowerFirst(summary)}` : lowerFirst(summary), at };
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
