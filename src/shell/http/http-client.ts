// A small HTTP/1.1 client over the simulated network, for curl and wget.
import type { Connection } from '../../api/ports.ts';
import { concatBytes, decodeUtf8, encodeUtf8 } from '../../base/bytes.ts';

export interface HttpTarget {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** Path and query. */
  readonly path: string;
  readonly credentials: string | undefined;
}

export interface HttpResponse {
  readonly statusLine: string;
  readonly status: number;
  /** Names as the server spelled them. */
  readonly headers: readonly (readonly [string, string])[];
  /** The body's pieces as they come. */
  readonly body: AsyncGenerator<Uint8Array>;
}

/** The server closed the connection without an answer, or answered with something else than HTTP. */
export class HttpError extends Error {
  override name = 'HttpError';
  constructor(readonly kind: 'empty' | 'malformed' | 'partial') {
    super(kind);
  }
}

/** Undefined for what is no http(s) URL; a missing scheme counts as http. */
export function parseUrl(text: string): HttpTarget | undefined {
  const match =
    /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):\/\/)?(?:([^/?#@]*)@)?(\[[0-9a-fA-F:]+\]|[^/?#:@]*)(?::(\d{1,5}))?([/?][^#]*)?(?:#.*)?$/.exec(
      text,
    );
  const [, schemeText = 'http', credentials, host = '', port, rest = '/'] = match ?? [];
  const scheme = schemeText.toLowerCase();
  if (!match || host === '' || (scheme !== 'http' && scheme !== 'https')) return undefined;
  const number = Number(port ?? (scheme === 'http' ? 80 : 443));
  if (number > 65535) return undefined;
  return {
    scheme,
    host: host.replace(/^\[|\]$/g, ''),
    port: number,
    path: rest.startsWith('/') ? rest : `/${rest}`,
    credentials,
  };
}

export function headerOf(response: Pick<HttpResponse, 'headers'>, name: string): string | undefined {
  return response.headers.find(([key]) => key.toLowerCase() === name)?.[1];
}

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: Uint8Array | undefined;
  /** Default 1.1. */
  readonly version?: '1.0' | '1.1';
}

export async function sendRequest(connection: Connection, request: HttpRequest): Promise<HttpResponse> {
  const head = [
    `${request.method} ${request.path} HTTP/${request.version ?? '1.1'}`,
    ...request.headers.map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ];
  await connection.write(concatBytes([encodeUtf8(head.join('\r\n')), request.body ?? new Uint8Array()]));
  const input = new ByteInput(connection);
  for (;;) {
    const response = await readHead(input);
    if (response.status >= 100 && response.status < 200 && response.status !== 101) continue;
    return { ...response, body: readBody(input, request.method, response) };
  }
}

const headBytesMax = 256 * 1024;

class ByteInput {
  private rest: Uint8Array = new Uint8Array();
  constructor(private readonly connection: Connection) {}

  /** The next piece of at most `max` bytes. */
  async take(max = Number.POSITIVE_INFINITY): Promise<Uint8Array | undefined> {
    const chunk = this.rest.length > 0 ? this.rest : await this.connection.read();
    if (!chunk) return undefined;
    this.rest = chunk.subarray(Math.min(chunk.length, max));
    return chunk.subarray(0, Math.min(chunk.length, max));
  }

  /** A line without its end; undefined when the connection ends first. */
  async line(): Promise<string | undefined> {
    const pieces: Uint8Array[] = [];
    for (let size = 0; size < headBytesMax; ) {
      const chunk = await this.take();
      if (!chunk) return pieces.length > 0 ? decodeUtf8(concatBytes(pieces)) : undefined;
      const end = chunk.indexOf(10);
      pieces.push(end === -1 ? chunk : chunk.subarray(0, end));
      size += chunk.length;
      if (end === -1) continue;
      this.rest = concatBytes([chunk.subarray(end + 1), this.rest]);
      return decodeUtf8(concatBytes(pieces)).replace(/\r$/, '');
    }
    throw new HttpError('malformed');
  }
}

async function readHead(input: ByteInput): Promise<Omit<HttpResponse, 'body'>> {
  const statusLine = await input.line();
  if (statusLine === undefined) throw new HttpError('empty');
  const status = /^HTTP\/\d(?:\.\d)? (\d{3})/.exec(statusLine)?.[1];
  if (status === undefined) throw new HttpError('malformed');
  const headers: [string, string][] = [];
  for (let line = await input.line(); line !== undefined && line !== ''; line = await input.line()) {
    const at = line.indexOf(':');
    if (at > 0) headers.push([line.slice(0, at), line.slice(at + 1).trim()]);
  }
  return { statusLine, status: Number(status), headers };
}

async function* readBody(
  input: ByteInput,
  method: string,
  head: Omit<HttpResponse, 'body'>,
): AsyncGenerator<Uint8Array> {
  if (method === 'HEAD' || head.status === 204 || head.status === 304) return;
  if (/chunked/i.test(headerOf(head, 'transfer-encoding') ?? '')) {
    yield* readChunks(input);
    return;
  }
  const lengthText = headerOf(head, 'content-length');
  let left = lengthText === undefined ? Number.POSITIVE_INFINITY : Number(lengthText);
  while (left > 0) {
    const piece = await input.take(left);
    if (!piece) {
      if (lengthText !== undefined) throw new HttpError('partial');
      return;
    }
    left -= piece.length;
    yield piece;
  }
}

async function* readChunks(input: ByteInput): AsyncGenerator<Uint8Array> {
  for (;;) {
    const size = Number.parseInt((await input.line()) ?? '0', 16);
    if (!(size > 0)) break;
    for (let left = size; left > 0; ) {
      const piece = await input.take(left);
      if (!piece) throw new HttpError('partial');
      left -= piece.length;
      yield piece;
    }
    await input.line();
  }
  for (let trailer = await input.line(); trailer; trailer = await input.line());
}
