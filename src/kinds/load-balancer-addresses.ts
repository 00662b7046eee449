// The addresses that a load balancer has, as tables show them.
import { compareText } from '../api/go-format.ts';

/** Addresses, or names where there is no address, each once and sorted. */
export function loadBalancerAddresses(
  ingress: readonly { readonly ip?: string | undefined; readonly hostname?: string | undefined }[] | undefined,
): readonly string[] {
  const found = (ingress ?? []).flatMap(({ ip, hostname }) => ip || hostname || []);
  return [...new Set(found)].sort(compareText);
}
