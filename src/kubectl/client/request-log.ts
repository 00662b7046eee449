// What `-v=6` and above print of each request and response (client-go's round trippers).
import type { KubeBody, KubeRequest } from '../../api/ports.ts';
import type { Process } from '../../api/program.ts';
import type { ConnectionSettings } from '../config/client-config.ts';
import { klogLine } from '../klog.ts';
import type { Output } from '../output.ts';
import { bodyText } from './body.ts';

export class RequestLog {
  private startedAt = 0;

  constructor(
    private readonly given: {
      readonly settings: ConnectionSettings;
      readonly process: Process;
      readonly output: Output;
      readonly verbosity: number;
    },
  ) {}

  request(wire: KubeRequest): void {
    const { verbosity, settings } = this.given;
    this.startedAt = this.given.process.clock.now();
    if (verbosity >= 8) this.body('Request Body', wire.body);
    if (verbosity < 7) return;
    const url = `${settings.server}${wire.path}`;
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
    const { verbosity, settings, process } = this.given;
    if (verbosity < 6) return;
    const ms = Math.floor(process.clock.now() - this.startedAt);
    const status = `status="${reply.status} ${reasons[reply.status] ?? ''}"`;
    const verb = verbosity === 6 ? `verb="${wire.method}" url="${settings.server}${wire.path}" ` : '';
    const headers = verbosity >= 8 ? ` headers=<\n${headerLines(reply.headers)} >` : '';
    this.line('round_trippers.go:632', `"Response" ${verb}${status}${headers} milliseconds=${ms}`);
    if (verbosity >= 8 && body) this.body('Response Body', body);
  }

  /** Long bodies are cut: after 1024 characters at 8, after 10240 at 9. */
  private body(title: string, body: KubeBody | undefined): void {
    const text = !body ? '' : body.kind === 'json' ? JSON.stringify(body.value) : bodyText(body);
    const { verbosity } = this.given;
    const max = verbosity >= 10 ? text.length : verbosity >= 9 ? 10_240 : 1024;
    const shown = text.length > max ? `${text.slice(0, max)} [truncated ${text.length - max} chars]` : text;
    this.line('helper.go:113', `"${title}" body=${JSON.stringify(shown)}`);
  }

  private line(place: string, text: string): void {
    this.given.output.err(klogLine(this.given.process, 'I', place, text));
  }
}

function headerLines(headers: Readonly<Record<string, string>>): string {
  return Object.keys(headers)
    .sort()
    .map((name) => {
      const value = name === 'authorization' ? (headers[name] ?? '').replace(/ .*/, ' <masked>') : headers[name];
      return `\t${name.replace(/(^|-)[a-z]/g, (found) => found.toUpperCase())}: ${value}\n`;
    })
    .join('');
}

function curl(wire: KubeRequest, url: string): string {
  const headers = Object.entries(wire.headers ?? {}).map(
    ([name, value]) => ` -H "${name.replace(/(^|-)[a-z]/g, (found) => found.toUpperCase())}: ${value}"`,
  );
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
