// Reads HTTP/1.1 messages from bytes as they come: start line, headers, body by length, by chunks or to the end.
import { concatBytes, decodeUtf8 } from './bytes.ts';

export interface HttpMessage {
  /** `HTTP/1.1` or `HTTP/1.0`. */
  readonly version: string;
  /** Names in lower case; a header that came more than once is joined by `, `. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/** `GET /path HTTP/1.1` or `HTTP/1.1 404 Not Found`, in its three parts. */
export interface StartLine {
  readonly first: string;
  readonly second: string;
  readonly third: string;
}

export interface HttpMessageEvents {
  /** Where it is there, a body comes piece by piece after this, and the message at its end has none. */
  begin?(start: StartLine, headers: ReadonlyMap<string, string>): void;
  piece?(bytes: Uint8Array): void;
  message(start: StartLine, message: HttpMessage): void;
  /** Nothing follows. `status` is what a server answers; `text` says what is wrong, in Go's words. */
  problem(problem: { readonly status: number; readonly text: string }): void;
}

const headBytesMax = 64 * 1024;
const bodyBytesMax = 16 * 1024 * 1024;

type State =
  | { readonly kind: 'head' }
  | { readonly kind: 'length'; readonly head: Head; readonly length: number }
  | { readonly kind: 'chunks'; readonly head: Head; readonly pieces: Uint8Array[] }
  | { readonly kind: 'rest'; readonly head: Head }
  | { readonly kind: 'over' };

interface Head {
  readonly start: StartLine;
  readonly version: string;
  readonly headers: ReadonlyMap<string, string>;
}

/** The first byte of a TLS handshake. */
const tlsHandshake = 0x16;

export class HttpParser {
  private state: State = { kind: 'head' };
  private buffer: Uint8Array = new Uint8Array(0);
  private messages = 0;

  constructor(
    private readonly what: 'request' | 'response',
    private readonly events: HttpMessageEvents,
    /** For responses: the request's method, for HEAD has no body. */
    private readonly method = 'GET',
  ) {}

  /** Whether anything of a message has been seen. */
  get started(): boolean {
    return this.messages > 0 || this.state.kind !== 'head' || this.buffer.length > 0;
  }

  /** What has come after the last message, for whoever speaks something else from here on. */
  release(): Uint8Array {
    this.state = { kind: 'over' };
    return this.take(this.buffer.length);
  }

  push(bytes: Uint8Array): void {
    if (this.state.kind === 'over') return;
    this.buffer = this.buffer.length === 0 ? bytes : concatBytes([this.buffer, bytes]);
    while (this.step());
  }

  /** The other side has closed. True when that ends a message properly or there was none under way. */
  end(): boolean {
    const { state } = this;
    if (state.kind === 'rest') {
      this.state = { kind: 'over' };
      this.finish(state.head, this.buffer);
      return true;
    }
    return state.kind === 'over' || (this.messages > 0 && state.kind === 'head' && this.buffer.length === 0);
  }

  /** Takes one thing from the buffer; false when it needs more. */
  private step(): boolean {
    const { state } = this;
    if (state.kind === 'head') return this.readHead();
    if (state.kind === 'length') return this.readLength(state);
    if (state.kind === 'chunks') return this.readChunk(state.head, state.pieces);
    if (state.kind === 'rest') this.tell(this.buffer.length);
    if (state.kind === 'rest' && this.buffer.length > bodyBytesMax) this.fail(413, 'http: request body too large');
    return false;
  }

  private readLength({ head, length }: State & { readonly kind: 'length' }): boolean {
    const rest = length - this.tell(Math.min(length, this.buffer.length));
    if (rest < length) this.state = { kind: 'length', head, length: rest };
    if (this.buffer.length < rest) return false;
    this.finish(head, this.take(rest));
    return true;
  }

  /** Hands so many bytes on where a body is told piece by piece; returns how many were. */
  private tell(count: number): number {
    if (!this.events.piece || count === 0) return 0;
    this.events.piece(this.take(count));
    return count;
  }

  /** A client that speaks TLS to a server which does not is told so at once. */
  private readHead(): boolean {
    const { at, skip } = endOfHead(this.buffer);
    if (at < 0) {
      if (this.buffer.length > headBytesMax) this.fail(431, 'net/http: server response headers exceeded limit');
      else if (this.buffer[0] === tlsHandshake) this.fail(400, 'malformed HTTP: a TLS handshake');
      return false;
    }
    const text = decodeUtf8(this.take(at + skip).subarray(0, at));
    const [line = '', ...fields] = text.split(/\r?\n/);
    const start = this.readStart(line);
    const headers = readHeaders(fields);
    if (!start || !headers) {
      const bad = start ? 'malformed MIME header line' : `malformed HTTP ${this.what} ${JSON.stringify(line)}`;
      this.fail(400, bad);
      return false;
    }
    this.beginBody({ start, version: this.what === 'request' ? start.third : start.first, headers });
    return true;
  }

  private readStart(line: string): StartLine | undefined {
    const pattern = this.what === 'request' ? requestLine : responseLine;
    const [, first, second, third = ''] = pattern.exec(line) ?? [];
    return first === undefined || second === undefined ? undefined : { first, second, third };
  }

  private beginBody(head: Head): void {
    this.events.begin?.(head.start, head.headers);
    const chunked = head.headers.get('transfer-encoding')?.toLowerCase() === 'chunked';
    const length = head.headers.get('content-length');
    if (this.what === 'response' && bodiless(head.start.second, this.method)) this.finish(head, new Uint8Array(0));
    else if (chunked && length === undefined) this.state = { kind: 'chunks', head, pieces: [] };
    else if (head.headers.has('transfer-encoding')) this.fail(501, 'unsupported transfer encoding');
    else if (length === undefined && this.what === 'response') this.state = { kind: 'rest', head };
    else if (!/^\d{1,15}$/.test(length ?? '0')) this.fail(400, `bad Content-Length ${JSON.stringify(length)}`);
    else if (Number(length) > bodyBytesMax && !this.events.piece) this.fail(413, 'http: request body too large');
    else this.state = { kind: 'length', head, length: Number(length ?? 0) };
  }

  private readChunk(head: Head, pieces: Uint8Array[]): boolean {
    const at = this.buffer.indexOf(lineFeed);
    if (at < 0) {
      if (this.buffer.length > headBytesMax) this.fail(400, 'header line too long');
      return false;
    }
    const line = decodeUtf8(this.buffer.subarray(0, at)).trim();
    const size = /^[0-9a-fA-F]{1,8}(;.*)?$/.test(line) ? Number.parseInt(line, 16) : -1;
    if (size < 0) {
      this.fail(400, 'invalid byte in chunk length');
      return false;
    }
    if (size === 0) {
      const trailers = endOfHead(this.buffer.subarray(at - 1));
      const bare = this.buffer[at + 1] === lineFeed || this.buffer[at + 2] === lineFeed;
      if (!bare && trailers.at < 0) return false;
      this.take(bare ? (this.buffer[at + 1] === lineFeed ? at + 2 : at + 3) : at - 1 + trailers.at + trailers.skip);
      this.finish(head, concatBytes(pieces));
      return true;
    }
    if (pieces.reduce((sum, piece) => sum + piece.length, size) > bodyBytesMax) {
      this.fail(413, 'http: request body too large');
      return false;
    }
    if (this.buffer.length < at + 1 + size + 2) return false;
    const chunk = this.take(at + 1 + size + 2).subarray(at + 1, at + 1 + size);
    if (this.events.piece) this.events.piece(chunk);
    else pieces.push(chunk);
    return true;
  }

  private take(count: number): Uint8Array {
    const taken = this.buffer.subarray(0, count);
    this.buffer = this.buffer.subarray(count);
    return taken;
  }

  private finish({ start, version, headers }: Head, body: Uint8Array): void {
    if (this.state.kind !== 'over') this.state = { kind: 'head' };
    this.messages++;
    this.events.message(start, { version, headers, body });
  }

  private fail(status: number, text: string): void {
    this.state = { kind: 'over' };
    this.events.problem({ status, text });
  }
}

const lineFeed = 10;
const requestLine = /^([A-Za-z]{1,32}) ([^ \t]{1,8192}) (HTTP\/1\.[01])$/;
const responseLine = /^(HTTP\/1\.[01]) (\d{3})(?: (.*))?$/;

function bodiless(status: string, method: string): boolean {
  return method === 'HEAD' || status.startsWith('1') || status === '204' || status === '304';
}

/** Where the empty line begins that ends the headers, and how long it is; -1 when it has not come. */
function endOfHead(bytes: Uint8Array): { readonly at: number; readonly skip: number } {
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) {
    const end = at > 0 && bytes[at - 1] === 13 ? at - 1 : at;
    if (bytes[at + 1] === lineFeed) return { at: end, skip: at + 2 - end };
    if (bytes[at + 1] === 13 && bytes[at + 2] === lineFeed) return { at: end, skip: at + 3 - end };
  }
  return { at: -1, skip: 0 };
}

function readHeaders(lines: readonly string[]): ReadonlyMap<string, string> | undefined {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).toLowerCase();
    if (!/^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(name)) return undefined;
    const value = line.slice(colon + 1).trim();
    const known = headers.get(name);
    headers.set(name, known === undefined ? value : `${known}, ${value}`);
  }
  return headers;
}
