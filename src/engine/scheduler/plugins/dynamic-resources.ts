// DynamicResources: as far as it shows without resource claims: what it says when a pod without claims fits nowhere.
// Pods with claims are refused with a message that names what is not simulated.
import type { PluginFactory } from '../framework.ts';
import { unresolvable, unschedulable } from '../rejection.ts';

const name = 'DynamicResources';

export const dynamicResources: PluginFactory = () => ({
  name,
  preFilter: ({ pod }) =>
    pod.spec?.resourceClaims?.length
      ? unresolvable(name, 'dynamic resource allocation is not simulated: spec.resourceClaims cannot be satisfied')
      : undefined,
  // Upstream looks for what its own preparation left behind; when another plugin ended the cycle before, that is missing.
  postFilter: (_pod, { steps }) => ({
    rejection: steps
      ? unschedulable(name, 'no new claims to deallocate')
      : { code: 'error', plugin: name, reasons: ['not found'] },
  }),
});
