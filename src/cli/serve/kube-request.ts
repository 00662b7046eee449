// A real HTTP request as the API's message.
import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { TLSSocket } from 'node:tls';
import type { KubeBody, KubeRequest } from '../../api/ports.ts';

/** The API's request of a real one. A body goes on as bytes: the API server decodes it by its content type. */
export function toKubeRequest(incoming: IncomingMessage | Http2ServerRequest, body: Uint8Array): KubeRequest {
  const { socket } = incoming;
  return {
    ...(socket instanceof TLSSocket && { tls: tlsOf(socket) }),
    method: (incoming.method ?? 'GET') as KubeRequest['method'], // edge: the router refuses methods that it does not know
    path: (incoming.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '') || '/', // a proxy's clients name the host as well
    headers: headersOf(incoming.rawHeaders),
    ...(body.length === 0 ? {} : { body: { kind: 'bytes', bytes: body } }),
  };
}

/** Names and values in turn, as they came. HTTP/2 says in a header that begins with a colon what is in HTTP/1.1's first lines. */
function headersOf(raw: readonly string[]): Readonly<Record<string, string>> {
  const headers = new Map<string, string>();
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]?.toLowerCase() ?? '';
    const key = name === ':authority' ? 'host' : name;
    if (key.startsWith(':')) continue;
    const known = headers.get(key);
    const value = raw[i + 1] ?? '';
    headers.set(key, known === undefined ? value : `${known}\n${value}`);
  }
  return Object.fromEntries(headers);
}

/** A piece of an answer as bytes. Go ends JSON with a line break, and escapes what means something in HTML. */
export function encodeBody(piece: KubeBody): Buffer {
  if (piece.kind === 'bytes') return Buffer.from(piece.bytes.buffer, piece.bytes.byteOffset, piece.bytes.length);
  if (piece.kind === 'text') return Buffer.from(piece.text);
  const text = JSON.stringify(piece.value).replace(/[<>&\u2028\u2029]/g, escaped);
  return Buffer.from(`${text}\n`);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The same object for every request of a connection: the API server remembers what it has checked. */
function tlsOf(socket: TLSSocket): NonNullable<KubeRequest['tls']> {
  const known = connections.get(socket);
  if (known) return known;
  const certificate = socket.getPeerX509Certificate()?.raw;
  const made = certificate ? { certificate: new Uint8Array(certificate) } : {};
  connections.set(socket, made);
  return made;
}

const connections = new WeakMap<TLSSocket, NonNullable<KubeRequest['tls']>>();
