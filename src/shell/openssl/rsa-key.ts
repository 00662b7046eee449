// RSA keys: two primes, what follows from them, and signatures made with them.
//
// Primes are looked for from a random odd number upwards: small factors are sieved out, the rest is tested after Miller
// and Rabin. No library: the well-kept ones leave RSA to the browser, whose keys are other ones at each run.
import { concatBytes } from '../../base/bytes.ts';
import { bitLength, bytesNumber, inverse, numberBytes, power } from './big-numbers.ts';
import type { RandomBytes } from './random-bytes.ts';

export interface RsaKey {
  readonly kind: 'rsa';
  readonly modulus: bigint;
  readonly exponent: bigint;
  readonly secret: bigint;
  readonly primes: readonly [bigint, bigint];
}

export interface RsaSearch {
  readonly bits: number;
  readonly random: RandomBytes;
  /** Called for each number that is tested: what OpenSSL shows of it. */
  progress(mark: string): void;
}

export function generateRsaKey(search: RsaSearch): RsaKey {
  const { bits } = search;
  const half = Math.ceil(bits / 2);
  for (;;) {
    const p = findPrime(half, search);
    const q = findPrime(bits - half, search);
    const modulus = p * q;
    const secret = inverse(publicExponent, (p - 1n) * (q - 1n));
    if (p === q || secret === undefined || bitLength(modulus) !== bits) continue;
    return { kind: 'rsa', modulus, exponent: publicExponent, secret, primes: p > q ? [p, q] : [q, p] };
  }
}

/** The numbers of a private key in the order of PKCS #1, its version left out. */
export function rsaNumbers({ modulus, exponent, secret, primes: [p, q] }: RsaKey): readonly bigint[] {
  return [modulus, exponent, secret, p, q, secret % (p - 1n), secret % (q - 1n), inverse(q, p) ?? 0n];
}

/** PKCS #1 v1.5. `digestInfo`: the name of the hash and the hash. */
export function rsaSign({ modulus, secret }: RsaKey, digestInfo: Uint8Array): Uint8Array {
  const length = numberBytes(modulus).length;
  const fill = new Uint8Array(length - digestInfo.length - 3).fill(0xff);
  const padded = concatBytes([Uint8Array.of(0, 1), fill, Uint8Array.of(0), digestInfo]);
  return numberBytes(power(bytesNumber(padded), secret, modulus), length);
}

const publicExponent = 65_537n;
const sieveMax = 1 << 14;
/** How far one looks from one random number. */
const reach = 1 << 15;
const rounds = [2n, 3n, 5n, 7n, 11n];

let sieved: readonly number[] | undefined;

function smallPrimes(): readonly number[] {
  if (sieved) return sieved;
  const composite = new Uint8Array(sieveMax);
  const primes: number[] = [];
  for (let i = 3; i < sieveMax; i += 2) {
    if (composite[i]) continue;
    primes.push(i);
    for (let j = i * i; j < sieveMax; j += 2 * i) composite[j] = 1;
  }
  sieved = primes;
  return primes;
}

function findPrime(bits: number, { random, progress }: RsaSearch): bigint {
  for (;;) {
    const start = random.number(bits) | (3n << BigInt(bits - 2)) | 1n;
    const remainders = smallPrimes().map((prime) => [prime, Number(start % BigInt(prime))] as const);
    for (let offset = 0; offset < reach; offset += 2) {
      if (remainders.some(([prime, remainder]) => (remainder + offset) % prime === 0)) continue;
      const candidate = start + BigInt(offset);
      if (bitLength(candidate) !== bits) break;
      progress('.');
      if ((candidate - 1n) % publicExponent === 0n || !isProbablePrime(candidate)) continue;
      progress('+');
      return candidate;
    }
  }
}

function isProbablePrime(number: bigint): boolean {
  const last = number - 1n;
  let odd = last;
  let twos = 0;
  for (; (odd & 1n) === 0n; odd >>= 1n) twos++;
  return rounds.every((base) => {
    let x = power(base, odd, number);
    if (x === 1n || x === last) return true;
    for (let i = 1; i < twos; i++) {
      x = (x * x) % number;
      if (x === last) return true;
    }
    return false;
  });
}
