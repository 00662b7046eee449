// exec, attach and port-forward over the simulated network: channels in the frames of a WebSocket, as
// v5.channel.k8s.io has them. The first byte of a message names its channel.
import { encodeKubeBody } from '../../api/kube-body.ts';
import type { KubeRequest } from '../../api/ports.ts';
import { concatBytes } from '../../base/bytes.ts';
import type { ByteSocket } from '../../base/http.ts';
import { formatReply } from '../../base/http.ts';
import { acceptKey, encodeFrame, FrameReader } from '../../base/websocket.ts';
import type { Stop } from '../sim/scope.ts';
import type { ChannelInput, ChannelSink } from './channels.ts';
import { parseTarget } from './router.ts';

/** Best first. */
const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io', 'channel.k8s.io'];
/** v5: this channel's payload is the number of a channel that has no more input. */
const closeChannel = 255;

export interface ChannelEdge {
  connect(request: KubeRequest, sink: ChannelSink): ChannelInput;
}

export function isUpgrade({ headers }: KubeRequest): boolean {
  return headers?.upgrade?.toLowerCase() === 'websocket';
}

/** Takes a connection over once the request on it has been read. Returns how to stop. */
export function serveChannels(edge: ChannelEdge, request: KubeRequest, socket: ByteSocket): Stop {
  const send = (channel: number, bytes: Uint8Array): void =>
    socket.send(encodeFrame('binary', concatBytes([new Uint8Array([channel]), bytes])));
  let raw = false;
  const input = edge.connect(request, {
    accepted(headers) {
      raw = headers !== undefined;
      socket.send(headers ? formatReply({ status: 101, headers }) : greeting(request));
      if (raw) return;
      for (const [channel, port] of forwardedPorts(request)) send(channel, port);
    },
    refused(status, body, headers) {
      const type = body.kind === 'json' ? 'application/json' : (headers?.['content-type'] ?? 'text/plain');
      socket.send(formatReply({ status, headers: { 'Content-Type': type }, body: encodeKubeBody(body) }, 'GET', true));
      socket.close();
    },
    data: (channel, bytes) => (raw ? socket.send(bytes) : send(channel, bytes)),
    end() {
      if (!raw) socket.send(encodeFrame('close', new Uint8Array([3, 232]))); // 1000: all is well
      socket.close();
    },
  });
  const reader = new FrameReader({
    message(payload) {
      const [channel, second = 0] = payload;
      if (channel === closeChannel) input.closeChannel(second);
      else if (channel !== undefined) input.write(channel, payload.subarray(1));
    },
    ping: (payload) => socket.send(encodeFrame('pong', payload)),
    close: () => socket.close(),
  });
  socket.onData((bytes) => (raw ? input.write(0, bytes) : reader.push(bytes)));
  return () => input.close();
}

function greeting({ headers = {} }: KubeRequest): Uint8Array {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(/,\s*/);
  const chosen = protocols.find((protocol) => offered.includes(protocol));
  return formatReply({
    status: 101,
    headers: {
      Upgrade: 'websocket',
      Connection: 'Upgrade',
      'Sec-WebSocket-Accept': acceptKey(headers['sec-websocket-key'] ?? ''),
      ...(chosen && { 'Sec-WebSocket-Protocol': chosen }),
    },
  });
}

/** Each channel of a port-forward begins with its port's number in two bytes, little endian. */
function forwardedPorts({ path }: KubeRequest): readonly (readonly [channel: number, port: Uint8Array])[] {
  const { query } = parseTarget(path);
  if (!/\/portforward(\?|$)/.test(path)) return [];
  const ports = (query.get('ports') ?? []).flatMap((text) => text.split(',')).map(Number);
  return ports.flatMap((port, index) => {
    const bytes = new Uint8Array([port & 255, (port >> 8) & 255]);
    return [[2 * index, bytes] as const, [2 * index + 1, bytes] as const];
  });
}
