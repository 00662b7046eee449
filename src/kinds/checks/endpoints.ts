// What is wrong with Endpoints.
import type { Endpoints } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { validateEndpoints } from '../validation/endpoint-slices.ts';
import { ipWarnings } from '../validation/ip-address.ts';

export const endpointsChecks = defineChecks<Endpoints>({
  group: '',
  kind: 'Endpoints',
  validate: (endpoints, errors) => validateEndpoints(endpoints, errors),
  validateUpdate: (endpoints, old, errors) => validateEndpoints(endpoints, errors, old),
  warnings: addressWarnings,
});

/** The server's own controller writes addresses as they should be. */
function addressWarnings({ metadata, subsets = [] }: Endpoints): readonly string[] {
  if (metadata?.labels?.['endpoints.kubernetes.io/managed-by'] === 'endpoint-controller') return [];
  return subsets.flatMap((subset, i) =>
    (['addresses', 'notReadyAddresses'] as const).flatMap((list) =>
      (subset[list] ?? []).flatMap(({ ip }, j) => ipWarnings(`subsets[${i}].${list}[${j}].ip`, ip)),
    ),
  );
}
