// Whole numbers of thousands of bits: their bytes, powers and inverses.

/** The number that bytes stand for, the highest first. */
export function bytesNumber(bytes: Uint8Array): bigint {
  let text = '0x0';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return BigInt(text);
}

/** Its bytes, the highest first; zeros in front up to `length`. */
export function numberBytes(number: bigint, length = 1): Uint8Array {
  const digits = number.toString(16);
  const padded = digits.padStart(Math.max(length * 2, digits.length + (digits.length % 2)), '0');
  return Uint8Array.from({ length: padded.length / 2 }, (_, i) => Number.parseInt(padded.slice(i * 2, i * 2 + 2), 16));
}

export function bitLength(number: bigint): number {
  return number === 0n ? 0 : number.toString(2).length;
}

/** `base` to the power of `exponent`, four bits of it at a time. */
export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  const table = [1n];
  for (let i = 1; i < 16; i++) table.push(((table[i - 1] ?? 1n) * base) % modulus);
  let result = 1n;
  for (const digit of exponent.toString(16)) {
    for (let i = 0; i < 4; i++) result = (result * result) % modulus;
    const factor = table[Number.parseInt(digit, 16)] ?? 1n;
    if (factor !== 1n) result = (result * factor) % modulus;
  }
  return result;
}

/** Undefined: it has none, as both share a factor. */
export function inverse(number: bigint, modulus: bigint): bigint | undefined {
  let [a, b] = [number % modulus, modulus];
  let [x, y] = [1n, 0n];
  while (b > 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return a === 1n ? ((x % modulus) + modulus) % modulus : undefined;
}
