// What is said of the expressions of policies before any request comes.
import { expect, test } from 'vitest';
import { dyn, type } from '../custom/typing/types.ts';
import { policyTypes, resultProblem, typeOfExpression } from './policy-types.ts';

const types = policyTypes({ params: false, authorizer: true, variables: new Map([['few', type('bool')]]) });

function said(expression: string): string | undefined {
  const found = typeOfExpression(expression, types);
  if (!found) return 'no syntax';
  return 'problem' in found ? found.problem.split('\n')[0] : resultProblem(found.type, 'bool');
}

test.each([
  ['variables.few && request.dryRun', undefined],
  ["authorizer.requestResource.check('get').allowed()", undefined],
  ["namespaceObject.metadata.labels['a'] == 'b'", undefined],
  ['object.spec', 'must evaluate to bool but got dyn'],
  ['variables.many', "compilation failed: ERROR: <input>:1:10: undefined field 'many'"],
  ['params.x', "compilation failed: ERROR: <input>:1:1: undeclared reference to 'params' (in container '')"],
  [
    "request.operation in ['CREATE', 1]",
    "compilation failed: ERROR: <input>:1:33: expected type 'string' but found 'int'",
  ],
])('%s: %s', (expression, wanted) => expect(said(expression)).toBe(wanted));

test('a message may be null', () => {
  expect(resultProblem(type('null'), 'string or null')).toBeUndefined();
  expect(resultProblem(dyn, 'string or null')).toBe('must evaluate to one of [string null_type] but got dyn');
});
