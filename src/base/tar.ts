// Tar archives (ustar, with GNU's long names when read): the form in which files travel to and from containers.
//
//   512 bytes header, content padded to 512 bytes, next header, …, two blocks of zeros
import { concatBytes, decodeUtf8, encodeUtf8 } from './bytes.ts';

export interface TarEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link';
  readonly mode: number;
  /** Milliseconds since the Unix epoch. */
  readonly modifiedAt: number;
  readonly content: Uint8Array;
  /** Where a link points to. */
  readonly target: string;
}

/** Not a tar archive, or its end is missing. */
export class TarError extends Error {
  override name = 'TarError';
}

const block = 512;
const types = { file: '0', link: '2', directory: '5' } as const;

export function packTar(entries: readonly TarEntry[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (const entry of entries) {
    const content = entry.kind === 'file' ? entry.content : new Uint8Array();
    if (encodeUtf8(entry.name).length > 100) pieces.push(...longName(entry.name));
    pieces.push(header(entry, content.length), content, new Uint8Array(padding(content.length)));
  }
  pieces.push(new Uint8Array(block * 2));
  return concatBytes(pieces);
}

/** Throws {@link TarError}. */
export function unpackTar(bytes: Uint8Array): readonly TarEntry[] {
  const entries: TarEntry[] = [];
  let name: string | undefined;
  for (let at = 0; at + block <= bytes.length; ) {
    const head = bytes.subarray(at, at + block);
    if (head[0] === 0) break;
    if (checksum(head) !== octal(head, 148, 8)) throw new TarError('archive/tar: invalid tar header');
    const size = octal(head, 124, 12);
    const content = bytes.subarray(at + block, at + block + size);
    if (content.length < size) throw new TarError('unexpected EOF');
    at += block + size + padding(size);
    const type = String.fromCharCode(head[156] ?? 0);
    if (type === 'L') {
      name = decodeUtf8(content).replace(/\0+$/, '');
      continue;
    }
    const prefix = text(head, 345, 155);
    const short = text(head, 0, 100);
    entries.push({
      name: name ?? (prefix === '' ? short : `${prefix}/${short}`),
      kind: type === types.directory ? 'directory' : type === types.link ? 'link' : 'file',
      mode: octal(head, 100, 8) & 0o7777,
      modifiedAt: octal(head, 136, 12) * 1000,
      content,
      target: text(head, 157, 100),
    });
    name = undefined;
  }
  return entries;
}

/** GNU's entry before the one whose name is too long for a header. */
function longName(name: string): readonly Uint8Array[] {
  const content = encodeUtf8(`${name}\0`);
  const entry = { name: '././@LongLink', mode: 0, modifiedAt: 0, target: '' };
  return [header({ ...entry, type: 'L' }, content.length), content, new Uint8Array(padding(content.length))];
}

function header(
  entry: Pick<TarEntry, 'name' | 'mode' | 'modifiedAt' | 'target'> &
    ({ readonly kind: TarEntry['kind'] } | { readonly type: string }),
  size: number,
): Uint8Array {
  const head = new Uint8Array(block);
  const put = (at: number, length: number, value: string) => head.set(encodeUtf8(value).subarray(0, length), at);
  const number = (at: number, length: number, value: number) =>
    put(at, length, `${value.toString(8).padStart(length - 1, '0')}\0`);
  put(0, 100, entry.name);
  number(100, 8, entry.mode & 0o7777);
  number(108, 8, 0);
  number(116, 8, 0);
  number(124, 12, size);
  number(136, 12, Math.floor(entry.modifiedAt / 1000));
  put(156, 1, 'kind' in entry ? types[entry.kind] : entry.type);
  put(157, 100, entry.target);
  put(257, 8, 'ustar\x0000');
  put(265, 32, 'root');
  put(297, 32, 'root');
  number(148, 7, checksum(head));
  head[155] = 32;
  return head;
}

/** The sum of a header's bytes, the sum's own field counted as blanks. */
function checksum(head: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < block; i++) sum += i >= 148 && i < 156 ? 32 : (head[i] ?? 0);
  return sum;
}

function octal(head: Uint8Array, at: number, length: number): number {
  return Number.parseInt(text(head, at, length).trim() || '0', 8);
}

function text(head: Uint8Array, at: number, length: number): string {
  const field = head.subarray(at, at + length);
  const end = field.indexOf(0);
  return decodeUtf8(end < 0 ? field : field.subarray(0, end));
}

function padding(size: number): number {
  return (block - (size % block)) % block;
}
