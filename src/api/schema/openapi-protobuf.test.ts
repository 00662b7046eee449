// Small documents as the bytes that they become.
import { expect, test } from 'vitest';
import { decodeUtf8 } from '../../base/bytes.ts';
import type { JsonObject } from '../../base/json.ts';
import { encodeOpenApiV2 } from './openapi-protobuf.ts';
import { encodeOpenApiV3 } from './openapi-protobuf-v3.ts';

/** Printable bytes as they are, others as `<hex>`. */
const shown = (document: JsonObject): string => bytesText(encodeOpenApiV2(document));

const bytesText = (bytes: Uint8Array): string =>
  [...bytes]
    .map((byte) => (byte > 31 && byte < 127 ? decodeUtf8(Uint8Array.of(byte)) : `<${byte.toString(16)}>`))
    .join('');

test('definitions are entries of a name and a schema', () => {
  const T = { type: 'object', additionalProperties: true, required: ['a'], 'x-kubernetes-map-type': 'atomic' };
  expect(shown({ swagger: '2.0', definitions: { T } })).toMatchInlineSnapshot(
    `"<a><3>2.0J@<a>><a><1>T<12>9<9a><1><1>a<aa><1><2><10><1><b2><1><8><a><6>object<fa><1>"<a><15>x-kubernetes-map-type<12><9><12><7>atomic<a>"`,
  );
});

test('parameters are told apart by where they stand', () => {
  const parameters = [
    { name: 'watch', in: 'query', type: 'boolean' },
    { name: 'name', in: 'path', required: true },
    { name: 'body', in: 'body', schema: { $ref: '#/definitions/T' } },
  ];
  expect(shown({ paths: { '/p': { get: { parameters } } } })).toMatchInlineSnapshot(
    `"Bd<12>b<a><2>/p<12>\\<12>ZB<1d><a><1b><12><19><1a><17><12><5>query"<5>watch2<7>booleanB<14><a><12><12><10>"<e><8><1><12><4>path"<4>nameB#<a>!<a><1f><12><4>body<1a><4>body*<11><a><f>#/definitions/T"`,
  );
});

test('of version 3, schemas are references or not, and what is of any shape is YAML', () => {
  const T = {
    type: 'object',
    default: '',
    properties: { a: { allOf: [{ $ref: '#/components/schemas/U' }], default: {} } },
    items: { $ref: '#/components/schemas/U' },
    'x-kubernetes-unions': [{ discriminator: 'type', fields: { b: 'B' } }, { group: '' }],
  };
  const paths = { '/p': { get: { responses: { 401: { description: 'Unauthorized' } } } } };
  expect(bytesText(encodeOpenApiV3({ openapi: '3.0.0', paths, components: { schemas: { T } } }))).toMatchInlineSnapshot(
    `"<a><5>3.0.0"%<a>#<a><2>/p<12><1d>"<1b>B<19><12><17><a><3>401<12><10><a><e><a><c>Unauthorized*<b9><1><a><b6><1><a><b3><1><a><1>T<12><ad><1><a><aa><1><ca><1><6>object<f2><1><1c><a><1a><12><18><a><16>#/components/schemas/U<fa><1>)<a>'<a><1>a<12>"<a> <d2><1><1a><12><18><a><16>#/components/schemas/U<8a><2><0><8a><2><2><1a><0><a2><2>N<a><13>x-kubernetes-unions<12>7<12>5- discriminator: type<a>  fields:<a>    b: B<a>- group: ""<a>"`,
  );
});
