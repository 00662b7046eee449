// Serves requests as nginx does with the controller's configuration: finds the location, redirects, or asks an endpoint
// of the backend and hands its answer on. Left out: answers are passed on whole, and connections are not upgraded.
import { type HttpReply, type HttpRequest, type HttpResponse, httpGet } from '../../../../base/http.ts';
import { canonicalHeader } from '../../../../base/http-streams.ts';
import type { RandomStream } from '../../../sim/random.ts';
import type { NativeContext } from '../define-image.ts';
import { type AccessLine, accessLine, type Incoming } from './access-log.ts';
import type { Canary } from './annotations.ts';
import type { Backend, Configuration, Location, Server } from './configuration.ts';
import type { Endpoint } from './endpoints.ts';
import { locationFor, rewritten, serverFor } from './match.ts';
import { errorAnswer, redirectAnswer } from './nginx-answers.ts';
import type { Settings } from './settings.ts';

export interface ProxyParts {
  readonly context: NativeContext;
  readonly random: RandomStream;
  configuration(): Configuration;
  settings(): Settings;
  /** Those that are ready. */
  endpoints(backend: Backend): readonly Endpoint[];
}

const triesMax = 3;
const connectTimeoutMs = 5000;
/** The default backend is a server of the same nginx. */
const defaultBackend = { name: 'upstream-default-backend', address: '127.0.0.1:8181' };

export class ReverseProxy {
  /** Whose turn it is, by backend. */
  private readonly turns = new Map<string, number>();

  constructor(private readonly parts: ProxyParts) {}

  handle(incoming: Incoming, reply: (answer: HttpReply) => void): void {
    const { request } = incoming;
    const [host = ''] = (request.headers.get('host') ?? '').split(':');
    const [path = '/'] = request.target.split('?');
    const server = serverFor(this.parts.configuration(), host);
    const location = server && locationFor(server, path);
    const moved = server && location && this.redirect(incoming, { server, location, host, path });
    const call = new Call(this.parts, incoming, host, reply);
    if (moved) call.answer(moved);
    else if (!location?.ingress) call.answer(errorAnswer(404), { name: defaultBackend.name, ...notFoundAt });
    else this.pass(call, location);
  }

  private redirect(
    { request, scheme }: Incoming,
    at: { readonly server: Server; readonly location: Location; readonly host: string; readonly path: string },
  ): HttpReply | undefined {
    const { annotations } = at.location;
    const { sslRedirect = this.parts.settings().sslRedirect } = annotations;
    const secure = annotations.forceSslRedirect || (sslRedirect && at.server.secret !== undefined);
    if (scheme === 'http' && secure) return redirectAnswer(308, `https://${at.host}${request.target}`);
    if (annotations.redirect) return redirectAnswer(annotations.redirect.status, annotations.redirect.to);
    if (annotations.appRoot !== undefined && at.path === '/')
      return redirectAnswer(302, `${scheme}://${at.host}${annotations.appRoot}`);
    return undefined;
  }

  private pass(call: Call, location: Location): void {
    const { canary } = location;
    const backend = canary && this.goesToCanary(call.incoming.request, canary.rule) ? canary.backend : location.backend;
    const endpoints = backend ? this.parts.endpoints(backend) : [];
    const name = backend ? `${backend.namespace}-${backend.service}-${backend.port}` : '';
    if (endpoints.length === 0) {
      call.answer(errorAnswer(503), { name });
      return;
    }
    const turn = this.turns.get(name) ?? 0;
    this.turns.set(name, turn + 1);
    const inTurn = endpoints
      .map((_, i) => endpoints[(turn + i) % endpoints.length])
      .filter((each) => each !== undefined);
    call.ask(inTurn.slice(0, triesMax), { name, path: rewritten(location, call.incoming.request.target) });
  }

  private goesToCanary({ headers }: HttpRequest, rule: Canary): boolean {
    const said = rule.header === undefined ? undefined : headers.get(rule.header.toLowerCase());
    if (said !== undefined && rule.headerValue !== undefined) {
      if (said === rule.headerValue) return true;
    } else if (said === 'always' || said === 'never') return said === 'always';
    const cookie = rule.cookie === undefined ? undefined : cookieIn(headers.get('cookie') ?? '', rule.cookie);
    if (cookie === 'always' || cookie === 'never') return cookie === 'always';
    return this.parts.random.fraction() * rule.weightTotal < rule.weight;
  }
}

const notFoundAt = { address: defaultBackend.address, status: 404 };

/** One request until its answer. */
class Call {
  private readonly began: number;
  private readonly id: string;

  constructor(
    private readonly parts: ProxyParts,
    readonly incoming: Incoming,
    private readonly host: string,
    private readonly reply: (answer: HttpReply) => void,
  ) {
    this.began = parts.context.scope.now;
    this.id = parts.random.hex(16);
  }

  /** Asks the first; the next one where a connection fails. */
  ask([endpoint, ...others]: readonly Endpoint[], upstream: { readonly name: string; readonly path: string }): void {
    if (!endpoint) return;
    const { request } = this.incoming;
    const { ip, port } = endpoint;
    const at = { name: upstream.name, address: `${ip}:${port}` };
    const { method, body } = request;
    httpGet(
      this.parts.context.network,
      { host: ip, port, path: upstream.path, method, headers: this.headers(), body, timeoutMs: connectTimeoutMs },
      {
        response: (response) =>
          this.answer(replyOf(response), { ...at, status: response.status, bytes: response.body.length }),
        failed: (message) => {
          if (others.length > 0) this.ask(others, upstream);
          else this.answer(errorAnswer(message.includes('timeout') ? 504 : 502), at);
        },
      },
    );
  }

  answer(answer: HttpReply, upstream: AccessLine['upstream'] = { name: '' }): void {
    const { context, settings } = this.parts;
    const { request, scheme } = this.incoming;
    const { now } = context.scope;
    const { 'Content-Type': type, ...rest } = answer.headers ?? {};
    const length = String(answer.body?.length ?? 0);
    const { hsts } = settings();
    this.reply({
      ...answer,
      headers: {
        Date: new Date(Math.floor(now)).toUTCString(),
        ...(type === undefined ? {} : { 'Content-Type': type }),
        ...(rest['Content-Length'] === undefined ? { 'Content-Length': length } : {}),
        ...(request.headers.get('connection') === 'close' ? {} : { Connection: 'keep-alive' }),
        ...rest,
        ...(scheme === 'https' && hsts !== undefined ? { 'Strict-Transport-Security': hsts } : {}),
      },
    });
    const { began, id, incoming } = this;
    context.stdout(accessLine({ incoming, status: answer.status, bytes: Number(length), began, now, id, upstream }));
  }

  private headers(): Readonly<Record<string, string>> {
    const { request, scheme, remoteIp } = this.incoming;
    const given = [...request.headers].filter(([name]) => !hopByHop.has(name) && !forwarded.test(name));
    const port = scheme === 'http' ? '80' : '443';
    return {
      Host: this.host,
      'X-Request-ID': this.id,
      'X-Real-IP': remoteIp,
      'X-Forwarded-For': remoteIp,
      'X-Forwarded-Host': this.host,
      'X-Forwarded-Port': port,
      'X-Forwarded-Proto': scheme,
      'X-Forwarded-Scheme': scheme,
      'X-Scheme': scheme,
      ...Object.fromEntries(given.map(([name, value]) => [canonicalHeader(name), value])),
    };
  }
}

const hopByHop = new Set(['connection', 'host', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'content-length']);
/** Nobody outside is believed what they say of this. */
const forwarded = /^x-(forwarded-.*|real-ip|request-id|scheme)$/;

function replyOf({ status, statusText, headers, body }: HttpResponse): HttpReply {
  const kept = [...headers].filter(([name]) => !hopByHop.has(name) && name !== 'date' && name !== 'server');
  return {
    status,
    statusText,
    headers: Object.fromEntries(kept.map(([name, value]) => [canonicalHeader(name), value])),
    body,
  };
}

function cookieIn(header: string, name: string): string | undefined {
  for (const part of header.split(';'))
    if (part.trim().startsWith(`${name}=`)) return part.trim().slice(name.length + 1);
  return undefined;
}
