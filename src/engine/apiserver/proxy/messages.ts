// HTTP messages on their way through a proxy: which headers go on, and the body as bytes.
import type { KubeBody } from '../../../api/ports.ts';
import { encodeUtf8 } from '../../../base/bytes.ts';

/** Headers that are about one connection and not about the message. */
const hopByHop = new Set([
  'connection',
  'proxy-connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** Credentials are for the API server; the body's length is counted anew. */
const notPassedOn = new Set(['authorization', 'content-length', 'accept-encoding']);

/** A request's headers as they go on. */
export function onwardHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const kept = Object.entries(headers).filter(
    ([name]) =>
      !hopByHop.has(name) &&
      !notPassedOn.has(name) &&
      !name.startsWith('impersonate-') &&
      !name.startsWith('x-remote-'),
  );
  const named = kept.map(([name, value]) => [canonical(name), value] as const);
  return { ...Object.fromEntries(named), 'X-Forwarded-For': '127.0.0.1' };
}

/** The same of a request that asks for another protocol. */
export function upgradeHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { ...onwardHeaders(headers), Connection: 'Upgrade', Upgrade: headers.upgrade ?? '' };
}

/** An answer's headers without those of the connection that it came on. */
export function onlyOfMessage(headers: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...headers].filter(([name]) => !hopByHop.has(name)));
}

export function bytesOf(body: KubeBody | undefined): Uint8Array | undefined {
  if (!body) return undefined;
  if (body.kind === 'bytes') return body.bytes;
  return encodeUtf8(body.kind === 'text' ? body.text : JSON.stringify(body.value));
}

/** `content-type` → `Content-Type`. */
function canonical(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
