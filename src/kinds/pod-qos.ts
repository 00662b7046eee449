// A pod's quality of service class, from its containers' requests and limits.
import type { PodSpec, ResourceRequirements } from '../api/generated/types.ts';
import { parseQuantity } from '../api/quantity.ts';
import { remember } from './share.ts';

/** Guaranteed: cpu and memory limited everywhere, requests equal; BestEffort: nothing asked for; Burstable: the rest. */
export const qosClass = remember((spec: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' => {
  const all: readonly (ResourceRequirements | undefined)[] = spec.resources
    ? [spec.resources]
    : [...(spec.initContainers ?? []), ...(spec.containers ?? [])].map((container) => container.resources);
  let asked = false;
  let guaranteed = true;
  for (const resources of all) {
    for (const name of ['cpu', 'memory']) {
      const request = amount(resources?.requests?.[name]);
      const limit = amount(resources?.limits?.[name]);
      if (request || limit) asked = true;
      if (!limit || (request !== undefined && request !== limit)) guaranteed = false;
    }
  }
  return !asked ? 'BestEffort' : guaranteed ? 'Guaranteed' : 'Burstable';
});

/** As a comparable text; undefined when unset or zero. */
function amount(quantity: string | undefined): string | undefined {
  if (quantity === undefined) return undefined;
  const parsed = parseQuantity(quantity);
  return parsed.isZero() ? undefined : String(parsed.milliValue());
}
