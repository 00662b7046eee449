// ExtendedResourceToleration: a pod that asks for a device tolerates the taint that keeps others off its nodes.
import type { PodSpec } from '../../../../api/generated/types.ts';
import { isExtendedResource } from '../../../../kinds/validation/resources.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import { isPodWrite, SpecCompletion } from '../pod-spec.ts';

const always = {};

const completion = new SpecCompletion((spec: PodSpec) => {
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  const asked = new Set(containers.flatMap(({ resources }) => Object.keys(resources?.requests ?? {})));
  const wanted = [...asked].filter(isExtendedResource).sort();
  const missing = wanted.filter(
    (key) =>
      !spec.tolerations?.some(
        (known) =>
          known.key === key && known.operator === 'Exists' && known.effect === 'NoSchedule' && !known.tolerationSeconds,
      ),
  );
  if (missing.length === 0) return spec;
  const added = missing.map((key) => ({ key, operator: 'Exists', effect: 'NoSchedule' }));
  return { ...spec, tolerations: [...(spec.tolerations ?? []), ...added] };
});

export const extendedResourceToleration: AdmissionPlugin = {
  name: 'ExtendedResourceToleration',
  admit: (object, attributes) =>
    isPodWrite(attributes) ? completion.apply(object, always, attributes.lookups) : object,
};
