import { expect, test } from 'vitest';
import { decodeProtobuf } from '../../api/protobuf.ts';
import { encodeAnswer, encodeEvent } from './encode-answer.ts';

const map = { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a' }, data: { k: '<1>' } };

test('the same object in every encoding', () => {
  expect(encodeAnswer({ encoding: 'json', pretty: false }, map)).toEqual({ kind: 'json', value: map });
  expect(encodeAnswer({ encoding: 'json', pretty: true }, map)).toMatchInlineSnapshot(`
    {
      "kind": "text",
      "text": "{
      "kind": "ConfigMap",
      "apiVersion": "v1",
      "metadata": {
        "name": "a"
      },
      "data": {
        "k": "\\u003c1\\u003e"
      }
    }",
    }
  `);
  expect(encodeAnswer({ encoding: 'yaml', pretty: false }, map)).toMatchInlineSnapshot(`
    {
      "kind": "text",
      "text": "apiVersion: v1
    data:
      k: <1>
    kind: ConfigMap
    metadata:
      name: a
    ",
    }
  `);
  const body = encodeAnswer({ encoding: 'protobuf', pretty: false }, map);
  expect(body.kind === 'bytes' && decodeProtobuf(body.bytes)).toEqual(map);
});

test('an event of a protobuf watch is a length and a message whose object has an envelope', () => {
  const body = encodeEvent({ encoding: 'protobuf' }, { type: 'ADDED', object: map });
  const bytes = body.kind === 'bytes' ? body.bytes : new Uint8Array();
  expect(new DataView(bytes.buffer).getUint32(0)).toBe(bytes.length - 4);
  const text = String.fromCharCode(...bytes.subarray(4));
  expect(text.slice(0, 7)).toBe('\n\x05ADDED');
  expect(decodeProtobuf(bytes.subarray(4 + text.indexOf('k8s\0')))).toEqual(map);
});
