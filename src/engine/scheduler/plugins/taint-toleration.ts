// TaintToleration: hard taints must be tolerated; nodes with fewer untolerated PreferNoSchedule taints are better.
import type { Node } from '../../../api/generated/types.ts';
import type { PluginFactory } from '../framework.ts';
import { hardEffects, tolerates, untoleratedTaint } from '../node-selector.ts';
import { normalizeToHundred } from '../normalize.ts';
import { unresolvable } from '../rejection.ts';

const untolerated = unresolvable('TaintToleration', 'node(s) had untolerated taint(s)');

export const taintToleration: PluginFactory = () => ({
  name: 'TaintToleration',
  weight: 3,
  nodeFilter: ({ tolerations }, { taints }) =>
    taints.length > 0 && untoleratedTaint(taints, tolerations, hardEffects) ? untolerated : undefined,
  nodeScore: ({ tolerations }, { taints }) =>
    taints.length === 0
      ? 0
      : taints.filter(
          (taint) =>
            taint.effect === 'PreferNoSchedule' && !tolerations.some((toleration) => tolerates(toleration, taint)),
        ).length,
  normalize: (scores) => normalizeToHundred(scores, true),
  hints: [
    {
      resource: 'Node',
      actions: ['add', 'taint'],
      helps: ({ template }, old: Node | undefined, current: Node | undefined) => {
        const blocks = (node: Node | undefined): boolean =>
          untoleratedTaint(node?.spec?.taints ?? [], template.tolerations, hardEffects) !== undefined;
        return !blocks(current) && (old === undefined || blocks(old));
      },
    },
    { resource: 'Pod', actions: ['toleration'], helps: (pod, _old, current) => current?.metadata?.uid === pod.uid },
  ],
});
