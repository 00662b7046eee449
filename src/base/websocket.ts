// WebSocket (RFC 6455): the greeting's answer, and frames of both directions. Extensions are left out.
import { sha1 } from '@noble/hashes/legacy.js';
import { concatBytes, encodeBase64, encodeUtf8 } from './bytes.ts';

const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Larger messages end the connection. */
const messageBytesMax = 64 * 1024 * 1024;

/** What a server shows for the key that a client has sent. */
export function acceptKey(key: string): string {
  return encodeBase64(sha1(encodeUtf8(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)));
}

/** One message in one frame. What clients send is masked: here with zeros, which change nothing. */
export function encodeFrame(
  kind: 'binary' | 'close' | 'pong',
  payload: Uint8Array,
  { masked = false }: { readonly masked?: boolean } = {},
): Uint8Array {
  const { length } = payload;
  const bit = masked ? 0x80 : 0;
  const size =
    length < 126
      ? [bit | length]
      : length < 65_536
        ? [bit | 126, length >> 8, length & 255]
        : [bit | 127, 0, 0, 0, 0, (length >>> 24) & 255, (length >> 16) & 255, (length >> 8) & 255, length & 255];
  const mask = masked ? [0, 0, 0, 0] : [];
  return concatBytes([new Uint8Array([0x80 | opcodes[kind], ...size, ...mask]), payload]);
}

export interface FrameEvents {
  message(payload: Uint8Array): void;
  ping(payload: Uint8Array): void;
  /** The other side ends it, or breaks the protocol. */
  close(): void;
}

/** Reads frames off a connection. */
export class FrameReader {
  private rest: Uint8Array = new Uint8Array();
  private pieces: Uint8Array[] = [];
  private ended = false;

  constructor(private readonly events: FrameEvents) {}

  push(bytes: Uint8Array): void {
    this.rest = this.rest.length === 0 ? bytes : concatBytes([this.rest, bytes]);
    while (!this.ended) {
      const frame = frameIn(this.rest);
      if (frame === undefined) return;
      this.rest = this.rest.subarray(frame.end);
      this.take(frame);
    }
  }

  private take({ final, opcode, payload }: Frame): void {
    if (opcode === opcodes.ping) this.events.ping(payload);
    else if (opcode === opcodes.close || payload.length > messageBytesMax) {
      this.ended = true;
      this.events.close();
    } else if (opcode <= opcodes.binary) {
      this.pieces.push(payload);
      if (!final) return;
      const whole = concatBytes(this.pieces);
      this.pieces = [];
      this.events.message(whole);
    }
  }
}

interface Frame {
  readonly final: boolean;
  readonly opcode: number;
  readonly payload: Uint8Array;
  readonly end: number;
}

/** The first frame; undefined: it is not whole yet. */
function frameIn(bytes: Uint8Array): Frame | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  const short = second & 127;
  const sizeEnd = short === 126 ? 4 : short === 127 ? 10 : 2;
  const masked = (second & 0x80) !== 0;
  const start = sizeEnd + (masked ? 4 : 0);
  if (bytes.length < start) return undefined;
  const size = short < 126 ? short : bytes.subarray(2, sizeEnd).reduce((sum, byte) => sum * 256 + byte, 0);
  if (bytes.length < start + size) return undefined;
  const payload = bytes.slice(start, start + size);
  if (masked) for (let i = 0; i < size; i++) payload[i] = (payload[i] ?? 0) ^ (bytes[sizeEnd + (i & 3)] ?? 0);
  return { final: (first & 0x80) !== 0, opcode: first & 15, payload, end: start + size };
}
