// An answer over HTTP/1.1 or HTTP/2, which differ in how headers are written and in what is said of the connection.
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { type Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { canonicalHeader } from '../../base/http-streams.ts';
import { byBytes } from '../../base/text-order.ts';

export type Incoming = IncomingMessage | Http2ServerRequest;
export type Outgoing = ServerResponse | Http2ServerResponse;

export class Reply {
  /** How much Go keeps back to see whether more will come. */
  readonly bufferBytes: number;
  private readonly bodiless: boolean;

  constructor(
    incoming: Incoming,
    private readonly outgoing: Outgoing,
  ) {
    this.bufferBytes = outgoing instanceof Http2ServerResponse ? 4096 : 2048;
    this.bodiless = incoming.method === 'HEAD';
    if (!(outgoing instanceof Http2ServerResponse)) outgoing.removeHeader('connection'); // kept without saying so, as in Go
  }

  get closed(): boolean {
    return this.outgoing.destroyed;
  }

  onClose(run: () => void): void {
    this.outgoing.on('close', run);
  }

  /** Headers go out in the order of their names, the length last, as from Go. */
  head(status: number, headers: OutgoingHttpHeaders): void {
    const { outgoing } = this;
    const sorted = Object.entries(headers).sort(([a], [b]) => byBytes(placeOf(a), placeOf(b)));
    if (outgoing instanceof Http2ServerResponse)
      outgoing.writeHead(status, Object.fromEntries(sorted.filter(([name]) => name !== 'connection')));
    else outgoing.writeHead(status, Object.fromEntries(sorted.map(([name, value]) => [canonicalHeader(name), value])));
  }

  /** Sends the head before there is anything to follow it. */
  flushHead(): void {
    if (!(this.outgoing instanceof Http2ServerResponse)) this.outgoing.flushHeaders(); // HTTP/2 sends it at once
  }

  /** Waits until there is room for more. */
  async piece(bytes: Buffer): Promise<void> {
    const { outgoing } = this;
    if (this.bodiless) return;
    const hasRoom = outgoing instanceof Http2ServerResponse ? outgoing.write(bytes) : outgoing.write(bytes);
    if (!hasRoom) await new Promise<void>((resolve) => outgoing.once('drain', resolve).once('close', resolve));
  }

  end(body?: Buffer): void {
    if (body && body.length > 0 && !this.bodiless) this.outgoing.end(body);
    else this.outgoing.end();
  }
}

function placeOf(header: string): string {
  return header === 'content-length' ? '~' : header;
}
