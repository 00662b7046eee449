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
  const reader = new KubeBodyReader(contentType);
  for await (const bytes of pieces) yield* reader.push(bytes);
  yield* reader.end();
}

/** The same for code that is told of pieces. */
export class KubeBodyReader {
  private rest: Uint8Array = new Uint8Array();

  constructor(private readonly contentType: string) {}

  push(piece: Uint8Array): readonly KubeBody[] {
    if (!this.contentType.startsWith('application/json')) return [{ kind: 'bytes', bytes: piece }];
    this.rest = this.rest.length === 0 ? piece : concatBytes([this.rest, piece]);
    const found: KubeBody[] = [];
    for (let end = this.rest.indexOf(lineFeed); end >= 0; end = this.rest.indexOf(lineFeed)) {
      if (end > 0) found.push(decodeKubeBody(this.rest.subarray(0, end), this.contentType));
      this.rest = this.rest.subarray(end + 1);
    }
    return found;
  }

  end(): readonly KubeBody[] {
    return this.rest.length > 0 ? [decodeKubeBody(this.rest, this.contentType)] : [];
  }
}

const lineFeed = 10;
