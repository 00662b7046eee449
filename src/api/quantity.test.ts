// Quantities: texts that stay, texts that become canonical, arithmetic, and what is none.
import { describe, expect, test } from 'vitest';
import { parseQuantity, Quantity, quantityProblem } from './quantity.ts';

describe('a quantity', () => {
  const rows: readonly (readonly [text: string, shown: string])[] = [
    // kept as written
    ['0', '0'],
    ['100m', '100m'],
    ['1500m', '1500m'],
    ['1500Mi', '1500Mi'],
    ['2Gi', '2Gi'],
    ['1e3', '1e3'],
    ['1E6', '1E6'],
    ['+5', '+5'],
    // canonical
    ['0Mi', '0'],
    ['-0', '0'],
    ['1000m', '1'],
    ['0.5', '500m'],
    ['0.1', '100m'],
    ['1024Mi', '1Gi'],
    ['1024Ki', '1Mi'],
    ['1000', '1k'],
    ['1000k', '1M'],
    ['0.5Gi', '512Mi'],
    ['1.5Gi', '1536Mi'],
    ['0.1Gi', '107374182400m'],
    ['1.5', '1500m'],
    ['2.50', '2500m'],
    ['0.0001Ki', '102400u'],
    ['1e-3', '1e-3'],
    ['100e1', '1e3'],
    ['0.000000001m', '1n'],
    ['-1500', '-1500'],
    ['512', '512'],
    ['1023Ki', '1023Ki'],
    ['9Ei', '9223372036854775807'],
  ];
  test.each(rows)('written %s is shown as %s', (text, shown) => {
    expect(parseQuantity(text).toString()).toBe(shown);
  });

  test.each(['', 'abc', '1.2.3', '1 Gi', '1Gi ', '0x10'])('cannot be written %j', (text) => {
    expect(quantityProblem(text)).toMatch(/^quantities must match/);
  });
  test.each(['1GiB', '1Kb', '1mm', '1eE', '1KI', '--1'])('has no suffix as in %j', (text) => {
    expect(quantityProblem(text)).toBeDefined();
  });

  test('adds, compares and rounds up', () => {
    const sum = parseQuantity('100m').add(parseQuantity('0.9'));
    expect(String(sum)).toBe('1');
    expect(String(Quantity.of(0).add(parseQuantity('64Mi')).add(parseQuantity('64Mi')))).toBe('128Mi');
    expect(parseQuantity('1').compare(parseQuantity('1000m'))).toBe(0);
    expect(parseQuantity('1001m').value()).toBe(2);
    expect(parseQuantity('1Gi').value()).toBe(1073741824);
    expect(parseQuantity('250m').milliValue()).toBe(250);
    expect(parseQuantity('1u').milliValue()).toBe(1);
  });
});
