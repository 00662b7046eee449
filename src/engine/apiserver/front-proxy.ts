// Whom a front proxy speaks for: it shows a certificate of its own and names the user in headers.
import type { UserInfo } from '../../api/request.ts';
import type { Certificate } from '../../base/x509.ts';
import type { TrustsCertificate } from './client-authority.ts';

/** As `--requestheader-…` say it; headers in lower case. */
export interface FrontProxy {
  readonly trusts: TrustsCertificate;
  /** Common names of its certificates; none: every one that is trusted. */
  readonly allowedNames: readonly string[];
  readonly names: readonly string[];
  readonly uids: readonly string[];
  readonly groups: readonly string[];
  /** What names of headers with more about the user begin with. */
  readonly extras: readonly string[];
}

export const usualHeaders = {
  names: ['x-remote-user'],
  groups: ['x-remote-group'],
  extras: ['x-remote-extra-'],
} as const;

/** Undefined: the request names nobody. */
export function proxiedUser(
  proxy: FrontProxy,
  certificate: Certificate,
  headers: Readonly<Record<string, string>>,
): UserInfo | undefined {
  const { allowedNames } = proxy;
  if (allowedNames.length > 0 && !allowedNames.includes(certificate.subject.commonName)) return undefined;
  const first = (names: readonly string[]): string =>
    names.map((name) => headers[name]?.split('\n')[0] ?? '').find((value) => value !== '') ?? '';
  const name = first(proxy.names);
  if (name === '') return undefined;
  const uid = first(proxy.uids);
  const groups = proxy.groups.flatMap((header) => headers[header]?.split('\n') ?? []);
  const extra = Object.entries(headers).flatMap(([header, value]) => {
    const prefix = proxy.extras.find((each) => header.startsWith(each));
    return prefix === undefined ? [] : [[unescaped(header.slice(prefix.length)), value.split('\n')] as const];
  });
  const authenticated = groups.includes('system:authenticated') ? groups : [...groups, 'system:authenticated'];
  return {
    name,
    ...(uid && { uid }),
    groups: authenticated,
    ...(extra.length > 0 && { extra: Object.fromEntries(extra) }),
  };
}

function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
