// A pod's resource claims on its node: their drivers would prepare the devices. There are no drivers here, so that what
// is allocated can never be prepared, and the pod waits as it does without its driver.
import type { Pod, ResourceClaim } from '../../../api/generated/types.ts';
import { ApiError } from '../../../api/status.ts';
import type { Work } from '../../sim/work.ts';
import type { ObjectSource } from './object-source.ts';

/** Why the claims are not ready, in upstream's words; undefined: they are, or there are none. */
export function* devicesProblem(sources: ObjectSource, { metadata, spec, status }: Pod): Work<string | undefined> {
  const extended = status?.extendedResourceClaimStatus;
  const own = extended ? [{ name: '', resourceClaimName: extended.resourceClaimName }] : [];
  for (const { name: reference, resourceClaimName } of [...(spec?.resourceClaims ?? []), ...own]) {
    const made = status?.resourceClaimStatuses?.find(({ name }) => name === reference);
    const name = resourceClaimName ?? made?.resourceClaimName;
    if (name === undefined && made) continue;
    const pod = `${metadata?.namespace}/${metadata?.name}`;
    if (name === undefined) return `pod "${pod}": ResourceClaim not created yet`;
    const claim = yield* found(sources, metadata?.namespace ?? '', name);
    if (claim instanceof ApiError) return `fetch ResourceClaim ${name}: ${claim.message}`;
    if (!claim) return `fetch ResourceClaim ${name}: resourceclaims.resource.k8s.io "${name}" not found`;
    if (!claim.status?.reservedFor?.some(({ uid }) => uid === metadata?.uid))
      return `pod ${metadata?.name} (${metadata?.uid}) is not allowed to use ResourceClaim ${name} (${claim.metadata?.uid})`;
    const [first] = claim.status.allocation?.devices?.results ?? [];
    if (first) return `DRA driver ${first.driver} is not registered`;
  }
  return undefined;
}

function* found(sources: ObjectSource, namespace: string, name: string): Work<ResourceClaim | ApiError | undefined> {
  try {
    return yield* sources.resourceClaim(namespace, name);
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}
