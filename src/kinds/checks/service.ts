// What is wrong with services.
import type { Service } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { serviceWarnings } from '../service-warnings.ts';
import { validateService, validateServiceUpdate } from '../validation/services.ts';

export const serviceChecks = defineChecks<Service>({
  group: '',
  kind: 'Service',
  validate: (service, errors) => validateService(service, errors),
  validateUpdate: validateServiceUpdate,
  warnings: serviceWarnings,
});
