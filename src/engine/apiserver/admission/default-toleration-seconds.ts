// DefaultTolerationSeconds: pods stand a node that is not ready or unreachable for five minutes.
import type { PodSpec, Toleration } from '../../../api/generated/types.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { isPodWrite, SpecCompletion } from './pod-spec.ts';

const taintKeys = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];
const seconds = 300;
const always = {};

const completion = new SpecCompletion((spec: PodSpec) => {
  const tolerations = spec.tolerations ?? [];
  const missing = taintKeys.filter((key) => !tolerations.some((toleration) => covers(toleration, key)));
  if (missing.length === 0) return spec;
  const added = missing.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: seconds }));
  return { ...spec, tolerations: [...tolerations, ...added] };
});

export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  admit: (object, attributes) =>
    isPodWrite(attributes) ? completion.apply(object, always, attributes.lookups) : object,
};

function covers({ key = '', effect = '' }: Toleration, taintKey: string): boolean {
  return (key === taintKey || key === '') && (effect === 'NoExecute' || effect === '');
}
