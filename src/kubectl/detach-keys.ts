// The keys that leave an attached container: how they are written, and an input that ends when they are typed.

/** Where a program's input comes from. */
export interface Input {
  read(): Promise<Uint8Array | undefined>;
}

/** `ctrl-p,ctrl-q` → 16 17; undefined for what is no key. */
export function parseDetachKeys(text: string): readonly number[] | undefined {
  const keys: number[] = [];
  for (const name of text.split(',')) {
    const control = /^ctrl-([a-z@[\\\]^_])$/.exec(name)?.[1];
    if (control !== undefined) keys.push(control.toUpperCase().charCodeAt(0) - 64);
    else if (name.length === 1) keys.push(name.charCodeAt(0));
    else if (name === 'DEL') keys.push(127);
    else return undefined;
  }
  return keys;
}

/** Passes on what it reads, but for the keys, at which it ends. Keys that are not followed by the rest pass late. */
export class DetachableInput implements Input {
  private matched = 0;
  private ended = false;

  constructor(
    private readonly input: Input,
    private readonly keys: readonly number[],
  ) {}

  async read(): Promise<Uint8Array | undefined> {
    while (!this.ended) {
      const piece = await this.input.read();
      if (!piece) return undefined;
      const passed = this.filter(piece);
      if (passed.length > 0) return passed;
    }
    return undefined;
  }

  private filter(piece: Uint8Array): Uint8Array {
    const passed: number[] = [];
    for (const byte of piece) {
      if (byte === this.keys[this.matched]) {
        this.matched++;
        if (this.matched < this.keys.length) continue;
        this.ended = true;
        break;
      }
      passed.push(...this.keys.slice(0, this.matched));
      this.matched = byte === this.keys[0] ? 1 : 0;
      if (this.matched === 0) passed.push(byte);
    }
    return Uint8Array.from(passed);
  }
}
