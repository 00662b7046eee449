// What is wrong with APIServices.
import type { APIService } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { validateApiService } from '../validation/api-services.ts';

export const apiServiceChecks = defineChecks<APIService>({
  group: 'apiregistration.k8s.io',
  kind: 'APIService',
  validate: validateApiService,
  validateUpdate: (service, _old, errors) => validateApiService(service, errors),
});
