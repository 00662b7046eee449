// Creating and deleting pods from a template on behalf of an owner, with the events that tell about it.
import { pods } from '../../../api/generated/resources.ts';
import type { OwnerReference, Pod, PodTemplateSpec } from '../../../api/generated/types.ts';
import type { KubeObject } from '../../../api/meta.ts';
import { ApiError, isNotFound } from '../../../api/status.ts';
import type { Client } from '../../client/client.ts';
import type { EventRecorder } from '../../client/events.ts';
import type { Work } from '../../sim/work.ts';
import type { KindName } from './kind-name.ts';

/** Names of pods keep this much of their owner's name. */
const prefixMax = 253;

export class PodControl {
  constructor(
    private readonly client: Client,
    private readonly events: EventRecorder,
    private readonly ownerKind: KindName,
  ) {}

  *create(owner: KubeObject, pod: Pod): Work<Pod> {
    try {
      const created = yield* this.client.create(pods, pod);
      this.tell(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata?.name}`);
      return created;
    } catch (error) {
      if (error instanceof ApiError && !isNamespaceTerminating(error))
        this.tell(owner, 'Warning', 'FailedCreate', `Error creating: ${error.message}`);
      throw error;
    }
  }

  /** Throws NotFound silently: the pod is gone already. */
  *delete(owner: KubeObject, pod: Pod): Work<void> {
    const { namespace, name = '' } = pod.metadata ?? {};
    try {
      yield* this.client.delete(pods, { namespace, name });
    } catch (error) {
      if (!isNotFound(error) && error instanceof ApiError)
        this.tell(owner, 'Warning', 'FailedDelete', `Error deleting: ${error.message}`);
      throw error;
    }
    this.tell(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
  }

  private tell(owner: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.events.record(owner, { type, reason, message }, this.ownerKind);
  }
}

/** The pod that a template asks for; its name is generated from the owner's. */
export function podFromTemplate(
  template: PodTemplateSpec | undefined,
  owner: KubeObject,
  reference: OwnerReference,
): Pod {
  const { labels, annotations, finalizers } = template?.metadata ?? {};
  const prefix = `${(owner.metadata?.name ?? '').slice(0, prefixMax)}-`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: prefix,
      namespace: owner.metadata?.namespace,
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [reference],
    },
    ...(template?.spec && { spec: template.spec }),
  };
}

/** Whether a creation was refused because its namespace is being deleted. */
export function isNamespaceTerminating(error: ApiError): boolean {
  return error.status.details?.causes?.some((cause) => cause.reason === 'NamespaceTerminating') ?? false;
}
