// Random bytes for keys and serial numbers: they follow from the machine, the moment and the process that asks.
import { sha512 } from '@noble/hashes/sha2.js';
import type { Process } from '../../api/program.ts';
import { concatBytes, encodeUtf8 } from '../../base/bytes.ts';
import { bytesNumber } from './big-numbers.ts';

export class RandomBytes {
  private readonly seed: Uint8Array;
  private blocks = 0;
  private rest: Uint8Array = new Uint8Array();

  constructor(seed: string) {
    this.seed = encodeUtf8(seed);
  }

  static of({ machine, clock, pid }: Process): RandomBytes {
    return new RandomBytes(`${machine.id}/${clock.now()}/${pid}`);
  }

  bytes(count: number): Uint8Array {
    const pieces = [this.rest];
    for (let have = this.rest.length; have < count; have += 64)
      pieces.push(sha512(concatBytes([this.seed, encodeUtf8(`/${this.blocks++}`)])));
    const all = concatBytes(pieces);
    this.rest = all.slice(count);
    return all.slice(0, count);
  }

  /** A number of that many bits at most. */
  number(bits: number): bigint {
    return bytesNumber(this.bytes(Math.ceil(bits / 8))) >> BigInt((8 - (bits % 8)) % 8);
  }
}
