// What the trace and the audit say of a request: who asked, from where, and about what.
import type { Node } from '../../api/generated/types.ts';
import type { ApiRequest, UserInfo } from '../../api/request.ts';
import type { AdmissionLookups } from './admission/plugin.ts';
import { nodeUserPrefix } from './authorizer.ts';

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

/** Where a kubelet's requests come from; undefined: it is none, or its node has told no address. */
export function nodeAddressOf({ name }: UserInfo, lookups: AdmissionLookups): string | undefined {
  const node = name.startsWith(nodeUserPrefix) ? name.slice(nodeUserPrefix.length) : '';
  const found = node === '' ? undefined : lookups.get('nodes', undefined, node);
  const { status } = (found ?? {}) as Node; // edge: an object of that resource
  return status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
}
