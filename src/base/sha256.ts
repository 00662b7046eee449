// SHA-256, for names that carry a hash of their content.

/** The hash in hexadecimal. */
export function sha256Hex(bytes: Uint8Array): string {
  const state = Uint32Array.from(initial);
  const padded = pad(bytes);
  const words = new Uint32Array(64);
  for (let at = 0; at < padded.length; at += 64) compress(state, padded.subarray(at, at + 64), words);
  return [...state].map((word) => word.toString(16).padStart(8, '0')).join('');
}

const primes = firstPrimes(64);
const initial = primes.slice(0, 8).map((prime) => rootBits(prime, 2));
const constants = primes.map((prime) => rootBits(prime, 3));

function compress(state: Uint32Array, block: Uint8Array, words: Uint32Array): void {
  const word = (i: number) => words[i] ?? 0;
  for (let i = 0; i < 16; i++) {
    const [a = 0, b = 0, c = 0, d = 0] = block.subarray(i * 4, i * 4 + 4);
    words[i] = (a << 24) | (b << 16) | (c << 8) | d;
  }
  for (let i = 16; i < 64; i++) {
    const [early, late] = [word(i - 15), word(i - 2)];
    const first = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
    const second = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
    words[i] = word(i - 16) + first + word(i - 7) + second;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i++) {
    const sum = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const one = (h + sum + ((e & f) ^ (~e & g)) + (constants[i] ?? 0) + word(i)) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i] ?? 0) + value;
}

function turn(value: number, bits: number): number {
  return (value >>> bits) | (value << (32 - bits));
}

/** The message, a one bit, zeros, and the length in bits: whole blocks of 64 bytes. */
function pad(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  let bits = bytes.length * 8;
  for (let i = padded.length - 1; bits > 0; i--) {
    padded[i] = bits % 256;
    bits = Math.floor(bits / 256);
  }
  return padded;
}

function firstPrimes(count: number): readonly number[] {
  const found: number[] = [];
  for (let number = 2; found.length < count; number++) {
    if (found.every((prime) => number % prime !== 0)) found.push(number);
  }
  return found;
}

/** The first 32 bits of the fraction of a prime's square or cube root, by exact integer arithmetic. */
function rootBits(prime: number, degree: 2 | 3): number {
  const target = BigInt(prime) << BigInt(32 * degree);
  let low = 0n;
  let high = BigInt(prime) << 32n;
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (middle ** BigInt(degree) <= target) low = middle;
    else high = middle - 1n;
  }
  return Number(low & 0xffffffffn);
}
