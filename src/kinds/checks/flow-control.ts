// What is wrong with FlowSchemas and PriorityLevelConfigurations.
import type { FlowSchema, PriorityLevelConfiguration } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { validateFlowSchema, validatePriorityLevel } from '../validation/flow-control.ts';

export const flowSchemaChecks = defineChecks<FlowSchema>({
  group: 'flowcontrol.apiserver.k8s.io',
  kind: 'FlowSchema',
  validate: validateFlowSchema,
  validateUpdate: (schema, _old, errors) => validateFlowSchema(schema, errors),
});

export const priorityLevelConfigurationChecks = defineChecks<PriorityLevelConfiguration>({
  group: 'flowcontrol.apiserver.k8s.io',
  kind: 'PriorityLevelConfiguration',
  validate: validatePriorityLevel,
  validateUpdate: (level, _old, errors) => validatePriorityLevel(level, errors),
});
