// How an object is called in a sentence: `Deployment web` of `deployments default/web`.
import * as handles from '../../api/generated/resources.ts';

const kinds: ReadonlyMap<string, string> = new Map(
  Object.values(handles).map(({ resource, kind }) => [resource, kind] as const),
);

export interface ObjectWords {
  /** Plural, e.g. `deployments`. */
  readonly resource: string;
  readonly subresource: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** Parts of a trace step's subject, e.g. `pods/binding default/web-1`. */
export function parseSubject(subject: string): ObjectWords {
  const space = subject.indexOf(' ');
  const [resource = '', subresource] = subject.slice(0, space === -1 ? undefined : space).split('/');
  const own = space === -1 ? '' : subject.slice(space + 1);
  const slash = own.indexOf('/');
  return {
    resource,
    subresource,
    namespace: slash === -1 ? undefined : own.slice(0, slash),
    name: own.slice(slash + 1),
  };
}

/** Parts of an API path; undefined for what names no resource (discovery, health). */
export function parsePath(path: string): ObjectWords | undefined {
  const parts = path.split('/').filter(Boolean).map(decodeURIComponent);
  const rest = parts[0] === 'api' ? parts.slice(2) : parts[0] === 'apis' ? parts.slice(3) : [];
  const inNamespace = rest[0] === 'namespaces' && rest.length > 2;
  const [resource, name = '', subresource] = inNamespace ? rest.slice(2) : rest;
  if (resource === undefined) return undefined;
  return { resource, subresource, namespace: inNamespace ? rest[1] : undefined, name };
}

export function kindOf(resource: string): string {
  return kinds.get(resource) ?? resource;
}

/** `Deployment web`, `Pod kube-system/coredns-…`; a name that is still to be generated is left open. */
export function inWords({ resource, namespace, name }: ObjectWords): string {
  const place = namespace === undefined || namespace === 'default' ? '' : `${namespace}/`;
  return `${kindOf(resource)} ${place}${name}${name.endsWith('-') ? '…' : ''}`.trim();
}
