// The natural logarithm with the same last digit in every engine: only additions, multiplications and divisions.

/** ln(x) for x ≥ 1, to within a few units of the last place. */
export function naturalLog(x: number): number {
  let mantissa = x;
  let exponent = 0;
  while (mantissa > 1.5) {
    mantissa /= 2;
    exponent++;
  }
  // ln m = 2 · artanh((m − 1) / (m + 1)), a series that converges fast for m near 1.
  const ratio = (mantissa - 1) / (mantissa + 1);
  const square = ratio * ratio;
  let sum = 0;
  for (let term = ratio, k = 1; k < 60; k += 2) {
    sum += term / k;
    term *= square;
  }
  return exponent * Math.LN2 + 2 * sum;
}
