// Upgrades of the Kubernetes API: exec, attach and port-forward as channels of a WebSocket (v5 and v4 protocols), as
// streams of SPDY/3.1, and, for kubectl's port-forward, as SPDY/3.1 inside of a WebSocket.
import type { IncomingMessage } from 'node:http';
import type { Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { encodeKubeBody } from '../../api/kube-body.ts';
import type { Cancellation, KubeChannels, KubePort, KubeRequest } from '../../api/ports.ts';
import { statusText } from '../../base/http.ts';
import { canonicalHeader } from '../../base/http-streams.ts';
import { CancelSource } from '../../driver/cancel-source.ts';
import { toKubeRequest } from './kube-request.ts';
import { commandStreams } from './spdy/spdy-commands.ts';
import { forwardStreams } from './spdy/spdy-port-forward.ts';
import { SpdySession, type SpdyStream } from './spdy/spdy-session.ts';
import { isStreamed, sendStream, streamProtocol } from './websocket-stream.ts';

/** Best first. v5 adds frames that close a channel. */
const channelProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io', 'channel.k8s.io'];
const tunnelProtocol = 'SPDY/3.1+portforward.k8s.io';
/** The same without a WebSocket around it. */
const streamProtocols = ['v4.channel.k8s.io', 'portforward.k8s.io'];
/** v5: this channel's payload is the number of a channel that has no more input. */
const closeChannel = 255;

interface Parts {
  readonly port: KubePort;
  /** Answers a request as if it had asked for no other protocol. */
  plain(upgrade: Upgrade): void;
}

export function acceptUpgrades(server: Server, { port, plain }: Parts): void {
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered, incoming) =>
      [tunnelProtocol, ...channelProtocols].find((protocol) => offered.has(protocol)) ??
      streamProtocol(incoming, offered),
  });
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    open({ port, sockets, plain }, { incoming, socket, head }).catch((error: unknown) =>
      refuse(socket, 500, 'text/plain', String(error)),
    );
  });
}

export interface Upgrade {
  readonly incoming: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

async function open(
  { port, sockets, plain }: Parts & { readonly sockets: WebSocketServer },
  upgrade: Upgrade,
): Promise<void> {
  const { incoming, socket, head } = upgrade;
  const wanted = incoming.headers.upgrade?.toLowerCase() ?? '';
  const request = toKubeRequest(incoming, new Uint8Array());
  const isProxied = /^\/api\/v1\/[^?]*\/proxy(\/|\?|$)/.test(request.path);
  if (wanted !== 'websocket' && wanted !== 'spdy/3.1' && !isProxied) {
    plain(upgrade);
    return;
  }
  const cancel = new CancelSource();
  socket.on('close', () => cancel.cancel());
  if (wanted === 'websocket' && !isProxied && isStreamed(request)) {
    await openStream({ port, sockets, cancel }, request, upgrade);
    return;
  }
  const tunnelled = (incoming.headers['sec-websocket-protocol'] ?? '').includes(tunnelProtocol);
  const isForward = !isProxied && /\/portforward(\?|$)/.test(request.path);
  const spdy = tunnelled || wanted === 'spdy/3.1';
  // Over SPDY each stream says its port: the first connection asks for none and tells whether there may be any.
  const channels = await port.connect(spdy && isForward ? { ...request, path: bare(request.path) } : request, cancel);
  if (channels.status === 426) plain(upgrade);
  else if (channels.status !== 101) refuseAs(socket, channels);
  if (channels.status !== 101) return;
  if (channels.headers) {
    carryBytes(upgrade, channels, channels.headers);
    return;
  }
  const onePort = (number: number): Promise<KubeChannels> =>
    port.connect({ ...request, path: `${bare(request.path)}?ports=${number}` }, cancel);
  const accept = (finished: () => void): ((stream: SpdyStream) => void) =>
    isForward
      ? forwardStreams(onePort)
      : commandStreams(channels, { expected: streamsOf(incoming.url ?? ''), finished });
  if (wanted === 'spdy/3.1') {
    carryStreams(upgrade, accept);
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

/** Watches and logs. Only pages may ask for them so: whoever does not say where it is from is refused, as upstream does. */
async function openStream(
  {
    port,
    sockets,
    cancel,
  }: { readonly port: KubePort; readonly sockets: WebSocketServer; readonly cancel: Cancellation },
  request: KubeRequest,
  { incoming, socket, head }: Upgrade,
): Promise<void> {
  const stream = await port.stream(request, cancel);
  if (stream.status !== 200) {
    const refusal = (await stream.read()) ?? { kind: 'text', text: '' };
    refuseAs(socket, { status: stream.status, refusal, headers: stream.headers });
  } else if (incoming.headers.origin === undefined) refuse(socket, 403, 'text/plain', '');
  else
    sockets.handleUpgrade(incoming, socket, head, (webSocket) => {
      sendStream(webSocket, request, stream).catch(() => webSocket.close(1011));
    });
}

/** Somebody behind the API server has taken the upgrade: the rest is theirs and the client's. */
function carryBytes(
  { socket, head }: Upgrade,
  channels: KubeChannels,
  headers: Readonly<Record<string, string>>,
): void {
  const lines = Object.entries(headers).map(([name, value]) => `${canonicalHeader(name)}: ${value}\r\n`);
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`);
  if (head.length > 0) void channels.write(0, new Uint8Array(head));
  socket.on('data', (bytes: Buffer) => void channels.write(0, new Uint8Array(bytes)));
  socket.on('close', () => channels.close());
  const pump = async (): Promise<void> => {
    for (let piece = await channels.read(); piece; piece = await channels.read()) socket.write(piece.bytes);
    socket.end();
  };
  pump().catch(() => socket.destroy());
}

function bare(path: string): string {
  return path.replace(/\?.*$/, '');
}

/** How many streams a command's client opens: what it asks for, one for errors, and one for a terminal's size. */
function streamsOf(url: string): number {
  const { searchParams } = new URL(url, 'http://localhost');
  const asked = (name: string): boolean => !/^(0|false)$/i.test(searchParams.get(name) ?? 'false');
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

function refuseAs(
  socket: Duplex,
  { status, refusal, headers = {} }: Pick<KubeChannels, 'status' | 'refusal' | 'headers'>,
): void {
  const type = headers['content-type'] ?? (refusal?.kind === 'json' ? 'application/json' : 'text/plain');
  refuse(socket, status, type, refusal ? encodeKubeBody(refusal) : '');
}

function refuse(socket: Duplex, status: number, type: string, text: string | Uint8Array): void {
  const body = Buffer.from(text);
  socket.write(
    `HTTP/1.1 ${status} ${statusText(status)}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`,
  );
  socket.end(body);
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
