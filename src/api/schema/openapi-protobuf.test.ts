// Small documents as the bytes that they become.
import { expect, test } from 'vitest';
import { decodeUtf8 } from '../../base/bytes.ts';
import type { JsonObject } from '../../base/json.ts';
import { encodeOpenApiV2 } from './openapi-protobuf.ts';

/** Printable bytes as they are, others as `<hex>`. */
const shown = (document: JsonObject): string =>
  [...encodeOpenApiV2(document)]
    .map((byte) => (byte > 31 && byte < 127 ? decodeUtf8(Uint8Array.of(byte)) : `<${byte.toString(16)}>`))
    .join('');

test('definitions are entries of a name and a schema', () => {
  const T = { type: 'object', additionalProperties: true, required: ['a'], 'x-kubernetes-map-type': 'atomic' };
  expect(shown({ swagger: '2.0', definitions: { T } })).toMatchInlineSnapshot(
    `"<a><3>2.0JB<a>@<a><1>T<12>;<9a><1><1>a<aa><1><2><10><1><b2><1><8><a><6>object<fa><1>$<a><15>x-kubernetes-map-type<12><b><12><9>"atomic"<a>"`,
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
