// What `-v=6` and above print of each request and response (client-go's round trippers).
import type { KubeBody, KubeRequest } from '../../api/ports.ts';
import type { Process } from '../../api/program.ts';
import { encodeUtf8 } from '../../base/bytes.ts';
import { klogLine } from '../klog.ts';
import type { Output } from '../output.ts';
import { bodyText } from './body.ts';

/** How much of a body is shown at a verbosity. */
const shownMax: Readonly<Record<number, number>> = { 8: 1024, 9: 10_240 };

export class RequestLog {
  private startedAt = 0;

  constructor(
    private readonly given: {
      /** The server without a path. */
      readonly origin: string;
      readonly process: Process;
      readonly output: Output;
      readonly verbosity: number;
    },
  ) {}

  request(wire: KubeRequest): void {
    const { verbosity } = this.given;
    this.startedAt = this.given.process.clock.now();
    if (verbosity >= 8) this.body('Request Body', wire, wire.method === 'PATCH' ? '' : '\n');
    if (verbosity < 7) return;
    const url = this.urlOf(wire);
    if (verbosity >= 9) this.line('round_trippers.go:527', `"Request" curlCommand=<\n\t${curl(wire, url)}\n >`);
    else
      this.line(
        'round_trippers.go:527',
        `"Request" verb="${wire.method}" url="${url}" headers=<\n${headerLines(wire.headers ?? {})} >`,
      );
  }

  response(
    wire: KubeRequest,
    reply: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
    body?: KubeBody,
  ): void {
    const { verbosity, process } = this.given;
    if (verbosity < 6) return;
    const ms = Math.floor(process.clock.now() - this.startedAt);
    const status = `status="${reply.status} ${reasons[reply.status] ?? ''}"`;
    const isTimed = verbosity === 6 || verbosity >= 9;
    const verb = isTimed ? `verb="${wire.method}" url="${this.urlOf(wire)}" ` : '';
    const headers = verbosity >= 8 ? ` headers=<\n${headerLines(this.sentHeaders(reply.headers, body))} >` : '';
    if (verbosity >= 9) this.line('round_trippers.go:562', this.dialed());
    const parts = verbosity >= 9 ? ` ${this.timing(ms)}` : '';
    this.line('round_trippers.go:632', `"Response" ${verb}${status}${headers} milliseconds=${ms}${parts}`);
    if (verbosity >= 8 && body) this.body('Response Body', { ...wire, body });
  }

  private urlOf(wire: KubeRequest): string {
    return this.given.origin + wire.path;
  }

  private dialed(): string {
    const { origin } = this.given;
    const host = origin.replace(/^[a-z]+:\/\//, '');
    const address = /:\d+$/.test(host) ? host : `${host}:${origin.startsWith('https:') ? 443 : 80}`;
    return `"HTTP Trace: Dial succeed" network="tcp" address="${address}"`;
  }

  /** Connecting takes no time of its own here: all of it is the server's. */
  private timing(ms: number): string {
    const parts = { dnsLookup: 0, dial: 0, tlsHandshake: 0, serverProcessing: ms };
    return Object.entries(parts)
      .map(([part, taken]) => `${part}Milliseconds=${taken}`)
      .join(' ');
  }

  /** What a server adds as the answer goes out, where it goes over no wire. */
  private sentHeaders(
    headers: Readonly<Record<string, string>>,
    body: KubeBody | undefined,
  ): Readonly<Record<string, string>> {
    const date = headers.date ?? new Date(this.given.process.clock.now()).toUTCString();
    const isWhole = body !== undefined && headers['transfer-encoding'] === undefined;
    const length = isWhole ? { 'content-length': String(encodeUtf8(sentText(body)).length) } : {};
    return { ...length, ...headers, date };
  }

  private body(title: string, { method, path, body }: KubeRequest, end = '\n'): void {
    const text = body === undefined ? '' : sentText(body, end);
    const max = shownMax[this.given.verbosity] ?? text.length;
    const shown = text.length > max ? `${text.slice(0, max)} [truncated ${text.length - max} chars]` : text;
    this.line(placeOf(method, path), `"${title}" body=${logValue(shown)}`);
  }

  private line(place: string, text: string): void {
    this.given.output.err(klogLine(this.given.process, 'I', place, text));
  }
}

/** A body as it goes over the wire: Go's encoder ends each document with a line break, patches are only marshalled. */
function sentText(body: KubeBody, end = '\n'): string {
  return body.kind === 'json' ? JSON.stringify(body.value) + end : bodyText(body);
}

/** A text as klog writes it: quoted, or, of several lines, between angle brackets. */
function logValue(text: string): string {
  if (!text.includes('\n')) return JSON.stringify(text);
  const lines = text.replace(/\n$/, '').split('\n');
  return `<\n${lines.map((line) => `\t${line}\n`).join('')} >`;
}

/** The line of client-go's helper that asked. */
function placeOf(method: string, path: string): string {
  if (method === 'POST') return 'helper.go:246';
  if (method === 'PATCH') return 'helper.go:269';
  if (method === 'PUT') return 'helper.go:319';
  if (method === 'DELETE') return 'helper.go:202';
  const [bare = ''] = path.split('?');
  const depth = bare.split('/').filter(Boolean).length - (bare.startsWith('/api/') ? 2 : 3);
  const isNamed = bare.includes('/namespaces/') ? depth > 3 : depth > 1;
  return isNamed ? 'helper.go:105' : 'helper.go:113';
}

function headerLines(headers: Readonly<Record<string, string>>): string {
  return Object.keys(headers)
    .sort()
    .map((name) => {
      const value = name === 'authorization' ? (headers[name] ?? '').replace(/ .*/, ' <masked>') : headers[name];
      return `\t${headerName(name)}: ${value}\n`;
    })
    .join('');
}

function headerName(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (found) => found.toUpperCase());
}

function curl(wire: KubeRequest, url: string): string {
  const headers = Object.entries(wire.headers ?? {}).map(([name, value]) => {
    const shown = name === 'authorization' ? value.replace(/ .*/, ' <masked>') : value;
    return ` -H "${headerName(name)}: ${shown}"`;
  });
  return `curl -v -X${wire.method} ${headers.join('')} '${url}'`;
}

const reasons: Readonly<Record<number, string>> = {
  101: 'Switching Protocols',
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  410: 'Gone',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};
