// The kubelet's own port (10250) on its machine: HTTPS for whoever may, by a token that the API server knows and what
// the API server says that its owner may do with the node. What it answers is what proxies get too (http-paths.ts).
//
// Left out: client certificates, and logs, exec and the like over this port: the API server reaches those directly.
import { nodes, subjectAccessReviews, tokenReviews } from '../../../api/generated/resources.ts';
import type { SubjectAccessReview, TokenReview } from '../../../api/generated/types.ts';
import type { KubeletAnswer } from '../../../api/kubelet.ts';
import type { NetworkHost, Socket } from '../../../api/network.ts';
import { ApiError } from '../../../api/status.ts';
import { CertificateAuthority } from '../../../base/certificate-authority.ts';
import { type HttpReply, type HttpRequest, httpListener } from '../../../base/http.ts';
import { tlsListener } from '../../../base/tls.ts';
import type { Client } from '../../client/client.ts';
import { TransportError } from '../../client/transport.ts';
import type { Scope } from '../../sim/scope.ts';
import type { Work } from '../../sim/work.ts';

export interface HttpsServerParts {
  readonly scope: Scope;
  readonly client: Client;
  readonly host: NetworkHost;
  readonly node: string;
  answer(path: string): KubeletAnswer;
}

const port = 10250;
/** As long as what the API server said is believed: upstream's cacheTTL, cacheAuthorizedTTL and cacheUnauthorizedTTL. */
const tokenMs = 120_000;
const allowedMs = 300_000;
const refusedMs = 30_000;

export function serveKubelet(parts: HttpsServerParts): void {
  const { scope, host, node } = parts;
  const guard = new Guard(parts);
  let certificate: string | undefined;
  const answer = httpListener((request, reply) =>
    scope.run(guard.serve(request), reply, () => reply({ status: 500, body: 'Internal Error' })),
  );
  const stop = host.listen(
    port,
    tlsListener<Socket>({
      certificate: () => {
        certificate ??= selfSigned(node, scope.now);
        return certificate;
      },
      accept: (socket) => answer.accept(socket),
    }),
  );
  if (stop) scope.onStop(stop);
}

/** For the node's name alone, by an authority that nobody else knows: why clients need --kubelet-insecure-tls. */
function selfSigned(node: string, at: number): string {
  const authority = new CertificateAuthority({
    seed: `kubelet/${node}`,
    name: `${node}-ca@${Math.floor(at / 1000)}`,
    since: at,
  });
  const subject = { commonName: `${node}@${Math.floor(at / 1000)}`, organizations: [] };
  return authority.issueWithKey({ subject, usages: ['server'], names: [node], at }).certificate;
}

type Person = NonNullable<TokenReview['status']>['user'];

interface Remembered<T> {
  readonly value: T;
  readonly until: number;
}

class Guard {
  private readonly people = new Map<string, Remembered<Person>>();
  private readonly rights = new Map<string, Remembered<boolean>>();

  constructor(private readonly parts: HttpsServerParts) {}

  *serve(request: HttpRequest): Work<HttpReply> {
    try {
      const person = yield* this.personOf(request);
      if (!person) return plain(401, 'Unauthorized');
      const path = request.target.split('?')[0] ?? '/';
      const verb = verbOf(request.method);
      const subresources = subresourcesOf(path);
      for (const subresource of subresources)
        if (yield* this.allows(person, verb, subresource)) return reply(this.parts.answer(request.target));
      const what = `user=${person.username}, verb=${verb}, resource=nodes, subresource(s)=[${subresources.join(' ')}]`;
      return plain(403, `Forbidden (${what})`);
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof TransportError)) throw error;
      return plain(500, `Authorization error: ${error.message}`);
    }
  }

  private *personOf({ headers }: HttpRequest): Work<Person | undefined> {
    const [scheme = '', token = ''] = headers.get('authorization')?.split(/\s+/) ?? [];
    if (scheme.toLowerCase() !== 'bearer' || token === '') return undefined;
    const known = this.people.get(token);
    if (known && known.until > this.parts.scope.now) return known.value;
    const review: TokenReview = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } };
    const { status } = yield* this.parts.client.create(tokenReviews, review);
    const value = status?.authenticated ? status.user : undefined;
    this.people.set(token, { value, until: this.parts.scope.now + tokenMs });
    return value;
  }

  private *allows(person: NonNullable<Person>, verb: string, subresource: string): Work<boolean> {
    const key = `${person.username} ${verb} ${subresource}`;
    const known = this.rights.get(key);
    if (known && known.until > this.parts.scope.now) return known.value;
    const { resource, version, group } = nodes;
    const resourceAttributes = { verb, group, version, resource, subresource, name: this.parts.node };
    const review: SubjectAccessReview = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: {
        user: person.username,
        uid: person.uid,
        groups: person.groups,
        extra: person.extra,
        resourceAttributes,
      },
    };
    const { status } = yield* this.parts.client.create(subjectAccessReviews, review);
    const value = status?.allowed ?? false;
    this.rights.set(key, { value, until: this.parts.scope.now + (value ? allowedMs : refusedMs) });
    return value;
  }
}

/** What of the node a path is about; any of them will do. */
function subresourcesOf(path: string): readonly string[] {
  const [, first = ''] = path.split('/');
  if (first === 'stats' || first === 'metrics') return [first];
  if (first === 'logs') return ['log'];
  if (first === 'pods' || first === 'runningpods') return ['pods', 'proxy'];
  if (first === 'healthz' || first === 'configz') return [first, 'proxy'];
  if (first === 'statusz') return [first];
  if (first === 'flagz') return ['configz'];
  return ['proxy'];
}

function verbOf(method: string): string {
  const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };
  return (Object.hasOwn(verbs, method) && verbs[method]) || 'get';
}

function reply({ status, body, type }: KubeletAnswer): HttpReply {
  const json = typeof body !== 'string';
  const contentType = type ?? (json ? 'application/json' : 'text/plain; charset=utf-8');
  return { status, headers: { 'Content-Type': contentType }, body: json ? JSON.stringify(body) : body };
}

function plain(status: number, body: string): HttpReply {
  return {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    body: `${body}${status === 403 ? '' : '\n'}`,
  };
}
