// WebSocket upgrades of the Kubernetes API: exec, attach and port-forward as channels (v5 and v4 protocols).
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { KubeChannels, KubePort } from '../../api/ports.ts';
import { CancelSource } from '../../driver/cancel-source.ts';
import { toKubeRequest } from './kube-request.ts';

/** Best first. v5 adds frames that close a channel. */
const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io', 'channel.k8s.io'];
/** v5: this channel's payload is the number of a channel that has no more input. */
const closeChannel = 255;

export function acceptUpgrades(server: Server, port: KubePort): void {
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => protocols.find((protocol) => offered.has(protocol)) ?? false,
  });
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    open(port, incoming, socket, head, sockets).catch((error: unknown) =>
      refuse(socket, 500, 'text/plain', String(error)),
    );
  });
}

async function open(
  port: KubePort,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  sockets: WebSocketServer,
): Promise<void> {
  if (incoming.headers.upgrade?.toLowerCase() !== 'websocket') {
    // kubectl falls back from WebSocket to SPDY only; saying so by name beats a hang.
    refuse(
      socket,
      400,
      'text/plain',
      `unable to upgrade: unsupported protocol ${incoming.headers.upgrade ?? ''}: only WebSocket is served`,
    );
    return;
  }
  const cancel = new CancelSource();
  socket.on('close', () => cancel.cancel());
  const channels = await port.connect(toKubeRequest(incoming, new Uint8Array()), cancel);
  if (channels.status !== 101) {
    const { refusal } = channels;
    const text =
      refusal?.kind === 'json' ? JSON.stringify(refusal.value) : refusal?.kind === 'text' ? refusal.text : '';
    refuse(socket, channels.status, refusal?.kind === 'json' ? 'application/json' : 'text/plain', text);
    return;
  }
  sockets.handleUpgrade(incoming, socket, head, (webSocket) => {
    for (const frame of portFrames(incoming.url ?? '')) webSocket.send(frame);
    carry(webSocket, channels);
  });
}

/** Port-forward begins with each channel's port number in two bytes, little endian. */
function portFrames(url: string): readonly Buffer[] {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  if (!pathname.endsWith('/portforward')) return [];
  const ports = searchParams.getAll('ports').flatMap((text) => text.split(','));
  return ports.flatMap((port, index) =>
    [2 * index, 2 * index + 1].map((channel) => Buffer.from([channel, Number(port) & 255, (Number(port) >> 8) & 255])),
  );
}

function refuse(socket: Duplex, status: number, type: string, text: string): void {
  const body = Buffer.from(text);
  socket.end(
    `HTTP/1.1 ${status} \r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${text}`,
  );
}

/** Carries frames in both directions: the first byte of each is the channel. */
function carry(webSocket: WebSocket, channels: KubeChannels): void {
  webSocket.on('message', (data: Buffer) => {
    const [channel] = data;
    if (channel === undefined) return;
    if (channel === closeChannel) channels.closeChannel(data[1] ?? 0);
    else channels.write(channel, new Uint8Array(data.subarray(1))).catch(() => webSocket.close());
  });
  webSocket.on('close', () => channels.close());
  webSocket.on('error', () => channels.close());
  const pump = async (): Promise<void> => {
    for (let frame = await channels.read(); frame; frame = await channels.read()) {
      webSocket.send(Buffer.concat([Buffer.from([frame.channel]), frame.bytes]));
    }
    webSocket.close(1000);
  };
  pump().catch(() => webSocket.close(1011));
}
