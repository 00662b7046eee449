// What a command prints: queued in order without waiting, written whenever the command waits for a port and at its end.

import type { Process, Writer } from '../api/program.ts';
import { concatBytes, decodeUtf8 } from '../base/bytes.ts';

export class Output {
  private queue: { readonly to: Writer; readonly data: string | Uint8Array }[] = [];

  constructor(private readonly process: Pick<Process, 'stdout' | 'stderr'>) {}

  /** Queues text for standard output. */
  out(data: string | Uint8Array): void {
    if (data.length > 0) this.queue.push({ to: this.process.stdout, data });
  }

  /** Queues text for standard error. */
  err(data: string | Uint8Array): void {
    if (data.length > 0) this.queue.push({ to: this.process.stderr, data });
  }

  /** Writes what is queued; neighbours of one stream go as one piece. */
  async flush(): Promise<void> {
    while (this.queue.length > 0) {
      const batch = this.queue;
      this.queue = [];
      for (let i = 0; i < batch.length; ) {
        const first = batch[i];
        if (!first) break;
        const texts: string[] = [];
        let end = i;
        for (; typeof first.data === 'string' && batch[end]?.to === first.to; end++) {
          const data = batch[end]?.data;
          if (typeof data !== 'string') break;
          texts.push(data);
        }
        await first.to.write(end > i ? texts.join('') : first.data);
        i = Math.max(end, i + 1);
      }
    }
  }
}

/** Everything on standard input. */
export async function readAll(reader: Process['stdin']): Promise<string> {
  const pieces: Uint8Array[] = [];
  for (;;) {
    const piece = await reader.read();
    if (!piece) break;
    pieces.push(piece);
  }
  return decodeUtf8(concatBytes(pieces));
}
