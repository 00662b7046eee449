// Amounts of resources: `500m`, `1Gi`, `1e3`. Exact as apimachinery's resource.Quantity, rounding up included.
//
//   "1.5Gi" ─parse▶ 1610612736 · 10⁹ nanos, binary ─text▶ "1536Mi"
//
// A quantity that was written canonically enough keeps its spelling, as upstream does ("1500Mi" stays "1500Mi").

/** How an amount is written: `500m`, `1Gi`, `1e3`. */
export type QuantityFormat = 'decimal' | 'binary' | 'exponent';

/** The text is no quantity; the message is upstream's. */
export class QuantityError extends Error {
  override name = 'QuantityError';
}

const wrongFormat = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const wrongNumber = 'unable to parse numeric part of quantity';
const wrongSuffix = "unable to parse quantity's suffix";

const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const nanosPerUnit = 1_000_000_000n;
const int64Max = (1n << 63n) - 1n;
/** Larger exponents than any machine has; a bound so that one line of YAML cannot fill the memory. */
const exponentMax = 1000;

/** An exact amount, in units of 10⁻⁹. Immutable. */
export class Quantity {
  constructor(
    readonly nanos: bigint,
    readonly format: QuantityFormat = 'decimal',
    private readonly spelling?: string,
  ) {}

  /** A whole number of units, e.g. pods or bytes. */
  static of(value: number | bigint, format: QuantityFormat = 'decimal'): Quantity {
    return new Quantity(BigInt(value) * nanosPerUnit, format);
  }

  /** A number of thousandths, e.g. milli-CPU. */
  static ofMilli(value: number, format: QuantityFormat = 'decimal'): Quantity {
    return new Quantity(BigInt(value) * 1_000_000n, format);
  }

  isZero(): boolean {
    return this.nanos === 0n;
  }

  sign(): -1 | 0 | 1 {
    return this.nanos < 0n ? -1 : this.nanos > 0n ? 1 : 0;
  }

  compare(other: Quantity): -1 | 0 | 1 {
    return this.nanos < other.nanos ? -1 : this.nanos > other.nanos ? 1 : 0;
  }

  /** The sum; a zero takes the other's format. */
  add(other: Quantity): Quantity {
    return new Quantity(this.nanos + other.nanos, this.isZero() ? other.format : this.format);
  }

  subtract(other: Quantity): Quantity {
    return new Quantity(this.nanos - other.nanos, this.isZero() ? other.format : this.format);
  }

  negate(): Quantity {
    return new Quantity(-this.nanos, this.format);
  }

  /** Units, rounded away from zero. Exact up to 2^53. */
  value(): number {
    return Number(divideUp(this.nanos, nanosPerUnit));
  }

  /** Thousandths, rounded away from zero. Exact up to 2^53. */
  milliValue(): number {
    return Number(divideUp(this.nanos, 1_000_000n));
  }

  /** Units as a fraction, good for ratios and for display. */
  toNumber(): number {
    return Number(this.nanos) / 1e9;
  }

  /** The text that the API answers: as it was written when that was fine, canonical otherwise. */
  toString(): string {
    return this.spelling ?? this.canonical();
  }

  /** `1000m` is `1`, `0.5` is `500m`, `1024Mi` is `1Gi`. */
  canonical(): string {
    if (this.nanos === 0n) return '0';
    const whole = this.nanos % nanosPerUnit === 0n;
    const units = this.nanos / nanosPerUnit;
    const large = units <= -1024n || units >= 1024n;
    if (this.format === 'binary' && large && whole) return binaryText(units);
    return decimalText(this.nanos, this.format);
  }
}

/** The quantity that a text means. Throws {@link QuantityError}. */
export function parseQuantity(text: string): Quantity {
  const known = parsed.get(text);
  if (known) return known;
  const quantity = parse(text);
  if (parsed.size >= parsedMax) parsed.clear();
  parsed.set(text, quantity);
  return quantity;
}

/** Parsed texts: a cluster has few different ones. */
const parsed = new Map<string, Quantity>();
const parsedMax = 4096;

/** Why a text is no quantity, or undefined when it is one. */
export function quantityProblem(text: string): string | undefined {
  try {
    parseQuantity(text);
    return undefined;
  } catch (error) {
    if (error instanceof QuantityError) return error.message;
    throw error;
  }
}

function parse(text: string): Quantity {
  if (text === '') throw new QuantityError(wrongFormat);
  const match = /^([+-]?)0*([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/.exec(text);
  if (!match) throw new QuantityError(wrongFormat);
  const [, sign, digits = '', fraction = '', suffix = ''] = match;
  const { base, exponent, format } = interpretSuffix(suffix);
  const unsigned = BigInt(`${digits}${fraction}` || '0');
  const digitCount = Math.max(digits.length, 1) + fraction.length;
  const scale = (base === 10 ? exponent : 0) - fraction.length;
  const factor = base === 2 ? 1n << BigInt(exponent) : 1n;
  const nanos = scaleToNanos(unsigned * factor, scale);
  const signed = sign === '-' ? -nanos : nanos;

  // Upstream's fast path keeps the spelling; everything else becomes canonical.
  const precision =
    base === 10 ? 18 - digitCount : fraction === '' ? 14 - digitCount - Math.trunc((exponent * 3) / 10) : -1;
  if (precision >= 0 && scale >= -9 && unsigned * factor <= int64Max) {
    const shifted = `${digits || '0'}${fraction}`;
    const keeps =
      format === 'binary'
        ? exponent % 10 === 0 && (unsigned & 7n) !== 0n
        : scale % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0');
    return keeps ? new Quantity(signed, format, text) : new Quantity(signed, format);
  }
  const capped = format === 'binary' && nanos > int64Max * nanosPerUnit ? int64Max * nanosPerUnit : nanos;
  const small = format === 'binary' && nanos > 0n && nanos < nanosPerUnit;
  return new Quantity(sign === '-' ? -capped : capped, small ? 'decimal' : format);
}

function interpretSuffix(suffix: string): { base: 2 | 10; exponent: number; format: QuantityFormat } {
  const decimal = decimalSuffixes.indexOf(suffix);
  if (decimal >= 0) return { base: 10, exponent: (decimal - 3) * 3, format: 'decimal' };
  const binary = binarySuffixes.indexOf(suffix);
  if (binary > 0) return { base: 2, exponent: binary * 10, format: 'binary' };
  if (!/^[eE][-+]?[0-9]+$/.test(suffix)) throw new QuantityError(wrongSuffix);
  const exponent = Number(suffix.slice(1));
  if (Math.abs(exponent) > exponentMax) throw new QuantityError(wrongNumber);
  return { base: 10, exponent, format: 'exponent' };
}

/** amount · 10^scale in nanos, rounded up where nanos are too coarse. */
function scaleToNanos(amount: bigint, scale: number): bigint {
  const shift = scale + 9;
  return shift >= 0 ? amount * 10n ** BigInt(shift) : divideUp(amount, 10n ** BigInt(-shift));
}

/** Division that rounds away from zero. */
function divideUp(amount: bigint, divisor: bigint): bigint {
  const quotient = amount / divisor;
  if (quotient * divisor === amount) return quotient;
  return amount < 0n ? quotient - 1n : quotient + 1n;
}

function binaryText(units: bigint): string {
  let mantissa = units;
  let power = 0;
  while (mantissa % 1024n === 0n) {
    mantissa /= 1024n;
    power++;
  }
  return `${mantissa}${binarySuffixes[power] ?? ''}`;
}

/** The shortest mantissa with an exponent that is a multiple of three. */
function decimalText(nanos: bigint, format: QuantityFormat): string {
  let mantissa = nanos;
  let exponent = -9;
  while (mantissa % 1000n === 0n) {
    mantissa /= 1000n;
    exponent += 3;
  }
  if (format === 'exponent') return exponent === 0 ? `${mantissa}` : `${mantissa}e${exponent}`;
  return `${mantissa}${decimalSuffixes[exponent / 3 + 3] ?? ''}`;
}
