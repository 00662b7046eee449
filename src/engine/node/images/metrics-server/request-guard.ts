// Who may ask metrics-server: those whom the front proxy names, or whose token the API server knows, if the API server
// says that they may. What an extension server of Kubernetes delegates.
import { configMaps, subjectAccessReviews, tokenReviews } from '../../../../api/generated/resources.ts';
import type { SubjectAccessReview, TokenReview } from '../../../../api/generated/types.ts';
import type { UserInfo } from '../../../../api/request.ts';
import { ApiError, apiError, forbidden, unauthorized } from '../../../../api/status.ts';
import { verifies } from '../../../../base/certificate-authority.ts';
import { DerError } from '../../../../base/der.ts';
import type { HttpRequest } from '../../../../base/http.ts';
import { decodePem } from '../../../../base/pem.ts';
import { readCertificate } from '../../../../base/x509.ts';
import type { Client } from '../../../client/client.ts';
import type { Scope } from '../../../sim/scope.ts';
import type { Work } from '../../../sim/work.ts';
import { type Asked, group, version } from './metrics-api.ts';

/** What kube-system's extension-apiserver-authentication says of the front proxy. */
export interface FrontProxy {
  readonly authority: string;
  readonly allowedNames: readonly string[];
}

/** Throws ApiError where it may not be read. */
export function* readFrontProxy(client: Client): Work<FrontProxy> {
  const { data = {} } = yield* client.get(configMaps, {
    namespace: 'kube-system',
    name: 'extension-apiserver-authentication',
  });
  const names: unknown = JSON.parse(data['requestheader-allowed-names'] ?? '[]');
  return {
    authority: data['requestheader-client-ca-file'] ?? '',
    allowedNames: Array.isArray(names) ? names.map(String) : [],
  };
}

/** As long as an answer is believed. */
const cacheMs = 10_000;

export class RequestGuard {
  /** Certificates that were found to be the front proxy's. */
  private readonly trusted = new Set<string>();
  private readonly rights = new Map<string, { readonly allowed: boolean; readonly until: number }>();

  constructor(
    private readonly scope: Scope,
    private readonly client: Client,
    private readonly frontProxy: FrontProxy,
  ) {}

  /** Throws ApiError. `certificate`: PEM of what the client has shown. */
  *check(request: HttpRequest, asked: Asked | undefined, certificate: string | undefined): Work<void> {
    const user = yield* this.userOf(request, certificate);
    if (!user) throw unauthorized('Unauthorized');
    if (user.groups.includes('system:masters')) return;
    const path = request.target.split('?')[0] ?? '/';
    const verb = asked && asked.name === undefined ? 'list' : 'get';
    if (yield* this.allows(user, { verb, path, asked })) return;
    const { resource = '', namespace, name = '' } = asked ?? {};
    const where = namespace === undefined ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
    const text = asked
      ? `User ${JSON.stringify(user.name)} cannot ${verb} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(group)} ${where}`
      : `User ${JSON.stringify(user.name)} cannot get path ${JSON.stringify(path)}`;
    throw forbidden({ group: asked ? group : '', resource }, name, text);
  }

  private *userOf({ headers }: HttpRequest, certificate: string | undefined): Work<UserInfo | undefined> {
    const name = headers.get('x-remote-user');
    if (name !== undefined && certificate !== undefined && this.isFrontProxy(certificate))
      return { name, groups: withAuthenticated(headers.get('x-remote-group')?.split(', ') ?? []) };
    const [scheme = '', token = ''] = headers.get('authorization')?.split(/\s+/) ?? [];
    if (scheme.toLowerCase() !== 'bearer' || token === '')
      return { name: 'system:anonymous', groups: ['system:unauthenticated'] };
    const review: TokenReview = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } };
    const { status } = yield* this.client.create(tokenReviews, review);
    if (!status?.authenticated) return undefined;
    return { name: status.user?.username ?? '', groups: status.user?.groups ?? [] };
  }

  private isFrontProxy(certificate: string): boolean {
    if (this.trusted.has(certificate)) return true;
    const { authority, allowedNames } = this.frontProxy;
    try {
      const bytes = decodePem('CERTIFICATE', certificate);
      const root = decodePem('CERTIFICATE', authority);
      if (!bytes || !root) return false;
      const { signed, signature, subject } = readCertificate(bytes);
      const { point } = readCertificate(root);
      const named = allowedNames.length === 0 || allowedNames.includes(subject.commonName);
      const good = named && verifies({ point }, signed, { format: 'der', signature });
      if (good) this.trusted.add(certificate);
      return good;
    } catch (error) {
      if (error instanceof DerError) return false;
      throw error;
    }
  }

  private *allows(
    user: UserInfo,
    { verb, path, asked }: { readonly verb: string; readonly path: string; readonly asked: Asked | undefined },
  ): Work<boolean> {
    const key = `${user.name}\n${verb}\n${path}`;
    const known = this.rights.get(key);
    if (known && known.until > this.scope.now) return known.allowed;
    const about = asked
      ? { resourceAttributes: { verb, group, version, ...asked } }
      : { nonResourceAttributes: { verb, path } };
    const review: SubjectAccessReview = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user: user.name, groups: user.groups, ...about },
    };
    const { status } = yield* this.client.create(subjectAccessReviews, review);
    const allowed = status?.allowed ?? false;
    if (this.rights.size >= rightsMax) this.rights.clear();
    this.rights.set(key, { allowed, until: this.scope.now + cacheMs });
    return allowed;
  }
}

const rightsMax = 1000;

/** What became of asking the API server, as an answer of one's own. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return apiError({
    code: 500,
    reason: 'InternalError',
    message: error instanceof Error ? error.message : String(error),
  });
}

/** Whoever has a name is authenticated, unless the front proxy says what they are. */
function withAuthenticated(groups: readonly string[]): readonly string[] {
  const said = groups.some((each) => each === 'system:authenticated' || each === 'system:unauthenticated');
  return said ? groups : [...groups, 'system:authenticated'];
}
