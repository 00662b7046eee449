// What the API server says of CustomResourceDefinitions that are not right.
import { describe, expect, test } from 'vitest';
import { type FieldError, fieldErrorText } from '../../api/field-error.ts';
import type { CustomResourceDefinition } from '../../api/generated/types.ts';
import { decode } from '../../api/schema/decode.ts';
import type { JsonObject, JsonValue } from '../../base/json.ts';
import { loadLateCode } from '../../base/late.ts';
import { checkedKind } from '../checked-kind.ts';
import { customResourceDefinition } from '../custom-resource-definition.ts';

await loadLateCode();

const spec: JsonObject = {
  group: 'ex.com',
  scope: 'Namespaced',
  names: { plural: 'foos', kind: 'Foo' },
};

function definitionOf(version: JsonObject, more: JsonObject = {}): CustomResourceDefinition {
  const body = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'foos.ex.com' },
    spec: { ...spec, versions: [{ name: 'v1', served: true, storage: true, ...version }], ...more },
  };
  const { value } = decode('apiextensions.v1.CustomResourceDefinition', body);
  return value as unknown as CustomResourceDefinition; // edge: decoded as what it becomes
}

function problems(definition: CustomResourceDefinition, old?: CustomResourceDefinition): readonly string[] {
  const { defaults, prepareForCreate, validate, validateUpdate } = checkedKind(customResourceDefinition);
  const errors: FieldError[] = [];
  const filled = defaults?.(definition) ?? definition;
  if (old) validateUpdate?.({ ...filled, status: old.status ?? {} }, old, errors);
  else validate?.(prepareForCreate?.(filled, () => '') ?? filled, errors);
  return errors.map((error) => fieldErrorText(error).replaceAll('spec.validation.openAPIV3Schema', 'S'));
}

const schemaOf = (properties: JsonObject): JsonObject => ({
  schema: { openAPIV3Schema: { type: 'object', properties } },
});
const ofSpec = (node: JsonObject): JsonObject => schemaOf({ spec: node });

describe('a schema is refused', () => {
  const rows: readonly (readonly [what: string, node: JsonObject, said: readonly string[]])[] = [
    ['without a type', {}, ['S.properties[spec].type: Required value: must not be empty for specified object fields']],
    [
      'with items as a list',
      { type: 'array', items: [{ type: 'string' }] },
      ['S.properties[spec].items: Forbidden: items must be a schema object and not an array'],
    ],
    [
      'with the address of another schema language',
      { type: 'string', $schema: 'x' },
      [`S: Invalid value: "": OpenAPIV3Schema 'schema' is not supported`],
    ],
    [
      'with dependencies, even none',
      { type: 'object', dependencies: {} },
      ['S.properties[spec].dependencies: Forbidden: dependencies is not supported'],
    ],
    [
      'with a default of false in an alternative',
      { type: 'boolean', anyOf: [{ default: false }] },
      ['S.properties[spec].anyOf[0].default: Forbidden: must be undefined to be structural'],
    ],
    [
      'with a factor that nothing is a multiple of',
      { type: 'integer', multipleOf: -1, default: 3 },
      ['S.properties[spec].default: Invalid value: -1: factor MultipleOf declared for  must be positive: -1'],
    ],
    [
      'with bounds that are no integers',
      { type: 'integer', maximum: 1e30, default: 3 },
      [
        'S.properties[spec].default: Invalid value: "": Maximum boundary value must be of type integer (default format) in ',
      ],
    ],
    [
      'with a default that is no resource',
      {
        type: 'object',
        'x-kubernetes-embedded-resource': true,
        'x-kubernetes-preserve-unknown-fields': true,
        default: { kind: 'K', apiVersion: 'v1', metadata: { labels: 3 } },
      },
      [
        'S.properties[spec].default.metadata: Invalid value: {"labels":3}: json: cannot unmarshal number into Go struct field ObjectMeta.labels of type map[string]string',
      ],
    ],
    [
      'with a set of objects that are not atomic',
      { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'object' } },
      [
        'S.properties[spec].items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set',
      ],
    ],
    [
      'with rules for what has no type',
      { 'x-kubernetes-preserve-unknown-fields': true, 'x-kubernetes-validations': [{ rule: 'true' }] },
      [
        'S.properties[spec].x-kubernetes-validations: Internal error: internal error: failed to retrieve type information for x-kubernetes-validations',
      ],
    ],
  ];
  test.each(rows)('%s', (_, node, said) => {
    expect(problems(definitionOf(ofSpec(node)))).toEqual(said);
  });

  test.each<readonly [string, JsonValue]>([
    ['a default of any kind for what is an integer or a text', { 'x-kubernetes-int-or-string': true, default: true }],
    [
      'a rule about the change of a field of an atomic map',
      {
        type: 'object',
        'x-kubernetes-map-type': 'atomic',
        properties: { a: { type: 'string', maxLength: 5, 'x-kubernetes-validations': [{ rule: 'self == oldSelf' }] } },
      },
    ],
  ])('but not with %s', (_, node) => {
    expect(problems(definitionOf(ofSpec(node as JsonObject)))).toEqual([]);
  });
});

describe('selectable fields are refused', () => {
  const node = {
    type: 'object',
    properties: { a: { type: 'string' }, d: { type: 'array', items: { type: 'string' } } },
  };
  test.each([
    ['.spec.nope', 'is an invalid path: does not refer to a valid field'],
    [".spec['a']", 'is an invalid path: array notation is not allowed'],
    ['spec.a', 'is an invalid path: expected [ or . but got: spec'],
    ['.spec.', 'is an invalid path: unexpected end of JSON path'],
    ['.metadata.name', 'is an invalid path: does not refer to a valid field'],
    [
      '.spec.d',
      'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
    ],
  ])('%s', (jsonPath, said) => {
    const definition = definitionOf({ ...ofSpec(node), selectableFields: [{ jsonPath }] });
    expect(problems(definition)).toEqual([
      `spec.selectableFields[0].jsonPath: Invalid value: ${JSON.stringify(jsonPath)}: ${said}`,
    ]);
  });
});

describe('a definition as a whole', () => {
  test('may not keep unknown fields, even less with defaults or a webhook', () => {
    const conversion = {
      strategy: 'Webhook',
      webhook: { conversionReviewVersions: ['v1'], clientConfig: { url: 'https://a.b' } },
    };
    const definition = definitionOf(ofSpec({ type: 'integer', default: 1 }), {
      preserveUnknownFields: true,
      conversion,
    });
    expect(problems(definition)).toEqual([
      'spec.preserveUnknownFields: Invalid value: true: must be false in order to use defaults in the schema',
      'spec.conversion.strategy: Invalid value: "Webhook": must be None if spec.preserveUnknownFields is true',
      'spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
    ]);
  });

  test('shows an odd root as upstream keeps it', () => {
    const version = { schema: { openAPIV3Schema: { type: 'object', maxProperties: 2 } }, subresources: { status: {} } };
    expect(problems(definitionOf(version)).join()).toContain(
      'S: Invalid value: {"ID":"","Schema":"","Ref":null,"Description":"","Type":"object","Nullable":false,',
    );
  });

  test('may keep on update what was wrong before', () => {
    const wrong = ofSpec({ type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'object' } });
    const old = { ...definitionOf(wrong), status: { storedVersions: ['v1'] } };
    expect(problems(definitionOf(wrong), old)).toEqual([]);
    expect(
      problems(definitionOf(wrong), { ...definitionOf(ofSpec({ type: 'string' })), ...{ status: old.status } }),
    ).toEqual([
      'S.properties[spec].items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set',
    ]);
  });

  test('forgets an empty webhook', () => {
    const definition = definitionOf(ofSpec({ type: 'string' }), { conversion: { strategy: 'None', webhook: {} } });
    const filled = customResourceDefinition.defaults?.(definition);
    expect(JSON.stringify(filled)).toContain('"conversion":{"strategy":"None"}');
  });
});
