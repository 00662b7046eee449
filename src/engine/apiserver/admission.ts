// Admission: plugins that complete or refuse what was asked for, after authorization and before storage.

import { late } from '../../base/late.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import {
  certificateApproval,
  certificateRequester,
  certificateSigning,
  certificateSubjectRestriction,
} from './admission/certificates.ts';
import { defaultIngressClass } from './admission/default-ingress-class.ts';
import { defaultTolerationSeconds } from './admission/default-toleration-seconds.ts';
import { latePlugin } from './admission/late-plugin.ts';
import { namespaceLifecycle } from './admission/namespace-lifecycle.ts';
import { nodeDeclaredFeatureValidator } from './admission/node-declared-feature-validator.ts';
import { nodeRestriction } from './admission/node-restriction.ts';
import type { AdmissionPlugin, AdmissionSettings, Attributes } from './admission/plugin.ts';
import { isChosen, isOptional, type PluginChoice, pluginNames, usualChoice } from './admission/plugin-names.ts';
import { podTopologyLabels } from './admission/pod-topology-labels.ts';
import { priority } from './admission/priority.ts';
import { runtimeClass } from './admission/runtime-class.ts';
import { serviceAccount } from './admission/service-account.ts';
import { defaultStorageClass, persistentVolumeClaimResize, storageObjectInUseProtection } from './admission/storage.ts';
import { taintNodesByCondition } from './admission/taint-nodes-by-condition.ts';

/** Those that may run where no flag says so. */
const plugins: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  latePlugin('LimitRanger'),
  serviceAccount,
  nodeRestriction,
  taintNodesByCondition,
  latePlugin('PodSecurity'),
  priority,
  defaultTolerationSeconds,
  defaultStorageClass,
  storageObjectInUseProtection,
  persistentVolumeClaimResize,
  runtimeClass,
  certificateApproval,
  certificateSigning,
  certificateSubjectRestriction,
  defaultIngressClass,
  podTopologyLabels,
  nodeDeclaredFeatureValidator,
  latePlugin('PodResizeValidator'),
  latePlugin('MutatingAdmissionPolicy', { takesParts: true }),
  latePlugin('MutatingAdmissionWebhook', { takesParts: true }),
  latePlugin('ValidatingAdmissionPolicy', { takesParts: true }),
  latePlugin('ValidatingAdmissionWebhook', { takesParts: true }),
  latePlugin('ResourceQuota'),
];

const optional = late('admission plugins', () => import('./admission/optional/optional-plugins.ts'));

export class AdmissionChain {
  settings: AdmissionSettings = {};
  private active = chosen(usualChoice);
  /** Those of the active that make sense of what is no object of the resource's own kind. */
  private parts = this.active.filter(({ takesParts }) => takesParts);

  get names(): readonly string[] {
    return this.active.map(({ name }) => name);
  }

  /** Decides anew which plugins run. */
  choose(choice: PluginChoice): void {
    this.active = chosen(choice);
    this.parts = this.active.filter(({ takesParts }) => takesParts);
  }

  admit(object: StoredObject, attributes: Attributes): StoredObject {
    return rounds(this.active, object, attributes);
  }

  validate(object: StoredObject | undefined, attributes: Attributes): void {
    for (const plugin of this.active) plugin.validate?.(object, attributes);
  }

  /** For what is no object of the resource's own kind, e.g. an Eviction: few plugins make sense of it. */
  admitPart(object: StoredObject, attributes: Attributes): StoredObject {
    return rounds(this.parts, object, attributes);
  }

  /** As admitPart, for what has been admitted. */
  validatePart(object: StoredObject | undefined, attributes: Attributes): void {
    for (const plugin of this.parts) plugin.validate?.(object, attributes);
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

/** In upstream's order. The requester of a certificate is written down whatever the flags say. */
function chosen(choice: PluginChoice): readonly AdmissionPlugin[] {
  const names = pluginNames.filter((name) => isChosen(name, choice));
  const known = new Map(plugins.map((plugin) => [plugin.name, plugin]));
  if (names.some((name) => isOptional(name)))
    for (const plugin of optional().optionalPlugins) known.set(plugin.name, plugin);
  return [certificateRequester, ...names.flatMap((name) => known.get(name) ?? [])];
}
