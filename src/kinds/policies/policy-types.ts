// The types that the expressions of policies are checked with, and what is wrong with them by these.
import { problemText } from '../custom/expression-problems.ts';
import { checkTypes } from '../custom/typing/check.ts';
import { namedType } from '../custom/typing/declarations.ts';
import { parseExpression } from '../custom/typing/parse.ts';
import { dyn, type Type, type, typeText } from '../custom/typing/types.ts';
import { namespaceSchema, requestSchema } from './request-schema.ts';

/** What expressions may ask for. */
export interface PolicyScope {
  readonly params: boolean;
  readonly authorizer: boolean;
  /** Undefined: none. */
  readonly variables: ReadonlyMap<string, Type> | undefined;
}

/** The types of all that expressions may ask for; objects may be anything. */
export function policyTypes({ params, authorizer, variables }: PolicyScope): ReadonlyMap<string, Type> {
  const types = new Map([
    ['object', dyn],
    ['oldObject', dyn],
    ['request', shapeType('kubernetes.AdmissionRequest', requestSchema)],
    ['namespaceObject', shapeType('kubernetes.Namespace', namespaceSchema)],
  ]);
  if (params) types.set('params', dyn);
  if (authorizer) {
    types.set('authorizer', type('kubernetes.authorization.Authorizer'));
    types.set('authorizer.requestResource', type('kubernetes.authorization.ResourceCheck'));
  }
  if (variables) types.set('variables', { ...type('kubernetes.variables'), fields: variables });
  return types;
}

/** The type of an expression, or what is wrong with it; undefined where others have to tell. */
export function typeOfExpression(
  text: string,
  types: ReadonlyMap<string, Type>,
): { readonly type: Type } | { readonly problem: string } | undefined {
  const parsed = parseExpression(text);
  if (!parsed) return undefined;
  const checked = checkTypes(parsed.expression, types);
  const problems = parsed.problems.length > 0 ? parsed.problems : checked.problems;
  if (problems.length === 0) return { type: checked.type };
  const texts = [...problems].sort((a, b) => a.at - b.at).map((problem) => problemText(text, problem));
  return { problem: `compilation failed: ${texts.join('\n')}` };
}

/** Why an expression of a type does not evaluate to what is wanted. */
export function resultProblem(found: Type, wanted: 'bool' | 'string' | 'string or null'): string | undefined {
  const names = wanted === 'string or null' ? ['string', 'null'] : [wanted];
  if (names.includes(found.name)) return undefined;
  const shown = wanted === 'string or null' ? 'one of [string null_type]' : wanted;
  return `must evaluate to ${shown} but got ${found.name === 'null' ? 'null_type' : typeText(found)}`;
}

type Shape = { readonly [name: string]: string | Shape };

function shapeType(name: string, shape: Shape): Type {
  const fields = Object.entries(shape).map(([key, of]): [string, Type] => [
    key,
    typeof of === 'string' ? namedType(of) : shapeType(`${name}.${key}`, of),
  ]);
  return { ...type(name), fields: new Map(fields) };
}
