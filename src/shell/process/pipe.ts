// A bounded pipe between processes: writers wait while it is full, readers while it is empty.
//
//   writers ──write──▶ [chunk][chunk][chunk] ──read──▶ readers        at most 64 KiB are held
//
// Both ends count their holders, as the kernel counts descriptors: no writer left means end of input, no reader left
// means BrokenPipe.
import type { Cancellation } from '../../api/ports.ts';
import { BrokenPipe, type Reader, type Writer } from '../../api/program.ts';
import { encodeUtf8 } from '../../base/bytes.ts';

const capacity = 64 * 1024;

/** A reader whose wait ends (with undefined) when the one who waits is cancelled, so that no input gets lost. */
export interface CancellableReader extends Reader {
  read(cancel?: Cancellation): Promise<Uint8Array | undefined>;
}

/** An end that lives while somebody holds it. It begins with one holder: who made the pipe. */
export interface Held {
  retain(): void;
  release(): void;
}

export interface Pipe {
  readonly reader: CancellableReader & Held;
  readonly writer: Writer & Held;
}

export function createPipe(): Pipe {
  const buffer = new PipeBuffer();
  return { reader: new PipeReader(buffer), writer: new PipeWriter(buffer) };
}

export function isHeld(end: Reader | Writer): end is (Reader | Writer) & Held {
  return end instanceof PipeReader || end instanceof PipeWriter;
}

class PipeBuffer {
  readonly chunks: Uint8Array[] = [];
  size = 0;
  readers = 1;
  writers = 1;
  private readonly waiting = new Set<() => void>();

  /** Lets everybody who waits look again. */
  wake(): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const run of waiting) run();
  }

  change(cancel?: Cancellation): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.add(resolve);
      if (!cancel) return;
      const stop = cancel.onCancel(() => {
        this.waiting.delete(resolve);
        resolve();
      });
      this.waiting.delete(resolve);
      this.waiting.add(() => {
        stop();
        resolve();
      });
    });
  }
}

class PipeReader implements CancellableReader, Held {
  constructor(private readonly buffer: PipeBuffer) {}

  async read(cancel?: Cancellation): Promise<Uint8Array | undefined> {
    const { buffer } = this;
    for (;;) {
      if (cancel?.cancelled) return undefined;
      const chunk = buffer.chunks.shift();
      if (chunk) {
        buffer.size -= chunk.length;
        buffer.wake();
        return chunk;
      }
      if (buffer.writers === 0) return undefined;
      await buffer.change(cancel);
    }
  }

  retain(): void {
    this.buffer.readers++;
  }

  release(): void {
    if (--this.buffer.readers > 0) return;
    this.buffer.chunks.length = 0;
    this.buffer.wake();
  }
}

class PipeWriter implements Writer, Held {
  constructor(private readonly buffer: PipeBuffer) {}

  async write(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === 'string' ? encodeUtf8(data) : data;
    const { buffer } = this;
    for (let from = 0; from < bytes.length || from === 0; from += capacity) {
      while (buffer.readers > 0 && buffer.size >= capacity) await buffer.change();
      if (buffer.readers <= 0) throw new BrokenPipe();
      const piece = bytes.subarray(from, from + capacity);
      if (piece.length === 0) return;
      buffer.chunks.push(piece);
      buffer.size += piece.length;
      buffer.wake();
    }
  }

  retain(): void {
    this.buffer.writers++;
  }

  release(): void {
    if (--this.buffer.writers <= 0) this.buffer.wake();
  }
}
