// Bodies of the Kubernetes API as bytes on a wire, and back.
import { concatBytes, decodeUtf8, encodeUtf8 } from '../base/bytes.ts';
import type { JsonValue } from '../base/json.ts';
import type { KubeBody } from './ports.ts';

/** JSON ends with a line feed, as the server ends watch events and documents. */
export function encodeKubeBody(body: KubeBody): Uint8Array {
  if (body.kind === 'bytes') return body.bytes;
  return encodeUtf8(body.kind === 'text' ? body.text : `${JSON.stringify(body.value)}\n`);
}

/** By content type: JSON as a value, text as text, anything else as it is. A broken JSON body is shown as text. */
export function decodeKubeBody(bytes: Uint8Array, contentType: string): KubeBody {
  if (!contentType.startsWith('application/json'))
    return contentType.startsWith('text/') ? { kind: 'text', text: decodeUtf8(bytes) } : { kind: 'bytes', bytes };
  const text = decodeUtf8(bytes);
  try {
    const value: JsonValue = JSON.parse(text);
    return { kind: 'json', value };
  } catch {
    return { kind: 'text', text };
  }
}

/** An answer that keeps coming: JSON one value a line, everything else in the pieces in which it arrives. */
export async function* kubeBodyPieces(
  pieces: AsyncIterable<Uint8Array>,
  contentType: string,
): AsyncGenerator<KubeBody> {
  if (!contentType.startsWith('application/json')) {
    for await (const bytes of pieces) yield { kind: 'bytes', bytes };
    return;
  }
  let rest: Uint8Array = new Uint8Array();
  for await (const piece of pieces) {
    rest = rest.length === 0 ? piece : concatBytes([rest, piece]);
    for (let end = rest.indexOf(lineFeed); end >= 0; end = rest.indexOf(lineFeed)) {
      if (end > 0) yield decodeKubeBody(rest.subarray(0, end), contentType);
      rest = rest.subarray(end + 1);
    }
  }
  if (rest.length > 0) yield decodeKubeBody(rest, contentType);
}

const lineFeed = 10;
