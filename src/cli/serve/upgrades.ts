// Upgrades of the Kubernetes API: exec, attach and port-forward as channels of a WebSocket (v5 and v4 protocols), as
// streams of SPDY/3.1, and, for kubectl's port-forward, as SPDY/3.1 inside of a WebSocket.
import type { IncomingMessage } from 'node:http';
import type { Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { KubeChannels, KubePort } from '../../api/ports.ts';
import { CancelSource } from '../../driver/cancel-source.ts';
import { toKubeRequest } from './kube-request.ts';
import { commandStreams } from './spdy/spdy-commands.ts';
import { forwardStreams } from './spdy/spdy-port-forward.ts';
import { SpdySession, type SpdyStream } from './spdy/spdy-session.ts';

/** Best first. v5 adds frames that close a channel. */
const channelProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io', 'channel.k8s.io'];
const tunnelProtocol = 'SPDY/3.1+portforward.k8s.io';
/** The same without a WebSocket around it. */
const streamProtocols = ['v4.channel.k8s.io', 'portforward.k8s.io'];
/** v5: this channel's payload is the number of a channel that has no more input. */
const closeChannel = 255;

export function acceptUpgrades(server: Server, port: KubePort): void {
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) =>
      [tunnelProtocol, ...channelProtocols].find((protocol) => offered.has(protocol)) ?? false,
  });
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    open({ port, sockets }, { incoming, socket, head }).catch((error: unknown) =>
      refuse(socket, 500, 'text/plain', String(error)),
    );
  });
}

interface Upgrade {
  readonly incoming: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

async function open(
  { port, sockets }: { readonly port: KubePort; readonly sockets: WebSocketServer },
  { incoming, socket, head }: Upgrade,
): Promise<void> {
  const wanted = incoming.headers.upgrade?.toLowerCase() ?? '';
  if (wanted !== 'websocket' && wanted !== 'spdy/3.1') {
    refuse(socket, 400, 'text/plain', `unable to upgrade: unsupported protocol ${wanted}`);
    return;
  }
  const cancel = new CancelSource();
  socket.on('close', () => cancel.cancel());
  const request = toKubeRequest(incoming, new Uint8Array());
  const tunnelled = (incoming.headers['sec-websocket-protocol'] ?? '').includes(tunnelProtocol);
  const isForward = /\/portforward(\?|$)/.test(request.path);
  const spdy = tunnelled || wanted === 'spdy/3.1';
  // Over SPDY each stream says its port: the first connection asks for none and tells whether there may be any.
  const channels = await port.connect(spdy && isForward ? { ...request, path: bare(request.path) } : request, cancel);
  if (channels.status !== 101) {
    const { refusal } = channels;
    const text =
      refusal?.kind === 'json' ? JSON.stringify(refusal.value) : refusal?.kind === 'text' ? refusal.text : '';
    refuse(socket, channels.status, refusal?.kind === 'json' ? 'application/json' : 'text/plain', text);
    return;
  }
  const onePort = (number: number): Promise<KubeChannels> =>
    port.connect({ ...request, path: `${bare(request.path)}?ports=${number}` }, cancel);
  const accept = (finished: () => void): ((stream: SpdyStream) => void) =>
    isForward
      ? forwardStreams(onePort)
      : commandStreams(channels, { expected: streamsOf(incoming.url ?? ''), finished });
  if (wanted === 'spdy/3.1') {
    carryStreams({ incoming, socket, head }, accept);
    return;
  }
  sockets.handleUpgrade(incoming, socket, head, (webSocket) => {
    if (tunnelled) {
      carryTunnel(webSocket, accept);
      return;
    }
    for (const frame of portFrames(incoming.url ?? '')) webSocket.send(frame);
    carry(webSocket, channels);
  });
}

function bare(path: string): string {
  return path.replace(/\?.*$/, '');
}

/** How many streams a command's client opens: what it asks for, one for errors, and one for a terminal's size. */
function streamsOf(url: string): number {
  const { searchParams } = new URL(url, 'http://localhost');
  const asked = (name: string): boolean => ['true', '1'].includes(searchParams.get(name) ?? '');
  return 1 + ['stdin', 'stdout', 'stderr', 'tty'].filter(asked).length;
}

type Accepting = (finished: () => void) => (stream: SpdyStream) => void;

function carryTunnel(webSocket: WebSocket, accept: Accepting): void {
  const close = (): void => webSocket.close(1000);
  const session = new SpdySession({ send: (bytes) => webSocket.send(bytes), close }, accept(close));
  webSocket.on('message', (data: Buffer) => session.receive(data));
  webSocket.on('close', () => session.closed());
  webSocket.on('error', () => session.closed());
}

function carryStreams({ incoming, socket, head }: Upgrade, accept: Accepting): void {
  const offered = String(incoming.headers['x-stream-protocol-version'] ?? '').split(/,\s*/);
  const protocol = streamProtocols.find((known) => offered.includes(known));
  const chosen = protocol ? `X-Stream-Protocol-Version: ${protocol}\r\n` : '';
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n${chosen}\r\n`);
  const close = (): void => void socket.end();
  const session = new SpdySession({ send: (bytes) => void socket.write(bytes), close }, accept(close));
  socket.on('data', (bytes: Buffer) => session.receive(bytes));
  socket.on('close', () => session.closed());
  if (head.length > 0) session.receive(head);
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
