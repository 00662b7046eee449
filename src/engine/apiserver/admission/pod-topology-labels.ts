// PodTopologyLabels: a pod that gets a node gets the labels of that node's zone and region.
import type { Binding } from '../../../api/generated/types.ts';
import { extend } from '../../../base/extend.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import type { AdmissionPlugin, Attributes } from './plugin.ts';
import { asPod } from './pod-spec.ts';

const copied = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];

export const podTopologyLabels: AdmissionPlugin = {
  name: 'PodTopologyLabels',
  takesParts: true,
  admit(object, attributes) {
    const node = nodeOf(object, attributes);
    const labels = node && attributes.lookups.get('nodes', undefined, node)?.metadata?.labels;
    if (!labels) return object;
    const found = copied.filter((key) => Object.hasOwn(labels, key)).map((key) => [key, labels[key] ?? ''] as const);
    if (found.length === 0) return object;
    const { metadata } = object;
    const all = { ...metadata?.labels, ...Object.fromEntries(found) };
    return extend(object, { metadata: extend(metadata ?? {}, { labels: all }) });
  },
};

/** The node that a new pod or a binding names. */
function nodeOf(object: StoredObject, { operation, resource, subresource }: Attributes): string | undefined {
  if (operation !== 'create' || resource.group !== '' || resource.resource !== 'pods') return undefined;
  if (!subresource) return asPod(object).spec?.nodeName || undefined;
  if (subresource !== 'binding') return undefined;
  const { target } = object as Binding; // edge: the body of the binding subresource
  return target.kind === 'Node' ? target.name : undefined;
}
