// Manifests from the web: `-f https://…`, over the machine's network.
import { ConnectionError } from '../../api/ports.ts';
import type { Process } from '../../api/program.ts';
import { decodeUtf8 } from '../../base/bytes.ts';
import { type HttpResponse, httpGet } from '../../base/http.ts';
import { connectionSocket } from '../connection-socket.ts';
import { CommandError, UnreachableError } from '../errors.ts';

const redirectsMax = 10;

export async function fetchText(process: Process, url: string): Promise<string> {
  let at = url;
  for (let redirects = 0; redirects <= redirectsMax; redirects++) {
    const response = await get(process, at);
    const location = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && location !== undefined) {
      at = location;
      continue;
    }
    if (response.status === 200) return decodeUtf8(response.body);
    const status = `${response.status} ${response.statusText}`.trim();
    throw new CommandError(
      `unable to read URL ${JSON.stringify(url)}, server reported ${status}, status code=${response.status}`,
    );
  }
  throw new CommandError(`Get ${JSON.stringify(url)}: stopped after ${redirectsMax} redirects`);
}

async function get(process: Process, url: string): Promise<HttpResponse> {
  const [, scheme = '', host = '', port, path = '/'] =
    /^(https?):\/\/(\[[0-9a-fA-F:]+\]|[^/?#:]*)(?::(\d{1,5}))?([/?][^#]*)?/.exec(url) ?? [];
  if (host === '') throw new CommandError(`the URL passed to filename ${JSON.stringify(url)} is not valid`);
  const target = { host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? (scheme === 'https' ? 443 : 80)) };
  try {
    const connection = await process.network.dial(process.machine.id, target, process.cancel);
    return await new Promise<HttpResponse>((resolve, reject) => {
      const dialer = {
        dial: (_: unknown, events: Parameters<Parameters<typeof httpGet>[0]['dial']>[1]) => {
          events.connected(connectionSocket(connection));
          return () => connection.close();
        },
      };
      httpGet(
        dialer,
        { ...target, path },
        {
          response: resolve,
          failed: (message) => reject(new ConnectionError(message)),
        },
      );
    });
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    throw new UnreachableError('GET', url, dialWords(error.message, `${host}:${target.port}`));
  }
}

/** Go says to where it wanted to connect. */
function dialWords(message: string, address: string): string {
  return message.startsWith('connect:') ? `dial tcp ${address}: ${message}` : message;
}
