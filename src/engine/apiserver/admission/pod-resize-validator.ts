// PodResizeValidator: a pod does not grow beyond what its node has, and not at all on nodes that cannot do it.

import { alike } from '../../../api/alike.ts';
import type { Node, Pod } from '../../../api/generated/types.ts';
import { parseQuantity } from '../../../api/quantity.ts';
import { ApiError } from '../../../api/status.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import { podAmounts } from '../../../kinds/pod-amounts.ts';
import { refusal } from './admission-request.ts';
import type { AdmissionPlugin, Attributes } from './plugin.ts';
import { asPod } from './pod-spec.ts';

export const podResizeValidator: AdmissionPlugin = {
  name: 'PodResizeValidator',
  validate(object, attributes) {
    const { operation, resource, subresource, old, lookups } = attributes;
    if (operation !== 'update' || subresource !== 'resize' || !object || !old) return;
    if (resource.group !== '' || resource.resource !== 'pods') return;
    const pod = asPod(object);
    const { nodeName = '' } = pod.spec ?? {};
    if (nodeName === '' || alike(pod.spec, asPod(old).spec)) return;
    const node = lookups.get('nodes', undefined, nodeName) as Node | undefined; // edge: an object of that resource
    if (!node) throw refusal(attributes, object, `node ${JSON.stringify(nodeName)} not found`);
    const system = node.metadata?.labels?.['kubernetes.io/os'] ?? 'linux';
    if (system !== 'linux') {
      const text = `pod resize is only supported on linux nodes, node ${JSON.stringify(nodeName)} is ${JSON.stringify(system)}`;
      throw caused(attributes, object, { text, reason: 'UnsupportedPlatform' });
    }
    const problems = capacityProblems(pod, node);
    if (problems.length === 0) return;
    const text = `node didn't have enough allocatable resources: ${problems.join('; ')}`;
    throw caused(attributes, object, { text, reason: 'NodeCapacity' });
  },
};

function capacityProblems({ spec }: Pod, { status }: Node): readonly string[] {
  if (!spec) return [];
  const requests = podAmounts(spec, 'requests');
  return (['cpu', 'memory'] as const).flatMap((name) => {
    const [asked, there] = [requests, status?.allocatable].map((list) => parseQuantity(list?.[name] ?? '0'));
    if (!asked || !there || asked.compare(there) <= 0) return [];
    const count = name === 'cpu' ? (one: typeof asked) => one.milliValue() : (one: typeof asked) => one.value();
    return [`${name}, requested: ${count(asked)}, allocatable: ${count(there)}`];
  });
}

function caused(
  attributes: Attributes,
  object: StoredObject,
  { text, reason }: { readonly text: string; readonly reason: string },
): ApiError {
  const { status } = refusal(attributes, object, text);
  return new ApiError({ ...status, details: { ...status.details, causes: [{ reason }] } });
}
