// NodePorts: the host ports that a pod wants must be free on the node.
import type { Pod } from '../../../api/generated/types.ts';
import type { PluginFactory } from '../framework.ts';
import { unschedulable } from '../rejection.ts';

const taken = unschedulable('NodePorts', "node(s) didn't have free ports for the requested pod ports");

export const nodePorts: PluginFactory = () => ({
  name: 'NodePorts',
  nodeFilter: ({ ports }, node) => (ports.length > 0 && node.hasPortConflict(ports) ? taken : undefined),
  hints: [
    {
      resource: 'Pod',
      actions: ['delete'],
      helps: ({ template: { ports } }, old: Pod | undefined) =>
        Boolean(old?.spec?.nodeName) &&
        (old?.spec?.containers ?? []).some((container) =>
          (container.ports ?? []).some(({ hostPort }) => ports.some(({ port }) => port === hostPort)),
        ),
    },
    { resource: 'Node', actions: ['add'] },
  ],
});
