// The members that a new cluster begins with, as --initial-cluster names them: `a=https://10.0.0.1:2380,b=…`.
import { quote } from '../../base/go/quote.ts';
import { EtcdutlError } from './etcdutl-command.ts';
import { peerUrlProblem } from './words.ts';

export interface InitialCluster {
  readonly token: string;
  readonly members: readonly { readonly name: string; readonly peerUrls: readonly string[] }[];
}

export interface ClusterFlags {
  /** Of the member that is meant. */
  readonly name: string;
  readonly members: string;
  readonly advertised: readonly string[];
  readonly token: string;
}

/** Throws EtcdutlError where the member is none of them, or is reached elsewhere than they say. */
export function initialCluster({ name, members: given, advertised, token }: ClusterFlags): InitialCluster {
  for (const url of advertised) checkUrl(url);
  const members = new Map<string, string[]>();
  for (const entry of given.split(',')) {
    const [, who = '', url = ''] = /^([^=]*)=?(.*)$/.exec(entry) ?? [];
    checkUrl(url);
    members.set(who, [...(members.get(who) ?? []), url].sort());
  }
  const own = members.get(name);
  if (!own) throw new EtcdutlError(`couldn't find local name ${quote(name)} in the initial cluster configuration`);
  const all = [...members.values()].flat();
  if (new Set(all).size < all.length) throw new EtcdutlError(`initial cluster ${given} has duplicate url`);
  checkAdvertised({ name, own, advertised });
  const sorted = [...members].sort(([a], [b]) => (a < b ? -1 : 1));
  return { token, members: sorted.map(([who, peerUrls]) => ({ name: who, peerUrls })) };
}

/** Throws EtcdutlError. */
function checkUrl(url: string): void {
  const problem = peerUrlProblem(url);
  if (problem) throw new EtcdutlError(problem);
}

interface Advertised {
  readonly name: string;
  readonly own: readonly string[];
  readonly advertised: readonly string[];
}

function checkAdvertised({ name, own, advertised }: Advertised): void {
  const named = (urls: readonly string[]): string => urls.map((url) => `${name}=${url}`).join(',');
  const missing = own.filter((url) => !advertised.includes(url));
  const [here = '', there = ''] = [quote(advertised[0] ?? ''), quote(own[0] ?? '')];
  const why =
    own.length === advertised.length
      ? `resolved urls: ${here} != ${there}`
      : `len(${quoted(advertised)}) != len(${quoted(own)})`;
  if (missing.length > 0)
    throw new EtcdutlError(
      `--initial-cluster has ${named(missing)} but missing from --initial-advertise-peer-urls=${advertised.join(',')} (${why})`,
    );
  const surplus = advertised.filter((url) => !own.includes(url)).join(',');
  if (surplus !== '')
    throw new EtcdutlError(
      `--initial-advertise-peer-urls has ${surplus} but missing from --initial-cluster=${named(advertised)}`,
    );
}

function quoted(urls: readonly string[]): string {
  return `[${urls.map((url) => quote(url)).join(' ')}]`;
}
