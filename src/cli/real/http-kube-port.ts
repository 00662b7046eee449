// KubePort over real HTTP: `tabernetes kubectl` against a simulated server elsewhere, or a real cluster.
import { readFileSync } from 'node:fs';
import http, { type IncomingMessage } from 'node:http';
import https, { type RequestOptions } from 'node:https';
import { WebSocket } from 'ws';
import { decodeKubeBody, kubeBodyPieces } from '../../api/kube-body.ts';
import {
  type Cancellation,
  ConnectionError,
  type KubeBody,
  type KubeChannels,
  type KubePort,
  type KubeReply,
  type KubeRequest,
  type KubeStream,
} from '../../api/ports.ts';

/** Credentials and trust, as a kubeconfig gives them. */
export interface HttpSettings {
  readonly server: string;
  readonly clientCertificate?: { readonly file?: string; readonly data?: string };
  readonly clientKey?: { readonly file?: string; readonly data?: string };
  readonly certificateAuthority?: { readonly file?: string; readonly data?: string };
  readonly insecure: boolean;
  readonly tlsServerName?: string;
}

export function httpKubePort(settings: HttpSettings): KubePort {
  const base = new URL(settings.server.includes('://') ? settings.server : `http://${settings.server}`);
  const tls = tlsOptions(settings);

  const send = (call: KubeRequest, cancel?: Cancellation): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const url = new URL(base.pathname.replace(/\/$/, '') + call.path, base);
      const transport = base.protocol === 'https:' ? https : http;
      const body = encodeBody(call.body);
      const options = {
        ...tls,
        method: call.method,
        headers: { ...sentHeaders(call), ...(body ? { 'content-length': String(body.length) } : {}) },
      };
      const outgoing = transport.request(url, options, resolve);
      outgoing.on('error', (error) => reject(new ConnectionError(dialError(error, base))));
      cancel?.onCancel(() => outgoing.destroy());
      outgoing.end(body);
    });

  return {
    server: settings.server,
    async request(call, cancel): Promise<KubeReply> {
      const reply = await send(call, cancel);
      const pieces: Buffer[] = [];
      for await (const piece of reply) pieces.push(Buffer.from(piece));
      const headers = headersOf(reply);
      return {
        status: reply.statusCode ?? 0,
        headers,
        body: decodeKubeBody(Buffer.concat(pieces), headers['content-type'] ?? ''),
      };
    },
    async stream(call, cancel): Promise<KubeStream> {
      const reply = await send(call, cancel);
      const headers = headersOf(reply);
      const pieces = kubeBodyPieces(reply, headers['content-type'] ?? '');
      return {
        status: reply.statusCode ?? 0,
        headers,
        read: async () => {
          const next = await pieces.next();
          return next.done ? undefined : next.value;
        },
        close: () => reply.destroy(),
      };
    },
    connect: (call, cancel) =>
      connectChannels({ url: new URL(base.pathname.replace(/\/$/, '') + call.path, base), tls }, call, cancel),
  };
}

function tlsOptions(settings: HttpSettings): RequestOptions {
  const pem = (source?: { readonly file?: string; readonly data?: string }): Buffer | undefined =>
    source?.data ? Buffer.from(source.data, 'base64') : source?.file ? readFileSync(source.file) : undefined;
  const [cert, key, ca] = [
    pem(settings.clientCertificate),
    pem(settings.clientKey),
    pem(settings.certificateAuthority),
  ];
  return {
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(ca ? { ca } : {}),
    ...(settings.tlsServerName ? { servername: settings.tlsServerName } : {}),
    rejectUnauthorized: !settings.insecure,
  };
}

function sentHeaders({ headers = {} }: KubeRequest): Record<string, string | string[]> {
  const entries = Object.entries(headers);
  return Object.fromEntries(
    entries.map(([name, value]): [string, string | string[]] => [
      name,
      value.includes('\n') ? value.split('\n') : value,
    ]),
  );
}

function encodeBody(body: KubeBody | undefined): Buffer | undefined {
  if (!body) return undefined;
  if (body.kind === 'bytes') return Buffer.from(body.bytes);
  return Buffer.from(body.kind === 'text' ? body.text : JSON.stringify(body.value));
}

function headersOf(reply: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(reply.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  return headers;
}

/** Go's words for a connection that did not come about. */
function dialError(error: Error, base: URL): string {
  const code = 'code' in error ? String(error.code) : '';
  const host = base.hostname === 'localhost' ? '127.0.0.1' : base.hostname;
  const address = `${host}:${base.port || (base.protocol === 'https:' ? 443 : 80)}`;
  if (code === 'ECONNREFUSED') return `dial tcp ${address}: connect: connection refused`;
  if (code === 'ENOTFOUND') return `dial tcp: lookup ${base.hostname}: no such host`;
  if (code === 'ETIMEDOUT') return `dial tcp ${address}: i/o timeout`;
  return error.message;
}

function connectChannels(
  to: { readonly url: URL; readonly tls: RequestOptions },
  call: KubeRequest,
  cancel?: Cancellation,
): Promise<KubeChannels> {
  const { 'sec-websocket-protocol': offered = 'v5.channel.k8s.io, v4.channel.k8s.io', ...headers } = call.headers ?? {};
  const url = new URL(to.url.href.replace(/^http/, 'ws'));
  const socket = new WebSocket(url, offered.split(/, */), { ...to.tls, headers });
  const frames: { channel: number; bytes: Uint8Array }[] = [];
  let ended = false;
  let wake = (): void => {};
  const stop = (): void => {
    ended = true;
    wake();
  };
  socket.on('message', (data: Buffer) => {
    const [channel = 0] = data;
    frames.push({ channel, bytes: new Uint8Array(data.subarray(1)) });
    wake();
  });
  socket.on('close', stop);
  cancel?.onCancel(() => socket.close());
  const channels = {
    read: async () => {
      while (frames.length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return frames.shift();
    },
    write: async (channel: number, bytes: Uint8Array) => socket.send(Buffer.concat([Buffer.from([channel]), bytes])),
    closeChannel: (channel: number) => {
      if (socket.protocol === 'v5.channel.k8s.io') socket.send(Buffer.from([255, channel]));
    },
    close: () => socket.close(),
  };
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve({ status: 101, ...channels }));
    socket.on('unexpected-response', (_request, reply) => {
      const pieces: Buffer[] = [];
      reply.on('data', (piece: Buffer) => pieces.push(piece));
      reply.on('end', () =>
        resolve({
          status: reply.statusCode ?? 500,
          refusal: decodeKubeBody(Buffer.concat(pieces), String(reply.headers['content-type'] ?? '')),
          ...channels,
        }),
      );
    });
    socket.on('error', (error) => {
      stop();
      reject(new ConnectionError(dialError(error, to.url)));
    });
  });
}
