// Pods.

import type { Pod, PodSpec, PodStatus } from '../api/generated/types.ts';
import { withAppArmorFields } from './app-armor.ts';
import { defineKind } from './kind.ts';
import { withLabelKeys } from './match-label-keys.ts';
import { podColumns } from './pod-columns.ts';
import { qosClass } from './pod-qos.ts';
import { podDefaults } from './pod-spec-defaults.ts';
import { resizedPod } from './resized-pod.ts';
import { assign, change, changeAll } from './share.ts';

/** What the server knows about Pods. */
export const pod = defineKind<Pod>({
  group: '',
  kind: 'Pod',
  defaults: (pod) => change(pod, 'spec', (spec) => podDefaults(withPeriod(spec))),
  prepareForCreate: (given) => fresh(withAppArmorFields(withLabelKeys(given))),
  prepareForUpdate: (pod, old) => assign(pod, { status: old.status }),
  prepareForStatusUpdate: (pod, old) =>
    change(pod, 'status', (status) => keepGenerations(withClass(status, old.status), old.status ?? {})),
  parts: {
    ephemeralcontainers: {
      prepare: (wanted, old) =>
        change(old, 'spec', (spec) => assign(spec, { ephemeralContainers: wanted.spec?.ephemeralContainers })),
    },
    resize: { prepare: resizedPod },
  },
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

/** Less than no time is one second. */
function withPeriod(spec: PodSpec): PodSpec {
  const seconds = spec.terminationGracePeriodSeconds ?? 0;
  return seconds < 0 ? { ...spec, terminationGracePeriodSeconds: 1 } : spec;
}

function withClass(status: PodStatus, old: PodStatus | undefined): PodStatus {
  return status.qosClass ? status : assign(status, { qosClass: old?.qosClass });
}

/** Clients that know nothing of generations do not take them away. A type may have several conditions. */
function keepGenerations(status: PodStatus, old: PodStatus): PodStatus {
  const { observedGeneration, conditions = [] } = status;
  const whole = observedGeneration ? status : assign(status, { observedGeneration: old.observedGeneration });
  if (conditions.every(({ observedGeneration }) => observedGeneration)) return whole;
  const left = [...(old.conditions ?? [])];
  return assign(whole, {
    conditions: changeAll(conditions, (condition) => {
      const at = left.findIndex(({ type }) => type === condition.type);
      const [before] = at < 0 ? [] : left.splice(at, 1);
      if (condition.observedGeneration || !before?.observedGeneration) return condition;
      return { ...condition, observedGeneration: before.observedGeneration };
    }),
  });
}

/** A pod as it begins. */
function fresh({ apiVersion, kind, metadata, spec }: Pod): Pod {
  const status = { phase: 'Pending', qosClass: spec ? qosClass(spec) : '' };
  return { apiVersion, kind, metadata, spec, status: withGates(status, { metadata, spec }) };
}

/** A pod that waits for its gates says so from the start. */
function withGates(status: PodStatus, { spec, metadata }: Pick<Pod, 'spec' | 'metadata'>): PodStatus {
  if (!spec?.schedulingGates?.length) return status;
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'SchedulingGated',
    message: 'Scheduling is blocked due to non-empty scheduling gates',
    lastTransitionTime: metadata?.creationTimestamp,
  };
  return { ...status, conditions: [condition] };
}
