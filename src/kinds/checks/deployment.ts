// What is wrong with deployments.
import type { Deployment } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { workloadWarnings } from '../pod-warnings.ts';
import { validateDeploymentStatus } from '../validation/workload-status.ts';
import { validateDeployment, validateDeploymentUpdate } from '../validation/workloads.ts';

export const deploymentChecks = defineChecks<Deployment>({
  group: 'apps',
  kind: 'Deployment',
  validate: validateDeployment,
  validateUpdate: validateDeploymentUpdate,
  validateStatusUpdate: validateDeploymentStatus,
  warnings: (deployment, old) =>
    workloadWarnings(deployment, old, { template: deployment.spec?.template, prefix: 'spec.template' }),
});
