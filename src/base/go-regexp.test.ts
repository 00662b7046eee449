// Go's regular expressions: what they find, what is wrong with them, and how long they may take.
import { expect, test } from 'vitest';
import { goRegexp } from './go-regexp.ts';

test.each([
  ['a', 'xay', 'a'],
  ['a*', 'aaab', 'aaa'],
  ['a*?b', 'aaab', 'aaab'],
  ['a+?', 'aaa', 'a'],
  ['(?U)a+', 'aaa', 'a'],
  ['^a{2,3}$', 'aaa', 'aaa'],
  ['^a{2}$', 'aaa', undefined],
  ['a{2,}', 'aaaa', 'aaaa'],
  ['a|ab', 'ab', 'a'],
  ['(a|ab)(c|bcd)', 'abcd', 'abcd'],
  ['[a-c]+', 'xxabcabx', 'abcab'],
  ['[^a-c]+', 'abxyc', 'xy'],
  ['[]a]+', 'x]a]', ']a]'],
  ['[a-]+', '-a-', '-a-'],
  ['[[:alpha:]_]+', '1ab_2', 'ab_'],
  ['[[:^digit:]]+', '12ab', 'ab'],
  ['\\d+\\.\\d', 'v12.3', '12.3'],
  ['\\pL+', '1äß2', 'äß'],
  ['\\p{Greek}+', 'abγδ', 'γδ'],
  ['\\PL+', 'ab12', '12'],
  ['(?i)ab', 'xAb', 'Ab'],
  ['(?i:a)b', 'Ab AB', 'Ab'],
  ['a(?i)b|c', 'aBC', 'aB'],
  ['(?m)^b$', 'a\nb\nc', 'b'],
  ['^b$', 'a\nb', undefined],
  ['a.b', 'a\nb', undefined],
  ['(?s)a.b', 'a\nb', 'a\nb'],
  ['\\bcat\\b', 'a cat', 'cat'],
  ['\\Bat', 'cat', 'at'],
  ['\\Qa.b\\E+', 'xa.bb', 'a.bb'],
  ['\\x41\\x{1F600}\\n', 'A😀\n', 'A😀\n'],
  ['(?P<name>a)(?<other>b)', 'ab', 'ab'],
  ['^$', '', ''],
  ['', 'abc', ''],
  ['.', '😀', '😀'],
  ['x{,2}', 'x{,2}', 'x{,2}'],
])('%s in %j finds %j', (pattern, text, found) => {
  expect(goRegexp(pattern).find(text)).toBe(found);
  expect(goRegexp(pattern).test(text)).toBe(found !== undefined);
});

test('all matches', () => {
  expect(goRegexp('a*').findAll('baac')).toEqual(['', 'aa', '']);
  expect(goRegexp('[a-z]').findAll('abc', 2)).toEqual(['a', 'b']);
});

test.each([
  ['(', 'missing closing ): `(`'],
  ['a)', 'unexpected ): `a)`'],
  ['[a', 'missing closing ]: `[a`'],
  ['[', 'missing closing ]: `[`'],
  ['*a', 'missing argument to repetition operator: `*`'],
  ['a**', 'invalid nested repetition operator: `**`'],
  ['a{1001}', 'invalid repeat count: `{1001}`'],
  ['(a{100}){100}', 'invalid repeat count: `{100}`'],
  ['[z-a]', 'invalid character class range: `z-a`'],
  ['\\', 'trailing backslash at end of expression: ``'],
  ['\\y', 'invalid escape sequence: `\\y`'],
  ['(a)\\1', 'invalid escape sequence: `\\1`'],
  ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
  ['(?<!a)', 'invalid or unsupported Perl syntax: `(?<!`'],
  ['\\p{Zork}', 'invalid character class range: `\\p{Zork}`'],
  [`${'('.repeat(2000)}a${')'.repeat(2000)}`, 'expression nests too deeply'],
])('%s is refused', (pattern, text) => {
  expect(() => goRegexp(pattern)).toThrow(`error parsing regexp: ${text}`);
});

test('expressions that make others run for ever are as fast as any', () => {
  const text = 'a'.repeat(5000);
  for (const pattern of ['(a+)+$', '(a|a)*b', '(a*)*b', '^(a|aa)+$', '(.*)*x', 'a?'.repeat(40) + 'a'.repeat(40)])
    expect(goRegexp(pattern).test(`${text}!`)).toBe(pattern.startsWith('a?'));
});

test.each([
  ['/something(/|$)(.*)', '/something/new/x', ['/something/new/x', '/', 'new/x']],
  ['/something(/|$)(.*)', '/something', ['/something', '', '']],
  ['(?i)/A(b)?', '/a', ['/a', '']],
  ['(a|ab)(c|bcd)(d*)', 'abcd', ['abcd', 'a', 'bcd', '']],
  ['(a*)*b', `${'a'.repeat(2000)}c`, undefined],
  ['x', 'y', undefined],
])('groups of %s', (pattern, text, groups) => {
  expect(goRegexp(pattern).groups(text)).toEqual(groups);
});
