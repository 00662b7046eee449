// The API server as programs in the cluster reach it: HTTPS on the simulated network.
import { encodeKubeBody } from '../../api/kube-body.ts';
import type { Listener } from '../../api/network.ts';
import type { KubeRequest } from '../../api/ports.ts';
import type { HttpRequest } from '../../base/http.ts';
import { type StreamHandler, serveStreams } from '../../base/http-streams.ts';
import { decodePem } from '../../base/pem.ts';
import { tlsListener } from '../../base/tls.ts';
import type { Stop } from '../sim/scope.ts';
import type { HttpSink } from './http-sink.ts';
import { type ChannelEdge, isUpgrade, serveChannels } from './network-channels.ts';

interface Edge extends ChannelEdge {
  http(request: KubeRequest, sink: HttpSink): Stop;
}

/** `certificate` is what the server shows, in PEM; `edge` is undefined while it does not run. */
export function networkEdge(options: { certificate(): string; edge(): Edge | undefined }): Listener {
  return tlsListener({
    certificate: options.certificate,
    accept(socket, hello, outer) {
      const certificate = hello.certificate && decodePem('CERTIFICATE', hello.certificate);
      const from = { tls: certificate ? { certificate } : {}, remote: outer.remote.ip };
      serveStreams(
        socket,
        handler(options.edge, from, () => outer.close()),
        (request) => {
          const call = asKubeRequest(request, from);
          const server = isUpgrade(call) ? options.edge() : undefined;
          return server && serveChannels(server, call, socket);
        },
      );
    },
  });
}

/** What is known of a connection. */
type From = Pick<KubeRequest, 'tls' | 'remote'>;

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
