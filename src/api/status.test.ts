// Error bodies and field errors in upstream's words.
import { describe, expect, test } from 'vitest';
import * as field from './field-error.ts';
import * as status from './status.ts';

const pods = { group: '', resource: 'pods' };
const deployments = { group: 'apps', resource: 'deployments' };

describe('field errors', () => {
  const rows: readonly (readonly [field.FieldError, string])[] = [
    [field.required('spec.containers', ''), 'spec.containers: Required value'],
    [field.required('a', 'must be set'), 'a: Required value: must be set'],
    [field.invalid('metadata.name', 'A_b', 'bad'), 'metadata.name: Invalid value: "A_b": bad'],
    [field.invalid('n', 'a"b\n\u0001é', ''), 'n: Invalid value: "a\\"b\\n\\x01é"'],
    [field.invalid('replicas', -1, 'must be positive'), 'replicas: Invalid value: -1: must be positive'],
    [field.invalid('labels', { b: '<', a: 1 }, 'x'), 'labels: Invalid value: {"a":1,"b":"\\u003c"}: x'],
    [field.invalid('x', null, 'is immutable'), 'x: Invalid value: null: is immutable'],
    [field.notSupported('t', 'x', ['a', 'b']), 't: Unsupported value: "x": supported values: "a", "b"'],
    [field.duplicate('p', { name: 'x' }), 'p: Duplicate value: {"name":"x"}'],
    [field.forbidden('spec', 'may not change'), 'spec: Forbidden: may not change'],
    [field.tooLong('n', 63), 'n: Too long: may not be more than 63 bytes'],
    [field.tooLong('n', 1), 'n: Too long: may not be more than 1 byte'],
    [field.tooMany('l', 5, 1), 'l: Too many: 5: must have at most 1 item'],
    [field.notFound('v', 'data'), 'v: Not found: "data"'],
    [field.internal('v', 'boom'), 'v: Internal error: boom'],
  ];
  test.each(rows)('are written as %o', (error, text) => {
    expect(field.fieldErrorText(error)).toBe(text);
  });
});

describe('api errors', () => {
  test('carry the whole Status body', () => {
    expect(JSON.stringify(status.notFound(deployments, 'x').status)).toMatchInlineSnapshot(
      `"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"deployments.apps \\"x\\" not found","reason":"NotFound","details":{"name":"x","group":"apps","kind":"deployments"},"code":404}"`,
    );
    const required = field.required('spec.containers[0].name');
    expect(
      JSON.stringify(status.invalid({ group: '', kind: 'Pod' }, 'x', [required, required]).status),
    ).toMatchInlineSnapshot(
      `"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Pod \\"x\\" is invalid: spec.containers[0].name: Required value","reason":"Invalid","details":{"name":"x","kind":"Pod","causes":[{"reason":"FieldValueRequired","message":"Required value","field":"spec.containers[0].name"},{"reason":"FieldValueRequired","message":"Required value","field":"spec.containers[0].name"}]},"code":422}"`,
    );
  });
  const messages: readonly (readonly [status.ApiError, string])[] = [
    [status.alreadyExists(pods, 'x'), 'pods "x" already exists'],
    [
      status.conflict(deployments, 'x'),
      'Operation cannot be fulfilled on deployments.apps "x": the object has been modified; please apply your changes to the latest version and try again',
    ],
    [
      status.invalid({ group: 'apps', kind: 'Deployment' }, 'x', [field.required('a'), field.required('b')]),
      'Deployment.apps "x" is invalid: [a: Required value, b: Required value]',
    ],
    [status.forbidden(pods, '', 'no'), 'pods is forbidden: no'],
    [status.forbidden(pods, 'x', 'no'), 'pods "x" is forbidden: no'],
    [status.methodNotSupported(pods, 'create'), 'create is not supported on resources of kind "pods"'],
    [status.internalError('boom'), 'Internal error occurred: boom'],
    [status.timeout('late'), 'Timeout: late'],
  ];
  test.each(messages)('say what upstream says', (error, text) => {
    expect(error.message).toBe(text);
  });
});
