// A real HTTP request as the API's message.
import type { IncomingMessage } from 'node:http';
import type { KubeRequest } from '../../api/ports.ts';

/** The API's request of a real one. A body goes on as bytes: the API server decodes it by its content type. */
export function toKubeRequest(incoming: IncomingMessage, body: Uint8Array): KubeRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    method: (incoming.method ?? 'GET') as KubeRequest['method'], // edge: the router refuses methods that it does not know
    path: incoming.url ?? '/',
    headers,
    ...(body.length === 0 ? {} : { body: { kind: 'bytes', bytes: body } }),
  };
}
