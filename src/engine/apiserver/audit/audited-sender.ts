// Who sends an HTTP request that may be audited: from here on it is noted, also where nobody is known to send it.
import type { KubeRequest } from '../../../api/ports.ts';
import type { UserInfo } from '../../../api/request.ts';
import { ApiError } from '../../../api/status.ts';
import { type Attributes, placeOf } from '../authorizer.ts';
import type { RequestMemory } from '../request-memory.ts';
import type { Route } from '../router.ts';
import type { Auditor } from './auditor.ts';
import { isLongRunning } from './long-running.ts';

export interface AuditedExchange {
  readonly auditor: Auditor;
  readonly memory: RequestMemory;
  readonly auditId: string;
  readonly route: Route;
  readonly request: KubeRequest;
  /** Where clients outside the cluster's network come from. */
  readonly outside: string;
}

/** Throws Unauthorized. */
export function auditedSender(
  exchange: AuditedExchange,
  authenticator: {
    userOfRequest(request: KubeRequest): UserInfo;
    notesOf(user: UserInfo): Readonly<Record<string, string>>;
  },
): UserInfo {
  const { memory, request } = exchange;
  try {
    const user = authenticator.userOfRequest(request);
    if (!memory.audit) {
      memory.audit = begin(exchange, user);
      for (const [key, value] of Object.entries(authenticator.notesOf(user))) memory.audit?.annotate(key, value);
    }
    return user;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    memory.audit ??= begin(exchange, undefined);
    memory.audit?.unauthenticated(attempted(request));
    throw error;
  }
}

function begin({ auditor, auditId, route, request, outside }: AuditedExchange, user: UserInfo | undefined) {
  const { headers = {}, method, path, remote } = request;
  const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
  return auditor.begin({
    auditId,
    uri: path,
    verb: route.kind === 'resource' ? route.verb : verb,
    user,
    userAgent: headers['user-agent'] ?? '',
    sourceIps: sourceIps(headers, remote ?? outside),
    attributes: attributesOf(route, verb),
    version: route.kind === 'resource' ? route.version : '',
    longRunning: route.kind === 'resource' && isLongRunning(route),
  });
}

function attributesOf(route: Route, verb: string): Attributes {
  if (route.kind === 'path') return { kind: 'path', verb, path: route.path };
  return { ...route, namespace: placeOf(route), name: route.name ?? '' };
}

/** Those that passed it on, then who is connected. */
function sourceIps(headers: Readonly<Record<string, string>>, remote: string): readonly string[] {
  const forwarded = (headers['x-forwarded-for'] ?? '').split(',').map((ip) => ip.trim());
  const real = headers['x-real-ip'] ?? '';
  return [...new Set([...forwarded, real, remote])].filter((ip) => ip !== '');
}

function attempted({ headers = {}, tls }: KubeRequest): string {
  const [scheme = '', token] = (headers.authorization ?? '').trim().split(' ');
  const methods = [
    ...(scheme.toLowerCase() === 'basic' && token ? ['basic'] : []),
    ...(scheme.toLowerCase() === 'bearer' && token ? ['bearer'] : []),
    ...(tls?.certificate ? ['x509'] : []),
  ];
  return methods.length > 0
    ? `Authentication failed, attempted: ${methods.join(', ')}`
    : 'Authentication failed, no credentials provided';
}
