// Protobuf's wire format: fields are a tag (number and wire type) and a varint, eight or four bytes, or a length and
// that many bytes.

/** The bytes are no message of this encoding. */
export class ProtobufError extends Error {
  override name = 'ProtobufError';
}

/** How a field is laid out: the lowest three bits of its tag. */
export const wireType = { varint: 0, eightBytes: 1, bytes: 2, fourBytes: 5 } as const;

/** Reads the fields of one message. Every length is checked against what there is. */
export class ByteReader {
  private at = 0;
  /** The wire type of the field that is being read. */
  type = 0;

  constructor(private readonly data: Uint8Array) {}

  atEnd(): boolean {
    return this.at >= this.data.length;
  }

  /** Calls `read` at each field; it must take the value or skip it. */
  forEachField(read: (number: number, reader: ByteReader) => void): void {
    while (!this.atEnd()) {
      const tag = this.varint(true);
      this.type = tag & 7;
      read(Math.floor(tag / 8), this);
    }
  }

  /** A number; beyond 2^53 the nearest one. Negative numbers are ten bytes long. */
  varint(isTag = false): number {
    if (!isTag && this.type !== wireType.varint && this.type !== wireType.bytes) throw this.broken();
    let low = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.data[this.at++];
      if (byte === undefined) throw this.broken();
      if (shift === 0n && byte < 0x80) return byte;
      low |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, low));
    }
    throw this.broken();
  }

  bytes(): Uint8Array {
    if (this.type !== wireType.bytes) throw this.broken();
    const length = this.varint(true);
    return this.take(length);
  }

  double(): number {
    if (this.type !== wireType.eightBytes) throw this.broken();
    const taken = this.take(8);
    return new DataView(taken.buffer, taken.byteOffset, 8).getFloat64(0, true);
  }

  skip(): void {
    if (this.type === wireType.varint) this.varint();
    else if (this.type === wireType.eightBytes) this.take(8);
    else if (this.type === wireType.fourBytes) this.take(4);
    else this.bytes();
  }

  private take(length: number): Uint8Array {
    if (length < 0 || this.at + length > this.data.length) throw this.broken();
    this.at += length;
    return this.data.subarray(this.at - length, this.at);
  }

  private broken(): ProtobufError {
    return new ProtobufError('unexpected EOF');
  }
}

/** Writes the fields of one message. */
export class ByteWriter {
  private data = new Uint8Array(64);
  private length = 0;

  raw(bytes: Uint8Array): void {
    if (this.length + bytes.length > this.data.length) {
      const grown = new Uint8Array(2 * (this.length + bytes.length));
      grown.set(this.data.subarray(0, this.length));
      this.data = grown;
    }
    this.data.set(bytes, this.length);
    this.length += bytes.length;
  }

  varintField(number: number, value: number): void {
    this.varint(number * 8 + wireType.varint);
    this.varint(value);
  }

  doubleField(number: number, value: number): void {
    this.varint(number * 8 + wireType.eightBytes);
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    this.raw(bytes);
  }

  bytesField(number: number, bytes: Uint8Array): void {
    this.varint(number * 8 + wireType.bytes);
    this.varint(bytes.length);
    this.raw(bytes);
  }

  done(): Uint8Array {
    return this.data.slice(0, this.length);
  }

  private varint(value: number): void {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest >= 0x80n) {
      bytes.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    this.raw(Uint8Array.from(bytes));
  }
}
