// NodeName: a pod that names its node goes there. Such pods bypass the scheduler, so all nodes pass here.
import type { PluginFactory } from '../framework.ts';

export const nodeName: PluginFactory = () => ({
  name: 'NodeName',
  hints: [{ resource: 'Node', actions: ['add'] }],
});
