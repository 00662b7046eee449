// The cluster role aggregation controller: fills roles that are made of others, found by label.
import { clusterRoles } from '../../../api/generated/resources.ts';
import type { PolicyRule } from '../../../api/generated/types.ts';
import { selectorOf } from '../../../api/selectors.ts';
import { equal, type JsonObject } from '../../../base/json.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';

export const clusterRoleAggregationController = defineController({
  name: 'clusterrole-aggregation-controller',
  setup,
});

function setup({ informers, queue, client }: ControllerContext): Controller {
  const roles = informers.informer(clusterRoles);
  const enqueueAggregates = (): void => {
    for (const role of roles.lister.list()) if (role.aggregationRule) queue.add(keyOf(role));
  };
  roles.on({ added: enqueueAggregates, updated: enqueueAggregates, deleted: enqueueAggregates });

  function* reconcile(name: string): Work<void> {
    const role = roles.lister.get(name);
    if (!role?.aggregationRule) return;
    const selectors = (role.aggregationRule.clusterRoleSelectors ?? []).map(selectorOf);
    const sources = [...roles.lister.list()]
      .filter(
        (other) => other.metadata?.name !== name && selectors.some((each) => each.matches(other.metadata?.labels)),
      )
      .sort((a, b) => ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1));
    const rules: PolicyRule[] = [];
    for (const rule of sources.flatMap((source) => source.rules ?? []))
      if (!rules.some((known) => equal(known, rule))) rules.push(rule);
    if (equal(role.rules ?? [], rules)) return;
    const { apiVersion = 'rbac.authorization.k8s.io/v1', kind = 'ClusterRole' } = role;
    const patch = { apiVersion, kind, metadata: { name }, rules: rules as readonly object[] as readonly JsonObject[] }; // edge: rules are JSON
    const options = { fieldManager: 'clusterrole-aggregation-controller', force: true };
    yield* client.patch(clusterRoles, { patchType: 'application/apply-patch+yaml', name, options }, patch);
  }
  return { reconcile };
}
