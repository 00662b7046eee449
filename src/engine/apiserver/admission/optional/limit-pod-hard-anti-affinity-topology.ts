// LimitPodHardAntiAffinityTopology: a pod keeps others off its node, not off a whole zone.
import { refusal } from '../admission-request.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import { asPod, isPodWrite } from '../pod-spec.ts';

const hostname = 'kubernetes.io/hostname';

export const limitPodHardAntiAffinityTopology: AdmissionPlugin = {
  name: 'LimitPodHardAntiAffinityTopology',
  validate(object, attributes) {
    if (!object || !isPodWrite(attributes)) return;
    const required = asPod(object).spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    const wide = required?.find(({ topologyKey }) => topologyKey !== hostname);
    if (!wide) return;
    const text = `affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey ${wide.topologyKey} but only key ${hostname} is allowed`;
    throw refusal(attributes, object, text);
  },
};
