// What is wrong with ConfigMaps.
import type { ConfigMap } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { validateConfigMap, validateConfigMapUpdate } from '../validation/data.ts';

export const configMapChecks = defineChecks<ConfigMap>({
  group: '',
  kind: 'ConfigMap',
  validate: validateConfigMap,
  validateUpdate: validateConfigMapUpdate,
});
