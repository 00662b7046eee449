// Requests to the API server that come over the simulated network: HTTPS, and channels on WebSockets.
import { encodeKubeBody } from '../../api/kube-body.ts';

import type { KubeRequest } from '../../api/ports.ts';
import type { ByteSocket, HttpRequest } from '../../base/http.ts';
import { type StreamHandler, serveStreams } from '../../base/http-streams.ts';
import type { Stop } from '../sim/scope.ts';
import type { HttpSink } from './http-sink.ts';
import { type ChannelEdge, isUpgrade, serveChannels } from './network-channels.ts';

export interface Edge extends ChannelEdge {
  http(request: KubeRequest, sink: HttpSink): Stop;
}

/** What is known of a connection. */
export type From = Pick<KubeRequest, 'tls' | 'remote'>;

export interface Connection {
  readonly socket: ByteSocket;
  readonly from: From;
  hangUp(): void;
}

/** `edge` is undefined while the server does not run. */
export function serveConnection(edge: () => Edge | undefined, { socket, from, hangUp }: Connection): void {
  serveStreams(socket, handler(edge, from, hangUp), (request) => {
    const call = asKubeRequest(request, from);
    const server = isUpgrade(call) ? edge() : undefined;
    return server && serveChannels(server, call, socket);
  });
}

function handler(edge: () => Edge | undefined, from: From, hangUp: Stop): StreamHandler {
  return (request, answer) => {
    const server = edge();
    if (!server) {
      hangUp();
      return () => {};
    }
    return server.http(asKubeRequest(request, from), {
      head: (status, headers) => answer.head(status, headers),
      body: (piece) => answer.piece(encodeKubeBody(piece)),
      end: () => answer.end(),
    });
  };
}

function asKubeRequest(request: HttpRequest, from: From): KubeRequest {
  const { method, target, headers, body } = request;
  return {
    ...from,
    method: method as KubeRequest['method'], // edge: the router refuses methods that it does not know
    path: target,
    headers: Object.fromEntries(headers),
    ...(body.length > 0 && { body: { kind: 'bytes', bytes: body } }),
  };
}
