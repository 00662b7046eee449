// Admission: plugins that complete or refuse what was asked for, after authorization and before storage.

import type { StoredObject } from '../../kinds/kind.ts';
import { defaultTolerationSeconds } from './admission/default-toleration-seconds.ts';
import { namespaceLifecycle } from './admission/namespace-lifecycle.ts';
import type { AdmissionPlugin, Attributes } from './admission/plugin.ts';
import { priority } from './admission/priority.ts';
import { serviceAccount } from './admission/service-account.ts';
import { taintNodesByCondition } from './admission/taint-nodes-by-condition.ts';

/** In the order in which upstream runs them. */
const plugins: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  serviceAccount,
  taintNodesByCondition,
  priority,
  defaultTolerationSeconds,
];

export class AdmissionChain {
  private readonly active: readonly AdmissionPlugin[];

  constructor(options: { readonly disabled?: readonly string[] } = {}) {
    this.active = plugins.filter((plugin) => !options.disabled?.includes(plugin.name));
  }

  admit(object: StoredObject, attributes: Attributes): StoredObject {
    let admitted = object;
    for (const plugin of this.active) if (plugin.admit) admitted = plugin.admit(admitted, attributes);
    return admitted;
  }

  validate(object: StoredObject | undefined, attributes: Attributes): void {
    for (const plugin of this.active) plugin.validate?.(object, attributes);
  }
}
