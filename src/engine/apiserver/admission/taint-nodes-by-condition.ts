// TaintNodesByCondition: a new node carries the not-ready taint until it says that it is ready.
import type { Node } from '../../../api/generated/types.ts';
import type { AdmissionPlugin } from './plugin.ts';

const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  admit(object, { operation, resource, request }) {
    if (operation !== 'create' || resource.group !== '' || resource.resource !== 'nodes' || request.subresource)
      return object;
    const node: Node = object as Node; // edge: an object of the nodes resource
    const taints = node.spec?.taints ?? [];
    if (taints.some((taint) => taint.key === notReady.key && taint.effect === notReady.effect)) return object;
    return { ...object, spec: { ...node.spec, taints: [...taints, notReady] } };
  },
};
