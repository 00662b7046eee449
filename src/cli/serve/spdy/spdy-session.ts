// The server's side of a SPDY/3.1 connection, as kubectl tunnels it: streams that the client opens.
//
//   control  1│version 3│type  flags│length  …      SYN_STREAM opens a stream and is answered by SYN_REPLY
//   data     0│stream id       flags│length  bytes  the flag FIN: nothing more from this side
//
// Left out: flow control, which neither kubectl nor kubelet have in their SPDY.
import { HeaderReader, HeaderWriter, type SpdyHeaders } from './spdy-headers.ts';

/** What carries a connection's bytes. */
export interface SpdyTransport {
  send(bytes: Buffer): void;
  close(): void;
}

export interface SpdyStream {
  readonly headers: SpdyHeaders;
  write(bytes: Uint8Array): void;
  /** Nothing more from here. */
  end(): void;
  /** Set by whoever takes the stream, before it returns. */
  onData: (bytes: Buffer) => void;
  onEnd: () => void;
}

const types = { synStream: 1, synReply: 2, rstStream: 3, ping: 6, goAway: 7 } as const;
const fin = 1;
const frameBytesMax = 1 << 20;

export class SpdySession {
  private buffer = Buffer.alloc(0);
  private readonly streams = new Map<number, Stream>();
  private readonly reader = new HeaderReader();
  private readonly writer = new HeaderWriter();
  /** Frames are taken one after the other: their headers are one compressed stream. */
  private taking: Promise<void> = Promise.resolve();

  constructor(
    private readonly transport: SpdyTransport,
    private readonly accept: (stream: SpdyStream) => void,
  ) {}

  receive(bytes: Buffer): void {
    this.buffer = Buffer.concat([this.buffer, bytes]);
    while (this.buffer.length >= 8) {
      const length = this.buffer.readUIntBE(5, 3);
      if (length > frameBytesMax) {
        this.transport.close();
        return;
      }
      if (this.buffer.length < 8 + length) return;
      const frame = this.buffer.subarray(0, 8 + length);
      this.buffer = this.buffer.subarray(8 + length);
      this.taking = this.taking.then(() => this.take(frame)).catch(() => this.transport.close());
    }
  }

  /** The connection is gone. */
  closed(): void {
    for (const stream of this.streams.values()) stream.onEnd();
    this.streams.clear();
  }

  private async take(frame: Buffer): Promise<void> {
    const flags = frame.readUInt8(4);
    const payload = frame.subarray(8);
    if ((frame.readUInt8(0) & 0x80) === 0) {
      const stream = this.streams.get(frame.readUInt32BE(0));
      if (payload.length > 0) stream?.onData(payload);
      if (flags & fin) stream?.onEnd();
      return;
    }
    switch (frame.readUInt16BE(2)) {
      case types.synStream:
        return this.open(payload, flags);
      case types.rstStream: {
        const id = payload.readUInt32BE(0);
        this.streams.get(id)?.onEnd();
        this.streams.delete(id);
        return;
      }
      case types.ping:
        this.transport.send(control(types.ping, payload));
        return;
      case types.goAway:
        this.closed();
        this.transport.close();
    }
  }

  private async open(payload: Buffer, flags: number): Promise<void> {
    const id = payload.readUInt32BE(0) & 0x7fffffff;
    const headers = await this.reader.read(payload.subarray(10));
    const stream = new Stream(headers, (bytes, isLast) => this.transport.send(data(id, bytes, isLast)));
    this.streams.set(id, stream);
    const number = Buffer.alloc(4);
    number.writeUInt32BE(id);
    this.transport.send(control(types.synReply, Buffer.concat([number, await this.writer.writeNone()])));
    this.accept(stream);
    if (flags & fin) stream.onEnd();
  }
}

class Stream implements SpdyStream {
  onData: (bytes: Buffer) => void = () => {};
  onEnd: () => void = () => {};
  private over = false;

  constructor(
    readonly headers: SpdyHeaders,
    private readonly send: (bytes: Buffer, isLast: boolean) => void,
  ) {}

  write(bytes: Uint8Array): void {
    if (!this.over) this.send(Buffer.from(bytes), false);
  }

  end(): void {
    if (this.over) return;
    this.over = true;
    this.send(Buffer.alloc(0), true);
  }
}

function control(type: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(0x8003, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt32BE(payload.length, 4);
  return Buffer.concat([head, payload]);
}

function data(id: number, bytes: Buffer, isLast: boolean): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(id, 0);
  head.writeUInt32BE(bytes.length, 4);
  head.writeUInt8(isLast ? fin : 0, 4);
  return Buffer.concat([head, bytes]);
}
