// Pods.
import type { Pod } from '../api/generated/types.ts';
import { defineKind } from './kind.ts';
import { podColumns } from './pod-columns.ts';
import { qosClass } from './pod-qos.ts';
import { podDefaults } from './pod-spec-defaults.ts';
import { validatePodSpec } from './pod-spec-validation.ts';
import { validatePodUpdate } from './pod-update-validation.ts';
import { assign, change } from './share.ts';

export const pod = defineKind<Pod>({
  group: '',
  kind: 'Pod',
  defaults: (pod) => change(pod, 'spec', podDefaults),
  validate: (pod, errors) => validatePodSpec(pod.spec, 'spec', errors),
  validateUpdate: (pod, old, errors) => validatePodUpdate(pod, old, errors),
  prepareForCreate: (pod) => ({ ...pod, status: { phase: 'Pending', qosClass: pod.spec ? qosClass(pod.spec) : '' } }),
  prepareForUpdate: (pod, old) => assign(pod, { status: old.status }),
  prepareForStatusUpdate: (pod, old) =>
    change(pod, 'status', (status) => assign(status, { qosClass: old.status?.qosClass ?? status.qosClass })),
  generationPart: (pod) => pod.spec,
  returnsDeleted: true,
  graceSeconds(pod, asked) {
    if (!pod.spec?.nodeName || pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') return 0;
    const seconds = asked ?? pod.spec.terminationGracePeriodSeconds ?? 0;
    return seconds < 0 ? 1 : seconds;
  },
  fields: {
    'spec.nodeName': (pod) => pod.spec?.nodeName ?? '',
    'spec.restartPolicy': (pod) => pod.spec?.restartPolicy ?? '',
    'spec.schedulerName': (pod) => pod.spec?.schedulerName ?? '',
    'spec.serviceAccountName': (pod) => pod.spec?.serviceAccountName ?? '',
    'spec.hostNetwork': (pod) => String(pod.spec?.hostNetwork ?? false),
    'status.phase': (pod) => pod.status?.phase ?? '',
    'status.podIP': (pod) => pod.status?.podIP ?? pod.status?.podIPs?.[0]?.ip ?? '',
    'status.podIPs': (pod) => pod.status?.podIPs?.[0]?.ip ?? pod.status?.podIP ?? '',
    'status.nominatedNodeName': (pod) => pod.status?.nominatedNodeName ?? '',
  },
  columns: podColumns,
});
