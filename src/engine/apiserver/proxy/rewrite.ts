// What comes from behind a proxy speaks of its own paths: redirects and links of pages are made to lead through the proxy.
import { decodeUtf8, encodeUtf8 } from '../../../base/bytes.ts';
import { rewriteLinks } from '../../../base/html-links.ts';
import type { HttpResponse } from '../../../base/http.ts';

/** What was asked for. */
export interface Page {
  /** What leads to the proxy, e.g. `/api/v1/namespaces/default/pods/web/proxy`. */
  readonly prefix: string;
  /** What follows, e.g. `/index.html`. */
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
  /** The host that the client named. */
  readonly asked: string;
}

/** Whether the body is a page whose links are to be rewritten. */
export function isRewritten(headers: HttpResponse['headers']): boolean {
  const isPage = headers.get('content-type')?.split(';')[0]?.trim() === 'text/html';
  return isPage && !headers.has('content-encoding') && !headers.has('location');
}

/** `host`: who answered. */
export function rewritten(
  response: Pick<HttpResponse, 'status' | 'headers' | 'body'>,
  { page, host }: { readonly page: Page; readonly host: string },
): Pick<HttpResponse, 'status' | 'headers' | 'body'> {
  const { status, headers, body } = response;
  const place = headers.get('location');
  if (place) return { status, headers: new Map([...headers, ['location', through(place, page, host)]]), body };
  if (!isRewritten(headers)) return response;
  const shown = encodeUtf8(rewriteLinks(decodeUtf8(body), (address) => through(address, page, host)));
  return { status, headers: new Map([...headers, ['content-length', String(shown.length)]]), body: shown };
}

/** An address as it is reached through the proxy; addresses elsewhere and relative ones stay. */
function through(address: string, { prefix, asked }: Page, host: string): string {
  const [, named, path = ''] = /^(?:(?:[a-z][a-z0-9+.-]*:)?\/\/([^/?#]*))?(.*)$/i.exec(address) ?? [];
  const elsewhere = named !== undefined && named !== host && named !== asked;
  if (elsewhere || !path.startsWith('/')) return address;
  return path.startsWith(prefix) ? path : prefix + path;
}
