// Reads lines from a stream that others read after us: what is read too much is put back for the next one.
import type { Reader } from '../../api/program.ts';
import { concatBytes, decodeUtf8 } from '../../base/bytes.ts';

/** Bytes taken from a reader but not used yet. */
const leftovers = new WeakMap<Reader, Uint8Array>();
const lineBytesMax = 16 * 1024 * 1024;

export interface Taken {
  readonly bytes: Uint8Array;
  /** Whether the delimiter (or the count) came before the end of the input. */
  readonly complete: boolean;
}

/** The next bytes, those put back first. */
export async function readChunk(reader: Reader): Promise<Uint8Array | undefined> {
  const origin = originOf(reader);
  const left = leftovers.get(origin);
  if (!left) return reader.read();
  leftovers.delete(origin);
  return left;
}

function putBack(reader: Reader, bytes: Uint8Array): void {
  if (bytes.length > 0) leftovers.set(originOf(reader), bytes);
}

function originOf(reader: Reader): Reader {
  return reader.origin ? originOf(reader.origin) : reader;
}

/** Bytes up to a delimiter (left out) or a count. `joinLines`: a backslash keeps the delimiter from counting. */
export async function takeUntil(
  reader: Reader,
  stop: { readonly delimiter: number; readonly count?: number | undefined; readonly joinLines?: boolean },
): Promise<Taken> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (let chunk = await readChunk(reader); chunk; chunk = await readChunk(reader)) {
    for (let i = 0; i < chunk.length; i++) {
      if (stop.count !== undefined && size + i + 1 >= stop.count) {
        putBack(reader, chunk.subarray(i + 1));
        return { bytes: concatBytes([...pieces, chunk.subarray(0, i + 1)]), complete: true };
      }
      if (chunk[i] !== stop.delimiter) continue;
      const line = concatBytes([...pieces, chunk.subarray(0, i)]);
      putBack(reader, chunk.subarray(i + 1));
      if (!stop.joinLines || !endsWithBackslash(line)) return { bytes: line, complete: true };
      const rest = await takeUntil(reader, stop);
      return { bytes: concatBytes([line.subarray(0, -1), rest.bytes]), complete: rest.complete };
    }
    pieces.push(chunk);
    size += chunk.length;
    if (size > lineBytesMax) break;
  }
  return { bytes: concatBytes(pieces), complete: false };
}

function endsWithBackslash(line: Uint8Array): boolean {
  let count = 0;
  while (line[line.length - 1 - count] === 0x5c) count++;
  return count % 2 === 1;
}

/** The lines of a stream as they come, without their ends. `ended` is false for a last line without one. */
export async function* linesOf(
  reader: Reader,
  delimiter = 10,
): AsyncGenerator<{ readonly text: string; readonly ended: boolean }> {
  let rest: Uint8Array[] = [];
  for (let chunk = await readChunk(reader); chunk; chunk = await readChunk(reader)) {
    let from = 0;
    for (let end = chunk.indexOf(delimiter); end !== -1; end = chunk.indexOf(delimiter, from)) {
      const piece = chunk.subarray(from, end);
      yield { text: decodeUtf8(rest.length > 0 ? concatBytes([...rest, piece]) : piece), ended: true };
      rest = [];
      from = end + 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  }
  if (rest.length > 0) yield { text: decodeUtf8(concatBytes(rest)), ended: false };
}

/** All bytes of a stream. */
export async function readAll(reader: Reader): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let chunk = await readChunk(reader); chunk; chunk = await readChunk(reader)) pieces.push(chunk);
  return concatBytes(pieces);
}
