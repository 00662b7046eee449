// Selectors: their text forms, what they match, and what is none.
import { describe, expect, test } from 'vitest';
import { parseFieldSelector } from './field-selector.ts';
import { labelSelectorText, parseSelector, SelectorError, selectorOf } from './selectors.ts';

describe('a label selector', () => {
  const rows: readonly (readonly [text: string, shown: string, labels: Record<string, string>, matches: boolean])[] = [
    ['a=b', 'a=b', { a: 'b' }, true],
    ['a==b', 'a==b', { a: 'c' }, false],
    ['a!=b', 'a!=b', {}, true],
    [' x in (b, a) ,y', 'x in (a,b),y', { x: 'a', y: '' }, true],
    ['x notin (a)', 'x notin (a)', {}, true],
    ['!x', '!x', { x: '1' }, false],
    ['x>1', 'x>1', { x: '2' }, true],
    ['x<1', 'x<1', { x: '2' }, false],
    ['z=1,a=2', 'a=2,z=1', { z: '1', a: '2' }, true],
    ['x=', 'x=', { x: '' }, true],
    ['x in ()', 'x in ()', { x: '' }, true],
    ['x in (,a)', 'x in (,a)', { x: '' }, true],
    ['in in (in)', 'in in (in)', { in: 'in' }, true],
    ['', '', {}, true],
    ['constructor', 'constructor', {}, false],
  ];
  test.each(rows)('%j is %j', (text, shown, labels, matches) => {
    const selector = parseSelector(text);
    expect([selector.toString(), selector.matches(labels)]).toEqual([shown, matches]);
  });

  const bad: readonly (readonly [string, string])[] = [
    ['a=b=c', "found '=', expected: ',' or 'end of string'"],
    ['x in', "unable to parse requirement: found '' expected: '('"],
    ['x in (a', "unable to parse requirement: found '', expected: ',' or ')'"],
    [',a', "found ',', expected: !, identifier, or 'end of string'"],
    ['a,', "found '', expected: identifier after ','"],
    [
      'x>a',
      `unable to parse requirement: values[0]: Invalid value: "a": for 'Gt', 'Lt' operators, the value must be an integer`,
    ],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  ];
  test.each(bad)('%j is refused', (text, message) => {
    expect(() => parseSelector(text)).toThrow(new SelectorError(message));
  });

  test('comes from matchLabels and matchExpressions', () => {
    const selector = {
      matchLabels: { b: '1' },
      matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['y', 'x'] }],
    };
    expect(selectorOf(selector).toString()).toBe('a notin (x,y),b=1');
    expect(selectorOf(undefined).matches({})).toBe(false);
    expect(selectorOf({}).matches({})).toBe(true);
    expect(labelSelectorText({})).toBe('<none>');
    expect(labelSelectorText({ matchExpressions: [{ key: 'a', operator: 'Like' }] })).toBe('<error>');
  });
});

describe('a field selector', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['b=1,a!=2', 'a!=2,b=1'],
    ['a==x', 'a=x'],
    ['a=x\\,y\\=z', 'a=x\\,y\\=z'],
    ['', ''],
    [',a=,', 'a='],
  ];
  test.each(rows)('%j is %j', (text, shown) => {
    expect(parseFieldSelector(text).toString()).toBe(shown);
  });
  const bad: readonly (readonly [string, string])[] = [
    ['a', "invalid selector: 'a'; can't understand 'a'"],
    ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
    ['a=\\x', 'invalid field selector: invalid escape sequence: \\x'],
  ];
  test.each(bad)('%j is refused', (text, message) => {
    expect(() => parseFieldSelector(text)).toThrow(new SelectorError(message));
  });
  test('matches fields', () => {
    const selector = parseFieldSelector('status.phase!=Running,metadata.name=x');
    expect(selector.matches((field) => (field === 'metadata.name' ? 'x' : ''))).toBe(true);
    expect(selector.exactMatch('metadata.name')).toBe('x');
  });
});
