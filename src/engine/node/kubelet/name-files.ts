// How a pod finds names: its resolver's settings, and the /etc/hosts and /etc/resolv.conf that its containers see.
import type { Pod, PodSpec } from '../../../api/generated/types.ts';
import type { DnsSettings } from '../../../api/network.ts';
import type { Sandbox } from '../runtime/runtime.ts';
import { type KubeletParts, podHostname } from './pod-context.ts';

/** Undefined: as the node's own. */
export function dnsSettings(
  { clusterDns }: KubeletParts,
  namespace: string,
  spec: PodSpec | undefined,
): DnsSettings | undefined {
  const own = spec?.dnsConfig;
  const ndots = Number(own?.options?.find(({ name }) => name === 'ndots')?.value ?? 0);
  const policy = spec?.dnsPolicy ?? 'ClusterFirst';
  const cluster = policy === 'ClusterFirstWithHostNet' || (policy === 'ClusterFirst' && !spec?.hostNetwork);
  if (!cluster && policy !== 'None') return undefined;
  const searches = [`${namespace}.svc.cluster.local`, 'svc.cluster.local', 'cluster.local'];
  return {
    servers: [...(cluster ? [clusterDns] : []), ...(own?.nameservers ?? [])],
    searches: [...(cluster ? searches : []), ...(own?.searches ?? [])],
    ndots: ndots || (cluster ? 5 : 1),
  };
}

/** Names that the pod knows without asking anybody, with their addresses. */
export function knownNames(pod: Pod): ReadonlyMap<string, string> | undefined {
  const aliases = pod.spec?.hostAliases;
  if (!aliases) return undefined;
  return new Map(aliases.flatMap(({ ip, hostnames = [] }) => hostnames.map((name) => [name, ip] as const)));
}

/** What the kubelet writes over an image's own files. */
export function nameFiles(parts: KubeletParts, pod: Pod, sandbox: Sandbox): ReadonlyMap<string, string> {
  const dns = dnsSettings(parts, pod.metadata?.namespace ?? '', pod.spec);
  return new Map([
    ['/etc/hosts', hostsFile(parts, pod, sandbox)],
    ['/etc/resolv.conf', dns ? resolverFile(dns, pod.spec) : nodeResolverFile],
  ]);
}

const nodeResolverFile = 'nameserver 172.18.0.1\noptions edns0 trust-ad ndots:0\n';

function resolverFile({ servers, searches, ndots }: DnsSettings, spec: PodSpec | undefined): string {
  const others = (spec?.dnsConfig?.options ?? []).filter(({ name }) => name !== 'ndots');
  const options = [`ndots:${ndots}`, ...others.map(({ name, value }) => (value ? `${name}:${value}` : `${name}`))];
  return [
    ...(searches.length > 0 ? [`search ${searches.join(' ')}`] : []),
    ...servers.map((server) => `nameserver ${server}`),
    `options ${options.join(' ')}`,
    '',
  ].join('\n');
}

function hostsFile(parts: KubeletParts, pod: Pod, { ips, hostNetwork }: Sandbox): string {
  const hostname = podHostname(parts, pod);
  const { subdomain } = pod.spec ?? {};
  const full = subdomain ? `${hostname}.${subdomain}.${pod.metadata?.namespace}.svc.cluster.local\t` : '';
  const aliases = pod.spec?.hostAliases ?? [];
  return [
    `# Kubernetes-managed hosts file${hostNetwork ? ' (host network)' : ''}.`,
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    'fe00::0\tip6-localnet',
    'fe00::0\tip6-mcastprefix',
    'fe00::1\tip6-allnodes',
    'fe00::2\tip6-allrouters',
    ...ips.map((ip) => `${ip}\t${full}${hostname}`),
    ...(aliases.length > 0 ? ['', '# Entries added by HostAliases.'] : []),
    ...aliases.map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join('\t')}`),
    '',
  ].join('\n');
}
