import { describe, expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8 } from './bytes.ts';
import { packTar, type TarEntry, TarError, unpackTar } from './tar.ts';

const entry = (name: string, more: Partial<TarEntry> = {}): TarEntry => ({
  name,
  kind: 'file',
  mode: 0o644,
  modifiedAt: 1_000_000,
  content: new Uint8Array(),
  target: '',
  ...more,
});

describe('tar archives', () => {
  const deep = `${'folder/'.repeat(20)}note.txt`;
  test.each([
    ['a file', entry('a.txt', { content: encodeUtf8('hello\n'), mode: 0o755 })],
    ['an empty file', entry('empty')],
    ['a block that is full', entry('full', { content: new Uint8Array(1024).fill(7) })],
    ['a folder', entry('folder/', { kind: 'directory', mode: 0o700 })],
    ['a link', entry('link', { kind: 'link', target: '/etc/hosts' })],
    ['a name longer than a header has room for', entry(deep, { content: encodeUtf8('x') })],
  ])('keep %s', (_, given) => {
    expect(unpackTar(packTar([given, entry('after')]))).toEqual([given, entry('after')]);
  });

  test('are blocks of 512 bytes', () => {
    const bytes = packTar([entry('a.txt', { content: encodeUtf8('hello\n') })]);
    expect(bytes.length).toBe(512 * 4);
    expect(decodeUtf8(bytes.subarray(257, 262))).toBe('ustar');
  });

  test.each([
    ['something else', encodeUtf8('x'.repeat(600))],
    ['an archive cut short', packTar([entry('a', { content: encodeUtf8('hello') })]).subarray(0, 514)],
  ])('that are %s are refused', (_, bytes) => {
    expect(() => unpackTar(bytes)).toThrow(TarError);
  });
});
