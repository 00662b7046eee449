// A real HTTP request as the API's message.
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { KubeBody, KubeRequest } from '../../api/ports.ts';

/** The API's request of a real one. A body goes on as bytes: the API server decodes it by its content type. */
export function toKubeRequest(incoming: IncomingMessage, body: Uint8Array): KubeRequest {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(incoming.headersDistinct)) headers[name] = values?.join('\n') ?? '';
  const { socket } = incoming;
  return {
    ...(socket instanceof TLSSocket && { tls: tlsOf(socket) }),
    method: (incoming.method ?? 'GET') as KubeRequest['method'], // edge: the router refuses methods that it does not know
    path: incoming.url ?? '/',
    headers,
    ...(body.length === 0 ? {} : { body: { kind: 'bytes', bytes: body } }),
  };
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
