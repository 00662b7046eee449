// SchedulingGates: a pod with gates stays out of the queue until the last of them is removed.
import type { PluginFactory } from '../framework.ts';
import { unresolvable } from '../rejection.ts';

export const schedulingGates: PluginFactory = () => ({
  name: 'SchedulingGates',
  preEnqueue: ({ pod }) => {
    const gates = pod.spec?.schedulingGates ?? [];
    if (gates.length === 0) return undefined;
    return unresolvable(
      'SchedulingGates',
      `waiting for scheduling gates: [${gates.map(({ name }) => name).join(' ')}]`,
    );
  },
  hints: [
    {
      resource: 'Pod',
      actions: ['gates-eliminated'],
      helps: (pod, _old, current) => current?.metadata?.uid === pod.uid,
    },
  ],
});
