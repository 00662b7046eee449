// A page as a browser on the learner's machine gets it: redirects followed, failures in a browser's words.
import type { FetchedPage } from '../api/desktop.ts';
import { ConnectionError, type NetworkPort } from '../api/ports.ts';
import { decodeUtf8 } from '../base/bytes.ts';
import {
  HttpError,
  type HttpResponse,
  type HttpTarget,
  headerOf,
  parseUrl,
  sendRequest,
} from '../shell/http/http-client.ts';

const redirectsMax = 20;
const bodyBytesMax = 1024 * 1024;
const learner = 'learner';

export async function fetchPage(network: NetworkPort, address: string): Promise<FetchedPage> {
  let url = address;
  for (let redirects = 0; redirects <= redirectsMax; redirects++) {
    const target = parseUrl(url);
    if (!target) return failed(url, 'ERR_INVALID_URL', 'This address is not one that a browser understands.');
    try {
      const response = await get(network, target);
      const location = headerOf(response, 'location');
      if (location === undefined || response.status < 300 || response.status > 399)
        return await page(urlOf(target), response);
      url = location.startsWith('/') ? `${target.scheme}://${target.host}:${target.port}${location}` : location;
    } catch (error) {
      return failure(urlOf(target), target, error);
    }
  }
  return failed(url, 'ERR_TOO_MANY_REDIRECTS', 'This page redirected you too many times.');
}

async function get(network: NetworkPort, target: HttpTarget): Promise<HttpResponse> {
  if (target.scheme === 'https') throw new HttpError('malformed');
  const connection = await network.dial(learner, target);
  const host = target.port === 80 ? target.host : `${target.host}:${target.port}`;
  return sendRequest(connection, {
    method: 'GET',
    path: target.path,
    headers: [
      ['Host', host],
      ['Connection', 'close'],
      ['User-Agent', 'Mozilla/5.0 (X11; Linux x86_64) Tabernetes'],
      ['Accept', 'text/html,application/xhtml+xml,*/*;q=0.8'],
    ],
  });
}

async function page(url: string, response: HttpResponse): Promise<FetchedPage> {
  const pieces: string[] = [];
  let bytes = 0;
  for await (const piece of response.body) {
    if (bytes < bodyBytesMax) pieces.push(decodeUtf8(piece.subarray(0, bodyBytesMax - bytes)));
    bytes += piece.length;
    if (bytes >= bodyBytesMax) break;
  }
  return {
    kind: 'page',
    url,
    status: response.status,
    statusText: response.statusLine.split(' ').slice(2).join(' '),
    contentType: headerOf(response, 'content-type') ?? 'text/plain',
    body: pieces.join(''),
    cut: bytes >= bodyBytesMax,
  };
}

function failure(url: string, { host, scheme }: HttpTarget, error: unknown): FetchedPage {
  if (error instanceof HttpError) {
    if (scheme === 'https')
      return failed(url, 'ERR_SSL_PROTOCOL_ERROR', `${host} sent an invalid response, or this browser cannot do TLS.`);
    if (error.kind === 'empty') return failed(url, 'ERR_EMPTY_RESPONSE', `${host} didn’t send any data.`);
    return failed(url, 'ERR_INVALID_HTTP_RESPONSE', `${host} sent an invalid response.`);
  }
  if (!(error instanceof ConnectionError)) throw error;
  if (/refused/.test(error.message)) return failed(url, 'ERR_CONNECTION_REFUSED', `${host} refused to connect.`);
  if (/no such host|lookup/.test(error.message))
    return failed(url, 'ERR_NAME_NOT_RESOLVED', `${host}’s server IP address could not be found.`);
  if (/no route/.test(error.message)) return failed(url, 'ERR_ADDRESS_UNREACHABLE', `${host} is unreachable.`);
  return failed(url, 'ERR_CONNECTION_TIMED_OUT', `${host} took too long to respond.`);
}

function failed(url: string, code: string, message: string): FetchedPage {
  return { kind: 'failed', url, code, message };
}

function urlOf({ scheme, host, port, path }: HttpTarget): string {
  return `${scheme}://${host}${port === 80 ? '' : `:${port}`}${path}`;
}
