// Admission: plugins that complete or refuse what was asked for, after authorization and before storage.

import type { ApiRequest } from '../../api/request.ts';
import { forbidden } from '../../api/status.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import { defaultTolerationSeconds } from './admission/default-toleration-seconds.ts';
import { namespaceLifecycle } from './admission/namespace-lifecycle.ts';
import { priority } from './admission/priority.ts';
import { serviceAccount } from './admission/service-account.ts';
import { taintNodesByCondition } from './admission/taint-nodes-by-condition.ts';
import type { ServedResource } from './served-resource.ts';

/** What plugins may look up: the server's own caches. */
export interface AdmissionLookups {
  get(resource: string, namespace: string | undefined, name: string): StoredObject | undefined;
  list(resource: string, namespace?: string): readonly StoredObject[];
  /** Five letters for a generated name. */
  randomSuffix(): string;
}

export interface Attributes {
  readonly operation: 'create' | 'update' | 'delete' | 'connect';
  readonly request: ApiRequest;
  readonly resource: ServedResource;
  readonly namespace: string;
  readonly name: string;
  /** What is there before an update or a deletion. */
  readonly old: StoredObject | undefined;
  readonly dryRun: boolean;
  readonly lookups: AdmissionLookups;
  warn(text: string): void;
}

export interface AdmissionPlugin {
  /** Upstream's name, as `--enable-admission-plugins` takes it. */
  readonly name: string;
  /** Returns the object to go on with: the same one where nothing is to be changed. */
  admit?(object: StoredObject, attributes: Attributes): StoredObject;
  /** Throws ApiError to refuse. `object` is undefined for a deletion. */
  validate?(object: StoredObject | undefined, attributes: Attributes): void;
}

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

/** `pods "x" is forbidden: TEXT`: how a plugin refuses. */
export function refused({ resource, name }: Attributes, text: string): Error {
  return forbidden(resource, name, text);
}
