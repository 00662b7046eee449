// Writes into ValidatingAdmissionPolicies which generation has been looked at, and what type checking has to say.
import { validatingAdmissionPolicies } from '../../../api/generated/resources.ts';
import { late } from '../../../base/late.ts';
import { defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';

const checking = late('type checking', () => import('../../../kinds/policies/type-checking.ts'));

export const admissionPolicyStatusController = defineController({
  name: 'validatingadmissionpolicy-status-controller',
  setup({ informers, queue, client }) {
    const policies = informers.informer(validatingAdmissionPolicies);
    policies.on({ added: (policy) => queue.add(keyOf(policy)), updated: (policy) => queue.add(keyOf(policy)) });
    return {
      *reconcile(name): Work<void> {
        const policy = policies.lister.get(name);
        const { generation = 0 } = policy?.metadata ?? {};
        if (!policy || generation <= (policy.status?.observedGeneration ?? 0)) return;
        const expressionWarnings = checking().typeWarnings(policy);
        const typeChecking = expressionWarnings.length > 0 ? { expressionWarnings } : {};
        const status = { ...policy.status, observedGeneration: generation, typeChecking };
        yield* client.updateStatus(validatingAdmissionPolicies, { ...policy, status });
      },
    };
  },
});
