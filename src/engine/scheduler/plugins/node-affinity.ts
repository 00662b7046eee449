// NodeAffinity: node selector and required affinity must match; preferred terms add their weights.
import type { Node } from '../../../api/generated/types.ts';
import type { PluginFactory } from '../framework.ts';
import { normalizeToHundred } from '../normalize.ts';
import { unresolvable } from '../rejection.ts';

const name = 'NodeAffinity';
const mismatch = unresolvable(name, "node(s) didn't match Pod's node affinity/selector");
const contradiction = unresolvable(name, 'pod affinity terms conflict');

export const nodeAffinity: PluginFactory = () => ({
  name,
  weight: 2,
  nodeNames: ({ template: { namedNodes } }) => (namedNodes?.size === 0 ? contradiction : namedNodes),
  nodeFilter: ({ required }, { node }) => (required && node && !required.matches(node) ? mismatch : undefined),
  nodeScore: ({ preferred }, { node }) => {
    let sum = 0;
    for (const { weight, matcher } of preferred) if (node && matcher.matches(node)) sum += weight;
    return sum;
  },
  normalize: (scores) => normalizeToHundred(scores, false),
  hints: [
    {
      resource: 'Node',
      actions: ['add', 'label'],
      helps: ({ template: { required } }, old: Node | undefined, current: Node | undefined) => {
        const matches = (node: Node | undefined): boolean => node !== undefined && (required?.matches(node) ?? true);
        return matches(current) && !matches(old);
      },
    },
  ],
});
