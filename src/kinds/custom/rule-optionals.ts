// Optional values in CEL that the implementation below us lacks, and texts of times.
//
//   self.?name.optMap(n, n + '!')     self.?next.optFlatMap(n, n.?name)     optional.ofNonZeroValue(self.count)
import type { Environment } from '@marcbachmann/cel-js';
import { cel } from './cel.ts';
import type { Bound, Call, Checker, Runner, Scope, Type } from './rule-loops.ts';
import { variableName } from './rule-loops.ts';

/** Registers them. */
export function registerOptionals(environment: Environment): void {
  environment.registerFunction('optional.optMap(ast, ast): optional', (call: Call) => mapped(call, false));
  environment.registerFunction('optional.optFlatMap(ast, ast): optional', (call: Call) => mapped(call, true));
  environment.registerFunction('OptionalNamespace.ofNonZeroValue(A): optional<A>', (_: unknown, value: unknown) =>
    isZero(value) ? cel().Optional.none() : cel().Optional.of(value),
  );
  environment.registerFunction('string(google.protobuf.Timestamp): string', timeText);
  environment.registerFunction('string(google.protobuf.Duration): string', durationText);
}

interface Duration {
  readonly seconds: bigint;
  readonly nanos: number;
}

function timeText(time: Date): string {
  return time.toISOString().replace(/\.?0*Z$/, 'Z');
}

/** As Go writes a number of seconds. */
function durationText({ seconds, nanos }: Duration): string {
  return `${Number(seconds) + Number(nanos) / 1e9}s`;
}

function isZero(value: unknown): boolean {
  if (value === null || value === '' || value === false || value === 0 || value === 0n) return true;
  if (Array.isArray(value)) return value.length === 0;
  return value instanceof Map && value.size === 0;
}

/** `flat`: the expression makes an optional itself. */
function mapped({ args, receiver }: Call, flat: boolean): object {
  const [name, expression] = args;
  let inner: Bound | undefined;
  return {
    async: false,
    typeCheck(checker: Checker, _: unknown, scope: Scope): Type {
      const type = checker.check(receiver, scope);
      inner = scope.forkWithVariable(variableName(checker, name), type.valueType ?? checker.getType('dyn'));
      if (expression) checker.check(expression, inner);
      return checker.getType('optional');
    },
    evaluate(runner: Runner, _: unknown, scope: Scope): unknown {
      const { Optional } = cel();
      const given = runner.run(receiver, scope);
      if (!inner || !expression || !(given instanceof Optional)) throw new Error('optMap was not checked');
      if (!given.hasValue()) return Optional.none();
      const value = runner.run(expression, inner.reuse(scope).setIterValue(given.value(), runner));
      return flat ? value : Optional.of(value);
    },
  };
}
