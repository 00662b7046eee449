// One line of standard input: the answer to a question.
import type { Reader } from '../api/program.ts';
import { concatBytes, decodeUtf8 } from '../base/bytes.ts';

/** Without its line break; what there is at the end of the input. */
export async function readLine(reader: Reader): Promise<string> {
  const pieces: Uint8Array[] = [];
  for (;;) {
    const piece = await reader.read();
    if (!piece) break;
    const end = piece.indexOf(10);
    pieces.push(end < 0 ? piece : piece.subarray(0, end));
    if (end >= 0) break;
  }
  return decodeUtf8(concatBytes(pieces)).replace(/\r$/, '');
}
