// NodeDeclaredFeatures: pods go where the kubelet declares that it can do what they need.
import type { Node, Pod } from '../../../api/generated/types.ts';
import { equal } from '../../../base/json.ts';
import { missingForPod, offeredBy } from '../../../kinds/declared-features.ts';
import type { PluginFactory } from '../framework.ts';
import { unresolvable } from '../rejection.ts';

const name = 'NodeDeclaredFeatures';
const rejection = unresolvable(name, "node(s) didn't match Pod's required features");

export const nodeDeclaredFeatures: PluginFactory = () => ({
  name,
  preFilter({ pod: { spec } }) {
    if (!spec || missingForPod(spec, []).length === 0) return undefined;
    return {
      filter: ({ node }) => (missingForPod(spec, offeredBy(node)).length > 0 ? rejection : undefined),
    };
  },
  hints: [
    {
      resource: 'Node',
      actions: ['add', 'declared-features'],
      helps: (_pod, old: Node | undefined, current: Node | undefined) =>
        !old || !equal(offeredBy(old), offeredBy(current)),
    },
    {
      resource: 'Pod',
      actions: ['update'],
      helps: (pod, old: Pod | undefined, current: Pod | undefined) =>
        pod.uid === current?.metadata?.uid && !equal(needed(old), needed(current)),
    },
  ],
});

function needed(pod: Pod | undefined): readonly string[] {
  return pod?.spec ? missingForPod(pod.spec, []) : [];
}
