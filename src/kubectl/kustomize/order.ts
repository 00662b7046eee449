// The order in which kustomize gives objects out: what others need first.
import { textAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';

const first = `Namespace ResourceQuota StorageClass CustomResourceDefinition ServiceAccount PodSecurityPolicy Role
ClusterRole RoleBinding ClusterRoleBinding ConfigMap Secret Endpoints Service LimitRange PriorityClass
PersistentVolume PersistentVolumeClaim Deployment StatefulSet CronJob PodDisruptionBudget`.split(/\s+/);
const last = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

export function inOrder(objects: readonly JsonObject[]): readonly JsonObject[] {
  const key = (object: JsonObject) => {
    const kind = textAt(object, 'kind');
    const early = first.indexOf(kind);
    const rank = early >= 0 ? early - first.length : last.includes(kind) ? 1 : 0;
    const identity = [
      textAt(object, 'apiVersion'),
      kind,
      textAt(object, 'metadata.namespace'),
      textAt(object, 'metadata.name'),
    ];
    return { object, rank, text: identity.join('|') };
  };
  const sorted = objects.map(key).sort((a, b) => a.rank - b.rank || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  return sorted.map(({ object }) => object);
}
