// Answers that keep coming, over a WebSocket, as pages in a browser ask for them: an event of a watch a message, a log in
// pieces as it is written.
import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { KubeRequest, KubeStream } from '../../api/ports.ts';
import { encodeBody } from './kube-request.ts';

export function isStreamed({ path }: KubeRequest): boolean {
  return isLog(path) || /[?&]watch(?!=(0|false)(&|$))(=|&|$)/i.test(path) || /^\/apis?\/[^?]*\/watch\//.test(path);
}

function isLog(path: string): boolean {
  return /^\/api\/v1\/namespaces\/[^/?]+\/pods\/[^/?]+\/log(\?|$)/.test(path);
}

/** What a client may ask a log to be sent as. */
const logProtocols = ['binary.k8s.io', 'base64.binary.k8s.io'];
const tokenProtocol = 'base64url.bearer.authorization.k8s.io.';

/** A log comes in one of its forms, a watch under any name; a token among the names is not one. */
export function streamProtocol({ url = '' }: IncomingMessage, offered: ReadonlySet<string>): string | false {
  const names = [...offered].filter((name) => !name.startsWith(tokenProtocol));
  return (isLog(url) ? names.find((name) => logProtocols.includes(name)) : names[0]) ?? false;
}

export async function sendStream(webSocket: WebSocket, { path }: KubeRequest, stream: KubeStream): Promise<void> {
  webSocket.on('close', () => stream.close());
  webSocket.on('error', () => stream.close());
  const isBinary = isLog(path) && webSocket.protocol !== 'base64.binary.k8s.io';
  for (let piece = await stream.read(); piece; piece = await stream.read()) {
    const bytes = encodeBody(piece);
    webSocket.send(isBinary ? bytes : bytes.toString(isLog(path) ? 'base64' : 'utf8'));
  }
  webSocket.close(1000);
}
