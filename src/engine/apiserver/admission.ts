// Admission: plugins that complete or refuse what was asked for, after authorization and before storage.

import type { StoredObject } from '../../kinds/kind.ts';
import { certificateApproval, certificateRequester, certificateSigning } from './admission/certificates.ts';
import { defaultIngressClass } from './admission/default-ingress-class.ts';
import { defaultTolerationSeconds } from './admission/default-toleration-seconds.ts';
import { limitRanger } from './admission/limit-ranger.ts';
import { namespaceLifecycle } from './admission/namespace-lifecycle.ts';
import { nodeRestriction } from './admission/node-restriction.ts';
import type { AdmissionPlugin, AdmissionSettings, Attributes } from './admission/plugin.ts';
import { podSecurity } from './admission/pod-security.ts';
import { mutatingPolicies } from './admission/policies/mutating-policies.ts';
import { validatingPolicies } from './admission/policies/validating-policies.ts';
import { priority } from './admission/priority.ts';
import { resourceQuota } from './admission/resource-quota.ts';
import { runtimeClass } from './admission/runtime-class.ts';
import { serviceAccount } from './admission/service-account.ts';
import { defaultStorageClass, persistentVolumeClaimResize, storageObjectInUseProtection } from './admission/storage.ts';
import { taintNodesByCondition } from './admission/taint-nodes-by-condition.ts';
import { mutatingWebhooks } from './admission/webhooks/mutating-webhooks.ts';
import { validatingWebhooks } from './admission/webhooks/validating-webhooks.ts';

/** In the order in which upstream runs them. */
const plugins: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  limitRanger,
  serviceAccount,
  nodeRestriction,
  taintNodesByCondition,
  podSecurity,
  priority,
  defaultTolerationSeconds,
  defaultStorageClass,
  storageObjectInUseProtection,
  persistentVolumeClaimResize,
  runtimeClass,
  certificateRequester,
  certificateApproval,
  certificateSigning,
  defaultIngressClass,
  mutatingPolicies,
  mutatingWebhooks,
  validatingPolicies,
  validatingWebhooks,
  resourceQuota,
];

/** Plugins that there are, by their names. */
export const simulatedPlugins: ReadonlySet<string> = new Set(plugins.map(({ name }) => name));

export class AdmissionChain {
  private active: readonly AdmissionPlugin[];
  settings: AdmissionSettings = {};

  constructor(options: { readonly disabled?: readonly string[] } = {}) {
    this.active = plugins.filter((plugin) => !options.disabled?.includes(plugin.name));
  }

  /** Switches plugins off by their names. */
  disable(names: readonly string[]): void {
    this.active = this.active.filter((plugin) => !names.includes(plugin.name));
  }

  admit(object: StoredObject, attributes: Attributes): StoredObject {
    return rounds(this.active, object, attributes);
  }

  validate(object: StoredObject | undefined, attributes: Attributes): void {
    for (const plugin of this.active) plugin.validate?.(object, attributes);
  }

  /** For what is no object of the resource's own kind, e.g. an Eviction: only policies and webhooks make sense of it. */
  admitPart(object: StoredObject, attributes: Attributes): StoredObject {
    const active = this.active.filter(({ takesParts }) => takesParts);
    return rounds(active, object, attributes);
  }

  /** As admitPart, for what has been admitted. */
  validatePart(object: StoredObject | undefined, attributes: Attributes): void {
    for (const plugin of this.active) if (plugin.takesParts) plugin.validate?.(object, attributes);
  }
}

/** Plugins come a second time where one has changed what another has seen. */
function rounds(active: readonly AdmissionPlugin[], object: StoredObject, attributes: Attributes): StoredObject {
  const { reinvocation } = attributes;
  const admitted = round(active, object, attributes);
  if (!reinvocation.needed) return admitted;
  reinvocation.second = true;
  return round(active, admitted, attributes);
}

function round(active: readonly AdmissionPlugin[], object: StoredObject, attributes: Attributes): StoredObject {
  let admitted = object;
  for (const plugin of active) if (plugin.admit) admitted = plugin.admit(admitted, attributes);
  return admitted;
}
