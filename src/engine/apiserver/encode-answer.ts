// Answers as bodies: JSON, YAML or protobuf, whole or as the frames of a watch.
import type { KubeBody } from '../../api/ports.ts';
import { encodeProtobuf } from '../../api/protobuf.ts';
import { ByteWriter } from '../../api/protobuf-wire.ts';
import type { WatchEvent } from '../../api/request.ts';
import { concatBytes, encodeUtf8 } from '../../base/bytes.ts';
import type { JsonObject } from '../../base/json.ts';
import { emitYaml } from '../../base/yaml-emit.ts';
import { type AnswerType, mediaTypes } from './media-types.ts';

export function encodeAnswer(
  { encoding, pretty }: Pick<AnswerType, 'encoding' | 'pretty'>,
  value: JsonObject,
): KubeBody {
  if (encoding === 'protobuf') return { kind: 'bytes', bytes: encodeProtobuf(value) };
  if (encoding === 'yaml') return { kind: 'text', text: emitYaml(value) };
  return pretty ? { kind: 'text', text: escaped(JSON.stringify(value, null, 2)) } : { kind: 'json', value };
}

/**
 * One event of a watch. In protobuf its length in four bytes, the highest first, and a WatchEvent without envelope,
 * whose object has one.
 */
export function encodeEvent({ encoding }: Pick<AnswerType, 'encoding'>, { type, object }: WatchEvent): KubeBody {
  if (encoding !== 'protobuf') return { kind: 'json', value: { type, object } };
  const raw = new ByteWriter();
  raw.bytesField(1, encodeProtobuf(object));
  const event = new ByteWriter();
  event.bytesField(1, encodeUtf8(type));
  event.bytesField(2, raw.done());
  const message = event.done();
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, message.length);
  return { kind: 'bytes', bytes: concatBytes([length, message]) };
}

/** The Content-Type of an answer. */
export function contentType({ encoding }: Pick<AnswerType, 'encoding'>, watch = false): string {
  return watch && encoding === 'protobuf' ? `${mediaTypes.protobuf};stream=watch` : mediaTypes[encoding];
}

/** Go writes characters that mean something in HTML as escapes. */
function escaped(text: string): string {
  return text.replace(/[<>&\u2028\u2029]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
