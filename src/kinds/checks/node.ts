// What is wrong with nodes.
import type { Node } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { cidrWarnings } from '../validation/ip-address.ts';
import { validateNode, validateNodeChange, validateNodeUpdate } from '../validation/nodes.ts';

export const nodeChecks = defineChecks<Node>({
  group: '',
  kind: 'Node',
  validate: validateNode,
  validateUpdate: validateNodeUpdate,
  validateStatusUpdate: validateNodeChange,
  warnings,
});

function warnings({ spec }: Node): readonly string[] {
  return [
    ...(spec?.configSource ? ['spec.configSource: the feature is removed'] : []),
    ...(spec?.externalID ? ['spec.externalID: this field is deprecated, and is unused by Kubernetes'] : []),
    ...(spec?.podCIDRs ?? []).flatMap((range, i) => cidrWarnings(`spec.podCIDRs[${i}]`, range)),
  ];
}
