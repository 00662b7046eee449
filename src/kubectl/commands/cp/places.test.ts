import { describe, expect, test } from 'vitest';
import { cleanPath, joinPaths, parentOf, parseSpec, remotePrefix } from './places.ts';

describe('what cp is told to copy', () => {
  test.each([
    ['file.txt', { ns: '', pod: '', path: 'file.txt' }],
    ['box:/tmp/a', { ns: '', pod: 'box', path: '/tmp/a' }],
    ['team/box:/tmp/dir/', { ns: 'team', pod: 'box', path: '/tmp/dir' }],
    ['box:', { ns: '', pod: 'box', path: '' }],
  ])('%s', (text, place) => {
    expect(parseSpec(text)).toEqual(place);
  });

  test.each([':/tmp', 'a/b/c:/tmp'])('%s is refused', (text) => {
    expect(() => parseSpec(text)).toThrow('filespec must match the canonical format: [[namespace/]pod:]file/path');
  });
});

test.each([
  ['/a//b/./c', '/a/b/c'],
  ['a/../b', 'b'],
  ['../x', '../x'],
  ['/..', '/'],
  ['', '.'],
])('the path %s is clean as %s', (path, clean) => {
  expect(cleanPath(path)).toBe(clean);
});

test.each([
  ['/tmp/up.txt', '/tmp', 'tmp/up.txt'],
  ['up.txt', '.', 'up.txt'],
  ['/x', '/', 'x'],
  ['../../etc/passwd', '../../etc', 'etc/passwd'],
])('%s is in %s, and its archive names begin with %s', (path, parent, prefix) => {
  expect(parentOf(path)).toBe(parent);
  expect(remotePrefix(path)).toBe(prefix);
  expect(joinPaths(parent, path.split('/').at(-1) ?? '')).toBe(cleanPath(path));
});
