// Compiles the expressions of admission policies and of webhooks' match conditions.
//
//   variables ─▶ expressions that may ask for them ─▶ one activation a request: each variable computed at most once
import type { Environment } from '@marcbachmann/cel-js';
import type { JsonObject, JsonValue } from '../../base/json.ts';
import { cel } from '../custom/cel.ts';
import { size } from '../custom/check-rules.ts';
import { celTypes, compilerText, evaluationText } from '../custom/expression-problems.ts';
import { rewriteExpression } from '../custom/rewrite-expression.ts';
import { loopDepth } from '../custom/rule-compiler.ts';
import { registerFunctions } from '../custom/rule-functions.ts';
import { dyn, type Type } from '../custom/typing/types.ts';
import { type AuthorizerValue, registerAuthorizer } from './authorizer-functions.ts';
import { registerDefinition } from './definition-types.ts';
import { ObjectValue, toExpression } from './expression-values.ts';
import { policyTypes, resultProblem, typeOfExpression } from './policy-types.ts';
import { namespaceSchema, requestSchema } from './request-schema.ts';

/** What an expression is to evaluate to. */
export type ResultType = 'bool' | 'string' | 'string or null' | 'Object' | 'list(JSONPatch)' | 'dyn';

/** What is asked of an expression, and what it may ask for. */
export interface ExpressionOptions {
  readonly returns: ResultType;
  /** Whether it may ask what the user may do. */
  readonly authorizer?: boolean | undefined;
  /** Whether it may ask for the policy's variables; default true. */
  readonly variables?: boolean | undefined;
}

/** What one request is about, for all expressions of a policy. */
export interface PolicySubject {
  readonly object: JsonObject | null;
  readonly oldObject: JsonObject | null;
  readonly request: JsonObject;
  readonly params: JsonObject | null;
  readonly namespaceObject: JsonObject | null;
  readonly authorizer: AuthorizerValue;
}

/** A subject as expressions see it. */
export type Activation = Readonly<Record<string, unknown>>;

/** An expression that can be evaluated, unless there is a problem. */
export interface CompiledExpression {
  readonly text: string;
  /** Why it does not compile. */
  readonly problem: string | undefined;
  /** Its value in CEL. Throws {@link ExpressionError}. */
  evaluate(activation: Activation): unknown;
}

/** An expression could not be evaluated; the message is upstream's. */
export class ExpressionError extends Error {
  override name = 'ExpressionError';
}

interface CompiledVariable {
  readonly name: string;
  readonly type: string;
  readonly expression: CompiledExpression;
}

const limits = { maxAstNodes: 10_000, maxDepth: 100 };

/** What is known of a policy's objects. */
export interface CompilerOptions {
  /** Whether there are parameters. */
  readonly params: boolean;
  /** The definition of its objects, for type checking: otherwise they may be anything. */
  readonly object?: string | undefined;
}

/** Compiles for one policy. */
export class PolicyCompiler {
  private readonly variables: CompiledVariable[] = [];
  private readonly variableTypes = new Map<string, Type>();
  private readonly environments = new Map<string, Environment>();

  constructor(private readonly options: CompilerOptions) {}

  /** Adds a variable; those that come later, and all expressions, may ask for it. */
  addVariable(name: string, text: string): CompiledExpression {
    const expression = this.compile(text, { returns: 'dyn', authorizer: true });
    const type = expression.problem === undefined ? this.typeOf(text) : 'dyn';
    const checked = typeOfExpression(text, this.types({ returns: 'dyn', authorizer: true }));
    this.variableTypes.set(name, checked && 'type' in checked ? checked.type : dyn);
    this.variables.push({ name, type, expression });
    this.environments.clear();
    return expression;
  }

  compile(text: string, options: ExpressionOptions): CompiledExpression {
    const environment = this.environment(options);
    const rewritten = rewriteExpression(text);
    const problem = this.problemOf(environment, text, options);
    const program = problem === undefined ? environment.parse(rewritten) : undefined;
    const depth = program ? loopDepth(program.ast) : 0;
    return {
      text,
      problem,
      evaluate(activation) {
        if (!program) throw new ExpressionError(`compilation error: ${problem ?? ''}`);
        if (depth > 1 && amountIn(activation) ** depth > stepsMax) throw new ExpressionError(outOfBudget);
        try {
          return program(activation);
        } catch (error) {
          if (error instanceof ExpressionError && error.message === outOfBudget) throw error;
          throw new ExpressionError(`expression '${text}' resulted in error: ${textOf(error)}`);
        }
      },
    };
  }

  /** What expressions see of a request. */
  activation(subject: PolicySubject): Activation {
    const { object, oldObject, request, params, namespaceObject, authorizer } = subject;
    const activation: Record<string, unknown> = {
      object: toExpression(object),
      oldObject: toExpression(oldObject),
      request: typed(request),
      params: toExpression(params),
      namespaceObject: namespaceObject && typed(namespaceObject),
      authorizer,
    };
    const values = Object.create(VariablesValue.prototype) as object; // edge: the fields are added below
    for (const variable of this.variables) defineLazily(values, variable, activation);
    activation.variables = values;
    const parts = [object, oldObject, request, params, namespaceObject];
    amounts.set(
      values,
      parts.reduce<number>((most, part) => Math.max(most, size(part)), 1),
    );
    return activation;
  }

  private types({ authorizer = false, variables = true }: ExpressionOptions): ReadonlyMap<string, Type> {
    const { params } = this.options;
    return policyTypes({ params, authorizer, variables: variables ? this.variableTypes : undefined });
  }

  /** As cel-go says it, except of what mutations make, and of objects whose type is known. */
  private problemOf(environment: Environment, text: string, options: ExpressionOptions): string | undefined {
    const { returns } = options;
    const library = () => libraryProblem(environment, { text, rewritten: rewriteExpression(text), returns });
    if (returns === 'Object' || returns === 'list(JSONPatch)') return library();
    const checked = typeOfExpression(text, this.types(options));
    if (!checked) return library();
    if ('problem' in checked) return checked.problem;
    if (this.options.object !== undefined) return library();
    const problem = returns === 'dyn' ? undefined : resultProblem(checked.type, returns);
    if (problem !== undefined) return problem;
    const { error } = environment.check(rewriteExpression(text));
    return error instanceof cel().ParseError ? `compilation failed: ${compilerText(text, error)}` : undefined;
  }

  private typeOf(text: string): string {
    const checked = this.environment({ returns: 'dyn', authorizer: true }).check(rewriteExpression(text));
    return checked.type && simpleTypes.test(checked.type) ? checked.type : 'dyn';
  }

  private environment({ authorizer = false, variables = true }: ExpressionOptions): Environment {
    const key = `${authorizer} ${variables}`;
    const known = this.environments.get(key);
    if (known) return known;
    const environment = new (cel().Environment)({
      enableOptionalTypes: true,
      homogeneousAggregateLiterals: false,
      limits,
    });
    registerFunctions(environment);
    const { params, object } = this.options;
    const objectType = object === undefined ? 'dyn' : registerDefinition(environment, object);
    environment.registerVariable('object', objectType);
    environment.registerVariable('oldObject', objectType);
    environment.registerVariable('request', { schema: requestSchema });
    environment.registerVariable('namespaceObject', { schema: namespaceSchema });
    if (params) environment.registerVariable('params', 'dyn');
    if (authorizer) registerAuthorizer(environment);
    const fields = Object.fromEntries(this.variables.map(({ name, type }) => [name, type]));
    environment.registerType('kubernetes.variables', { ctor: VariablesValue, fields });
    if (variables) environment.registerVariable('variables', 'kubernetes.variables');
    registerConstruction(environment);
    this.environments.set(key, environment);
    return environment;
  }
}

/** Types that an environment can be told of before it has met them. */
const simpleTypes = /^(?:bool|int|uint|double|string|bytes|dyn|null|list<(?:bool|int|double|string|dyn)>|list|map)$/;

class VariablesValue {}

/** Steps that the loops of one expression may take, about; upstream counts costs. */
const stepsMax = 5_000_000;
/** Items of a list that a variable may hold. */
const itemsMax = 100_000;
const outOfBudget = 'validation failed due to running out of cost budget, no further validation rules will be run';
/** How many values the largest part of an activation holds, by its variables. */
const amounts = new WeakMap<object, number>();

function amountIn(activation: Activation): number {
  const { variables } = activation;
  return typeof variables === 'object' && variables !== null ? (amounts.get(variables) ?? 1) : 1;
}

function defineLazily(values: object, { name, expression }: CompiledVariable, activation: Activation): void {
  let known: { readonly value: unknown } | undefined;
  Object.defineProperty(values, name, {
    enumerable: true,
    get() {
      known ??= { value: variableValue(name, expression, activation) };
      return known.value;
    },
  });
}

function variableValue(name: string, expression: CompiledExpression, activation: Activation): unknown {
  const quoted = JSON.stringify(name);
  if (expression.problem !== undefined)
    throw new ExpressionError(`composited variable ${quoted} fails to compile: ${expression.problem}`);
  try {
    const value = expression.evaluate(activation);
    if (Array.isArray(value) && value.length > itemsMax) throw new ExpressionError(outOfBudget);
    return value;
  } catch (error) {
    if (!(error instanceof ExpressionError) || error.message === outOfBudget) throw error;
    const plain = error.message.slice(error.message.indexOf(' resulted in error: ') + ' resulted in error: '.length);
    throw new ExpressionError(`composited variable ${quoted} fails to evaluate: ${plain}`);
  }
}

function registerConstruction(environment: Environment): void {
  environment.registerType('Object', { ctor: ObjectValue, fields: {} });
  environment.registerFunction('construct(string, map): Object', (type: string, fields: unknown) => {
    const entries = fields instanceof Map ? fields : new Map(Object.entries(fields ?? {}));
    return new ObjectValue(type, entries);
  });
  environment.registerType('kubernetes.JSONPatchNamespace', { ctor: PatchNamespace, fields: {} });
  environment.registerConstant('jsonpatch', 'kubernetes.JSONPatchNamespace', new PatchNamespace());
  environment.registerFunction(
    'kubernetes.JSONPatchNamespace.escapeKey(string): string',
    (_: PatchNamespace, key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1'),
  );
}

class PatchNamespace {}

function libraryProblem(
  environment: Environment,
  { text, rewritten, returns }: { readonly text: string; readonly rewritten: string; readonly returns: ResultType },
): string | undefined {
  const checked = environment.check(rewritten);
  if (checked.error) return `compilation failed: ${compilerText(text, checked.error)}`;
  const type = checked.type ?? 'dyn';
  if (fits(type, returns)) return undefined;
  const got = celTypes(type);
  return returns === 'string or null'
    ? `must evaluate to one of [string null_type] but got ${got}`
    : `must evaluate to ${returns} but got ${got}`;
}

function fits(type: string, returns: ResultType): boolean {
  switch (returns) {
    case 'dyn':
      return true;
    case 'string or null':
      return type === 'string' || type === 'null' || type === 'dyn';
    case 'list(JSONPatch)':
      return type === 'dyn' || type.startsWith('list');
    default:
      return type === returns || type === 'dyn';
  }
}

function textOf(error: unknown): string {
  if (error instanceof cel().EvaluationError || error instanceof ExpressionError) return evaluationText(error);
  return error instanceof Error ? error.message : String(error);
}

/** A value with a known shape: objects stay objects, so that fields are found by their names. */
function typed(value: JsonValue): unknown {
  if (Array.isArray(value)) return value.map(typed);
  if (typeof value !== 'object' || value === null) return toExpression(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapsInside.has(key) ? toExpression(item) : typed(item)]),
  );
}

/** Fields that hold maps rather than objects. */
const mapsInside = new Set(['labels', 'annotations', 'extra', 'options']);
