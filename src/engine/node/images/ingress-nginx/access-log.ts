// A line of the controller's access log: nginx's own format, then who answered.
import type { HttpRequest } from '../../../../base/http.ts';
import { logTime } from '../log-time.ts';

/** A request and what is known of its connection. */
export interface Incoming {
  readonly request: HttpRequest;
  readonly scheme: 'http' | 'https';
  readonly remoteIp: string;
}

export interface AccessLine {
  readonly incoming: Incoming;
  readonly status: number;
  readonly bytes: number;
  readonly began: number;
  readonly now: number;
  readonly id: string;
  /** Whom it was passed to, and what they said; only the name where it was nobody. */
  readonly upstream: {
    readonly name: string;
    readonly address?: string;
    readonly status?: number;
    readonly bytes?: number;
  };
}

export function accessLine({ incoming, status, bytes, began, now, id, upstream }: AccessLine): string {
  const { request, remoteIp } = incoming;
  const first = `${request.method} ${request.target} ${request.version}`;
  const agent = request.headers.get('user-agent') ?? '-';
  const referer = request.headers.get('referer') ?? '-';
  const seconds = ((now - began) / 1000).toFixed(3);
  const size =
    first.length + [...request.headers].reduce((sum, [name, value]) => sum + name.length + value.length + 4, 4);
  const answered =
    upstream.address === undefined
      ? '- - - -'
      : `${upstream.address} ${upstream.bytes ?? bytes} ${seconds} ${upstream.status ?? status}`;
  return `${remoteIp} - - [${logTime(now)}] "${first}" ${status} ${bytes} "${referer}" "${agent}" ${size} ${seconds} [${upstream.name}] [] ${answered} ${id}\n`;
}
