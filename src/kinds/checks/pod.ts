// What is wrong with pods.
import type { Pod } from '../../api/generated/types.ts';
import { appArmorWarnings } from '../app-armor.ts';
import { defineChecks } from '../kind-checks.ts';
import { podWarnings } from '../pod-warnings.ts';
import { validatePodResize } from '../validation/pod-resize.ts';
import { podStatusWarnings, validatePodStatus } from '../validation/pod-status.ts';
import { validateEphemeralUpdate, validatePod, validatePodUpdate } from '../validation/pods.ts';

export const podChecks = defineChecks<Pod>({
  group: '',
  kind: 'Pod',
  validate: validatePod,
  validateUpdate: validatePodUpdate,
  validateStatusUpdate: validatePodStatus,
  statusWarnings: podStatusWarnings,
  warningsBefore: appArmorWarnings,
  warnings: (pod, old) => (old ? [] : podWarnings(pod)),
  parts: { ephemeralcontainers: validateEphemeralUpdate, resize: validatePodResize },
});
