// Chance: named streams, each seeded from the world's seed and its own name, so that one component's draws never
// shift another's.
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { textOfUnits } from '../../base/bytes.ts';
import { fnv1a, fnv1aInt } from '../../base/hash.ts';

type Generator = ReturnType<typeof xoroshiro128plus>;

/** Kubernetes' alphabet for generated names: no vowels, nothing that reads as another letter. */
const nameAlphabet = 'bcdfghjklmnpqrstvwxz2456789';

export class RandomStream {
  constructor(private readonly generator: Generator) {}

  /** A whole number of 0 ≤ n < `below`. */
  below(below: number): number {
    return below <= 1 ? 0 : Math.floor(this.fraction() * below);
  }

  /** 0 ≤ x < 1, 32 bits of it. */
  fraction(): number {
    return (this.generator.next() >>> 0) / 0x100000000;
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[this.below(items.length)];
  }

  /** `ms` lengthened by up to `share` of itself, as client-go's wait.Jitter. */
  jitter(ms: number, share: number): number {
    return ms + this.fraction() * share * ms;
  }

  /** A suffix as generateName appends it, e.g. `x7k2p`. */
  name(length: number): string {
    let name = '';
    while (name.length < length) name += nameAlphabet.charAt(this.below(nameAlphabet.length));
    return name;
  }

  /** `bytes` random bytes in hexadecimal, e.g. container ids (32 bytes). */
  hex(bytes: number): string {
    return textOfUnits(this.hexUnits(bytes));
  }

  /** A version 4 UUID. */
  uuid(): string {
    const hex = this.hexUnits(16);
    hex[12] = digits.charCodeAt(4);
    hex[16] = digits.charCodeAt(8 + this.below(4));
    const text = textOfUnits(hex);
    return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
  }

  private hexUnits(bytes: number): Uint8Array {
    const units = new Uint8Array(bytes * 2);
    for (let at = 0; at < units.length; ) {
      const word = this.generator.next();
      for (let shift = 28; shift >= 0 && at < units.length; shift -= 4)
        units[at++] = digits.charCodeAt((word >>> shift) & 15);
    }
    return units;
  }

  state(): readonly number[] {
    return this.generator.getState();
  }
}

/** All streams of one world. */
export class Chance {
  private readonly streams = new Map<string, RandomStream>();

  constructor(
    private readonly seed: number,
    private readonly restored: Readonly<Record<string, readonly number[]>> = {},
  ) {}

  stream(name: string): RandomStream {
    const known = this.streams.get(name);
    if (known) return known;
    const state = Object.hasOwn(this.restored, name) ? this.restored[name] : undefined;
    const generator = state ? xoroshiro128plusFromState(state) : xoroshiro128plus(fnv1aInt(this.seed, fnv1a(name)) | 0);
    const made = new RandomStream(generator);
    this.streams.set(name, made);
    return made;
  }

  /** States of all streams that were ever drawn from, those of an earlier snapshot included. */
  states(): Readonly<Record<string, readonly number[]>> {
    const states: Record<string, readonly number[]> = { ...this.restored };
    for (const [name, stream] of this.streams) states[name] = stream.state();
    return states;
  }
}

const digits = '0123456789abcdef';
