// What the trace says of a request: who asked, and about what.
import type { ApiRequest } from '../../api/request.ts';

/** Who asked, from the user agent: `kube-controller-manager/v1.36.2 deployment-controller` → `deployment-controller`. */
export function clientOf({ userAgent }: ApiRequest): string {
  const agent = userAgent.startsWith('kube-controller-manager/')
    ? userAgent.slice(userAgent.indexOf(' ') + 1)
    : userAgent;
  const version = agent.indexOf('/');
  return version === -1 ? agent : agent.slice(0, version);
}

export function subjectOf({ resource, subresource, namespace, name, body }: ApiRequest): string {
  const own = name ?? nameIn(body);
  return `${resource}${subresource ? `/${subresource}` : ''} ${namespace ? `${namespace}/` : ''}${own}`;
}

function nameIn(body: unknown): string {
  const metadata = typeof body === 'object' && body !== null && 'metadata' in body ? body.metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null) return '';
  const { name, generateName } = metadata as { readonly name?: unknown; readonly generateName?: unknown }; // edge: only shown
  return String(name ?? generateName ?? '');
}
