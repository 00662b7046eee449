import { expect, test } from 'vitest';
import { validatingAdmissionPolicies } from '../../../api/generated/resources.ts';
import { controllerCluster } from '../../testing/controller-cluster.ts';
import { admissionPolicyStatusController } from './admission-policy-status-controller.ts';

function statusOf(expressions: readonly string[]) {
  const cluster = controllerCluster([admissionPolicyStatusController]);
  cluster.apply(`
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: p}
spec:
  variables: [{name: containers, expression: object.spec.template.spec.containers}]
  matchConstraints:
    resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}]
  validations: ${JSON.stringify(expressions.map((expression) => ({ expression })))}
`);
  cluster.run(1000);
  return cluster.get(validatingAdmissionPolicies, 'p').status;
}

test('a policy that fits its kinds has been observed, and that is all', () => {
  const fine = [
    'object.spec.replicas <= 5',
    "variables.containers.all(c, c.image.startsWith('a'))",
    'oldObject == null || object.spec != null',
  ];
  expect(statusOf(fine)).toEqual({ observedGeneration: 1, typeChecking: {} });
});

test('fields that a kind does not have are warned of', () => {
  expect(
    statusOf(['object.spec.replicas <= 5', 'object.replicas > 1'])?.typeChecking?.expressionWarnings,
  ).toMatchInlineSnapshot(`
    [
      {
        "fieldRef": "spec.validations[1].expression",
        "warning": "apps/v1, Kind=Deployment: compilation failed: ERROR: <input>:1:7: undefined field 'replicas'
     | object.replicas > 1
     | ......^
    ",
      },
    ]
  `);
  expect(statusOf(['object.spec.replicas <= "5"'])?.typeChecking?.expressionWarnings?.[0]?.warning).toContain(
    "found no matching overload for '_<=_' applied to '(int, string)'",
  );
});
