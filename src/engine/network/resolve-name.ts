// What a resolver does with a short name: tries it under each search domain, or as it is first when it has enough dots.
import type { DnsSettings } from '../../api/network.ts';

/** Tries names in order until one exists; tells how many it asked for. */
export function resolveName(
  name: string,
  { searches, ndots }: DnsSettings,
  lookup: (name: string) => readonly string[] | undefined,
): { readonly ips: readonly string[]; readonly queries: number } {
  const absolute = name.replace(/\.$/, '');
  const underSearches = searches.map((domain) => `${absolute}.${domain}`);
  const dots = absolute.split('.').length - 1;
  const candidates = name.endsWith('.')
    ? [absolute]
    : dots >= ndots
      ? [absolute, ...underSearches]
      : [...underSearches, absolute];
  let queries = 0;
  for (const candidate of candidates) {
    queries++;
    const ips = lookup(candidate.toLowerCase());
    if (ips && ips.length > 0) return { ips, queries };
  }
  return { ips: [], queries };
}
