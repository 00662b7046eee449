// The numbers of a scale subresource, where they are and where they are not.
import { describe, expect, test } from 'vitest';
import { fieldErrorText } from '../../../api/field-error.ts';
import type { JsonObject } from '../../../base/json.ts';
import { asStored } from '../json-edge.ts';
import { scaleErrors, scaleMapping } from './scale-paths.ts';

const scale = {
  specReplicasPath: '.spec.size',
  statusReplicasPath: '.status.size',
  labelSelectorPath: '.status.selector',
};

describe('a scale is refused', () => {
  test.each<[object: JsonObject, said: readonly string[]]>([
    [{ spec: { size: 1 }, status: { size: 1, selector: 'a=b' } }, []],
    [{ spec: null }, []],
    [{ spec: { size: -1 } }, ['.spec.size: Invalid value: -1: should be a non-negative integer']],
    [
      { spec: { size: [{}] } },
      [
        '.spec.size: Invalid value: 0: .spec.size accessor error: [map[]] is of the type []interface {}, expected int64',
      ],
    ],
    [
      { spec: ['x'] },
      [
        '.spec.size: Invalid value: 0: .spec.size accessor error: [x] is of the type []interface {}, expected map[string]interface{}',
      ],
    ],
    [
      { spec: { size: 1e300 } },
      ['.spec.size: Invalid value: 0: .spec.size accessor error: 1e+300 is of the type float64, expected int64'],
    ],
    [
      { status: { selector: 3 } },
      ['.status.selector: Invalid value: "": .status.selector accessor error: 3 is of the type int64, expected string'],
    ],
  ])('of %j', (object, said) => {
    expect(scaleErrors(object, scale, ['spec', 'status']).map(fieldErrorText)).toEqual(said);
  });
});

test('a scale without a number cannot be read', () => {
  expect(scaleMapping(scale).problem?.(asStored({ spec: {} }))).toBe(
    'the spec replicas field ".spec.size" does not exist',
  );
});
