// NodeUnschedulable: cordoned nodes take no pods but those that tolerate it.
import type { Node } from '../../../api/generated/types.ts';
import type { PluginFactory } from '../framework.ts';
import { tolerates } from '../node-selector.ts';
import { unresolvable } from '../rejection.ts';

const cordoned = unresolvable('NodeUnschedulable', 'node(s) were unschedulable');
const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

export const nodeUnschedulable: PluginFactory = () => ({
  name: 'NodeUnschedulable',
  nodeFilter: ({ tolerations }, node) =>
    node.cordoned && !tolerations.some((toleration) => tolerates(toleration, taint)) ? cordoned : undefined,
  hints: [
    {
      resource: 'Node',
      actions: ['add', 'taint'],
      helps: (_pod, _old, current: Node | undefined) => current?.spec?.unschedulable !== true,
    },
    { resource: 'Pod', actions: ['toleration'], helps: (pod, _old, current) => current?.metadata?.uid === pod.uid },
  ],
});
