// PodTolerationRestriction: annotations of the namespace say what its pods tolerate by default, and what they may.
//
// Left out: defaults and lists in a configuration file.
import type { Toleration } from '../../../../api/generated/types.ts';
import { notFound } from '../../../../api/status.ts';
import { isList } from '../../../../base/json.ts';
import type { StoredObject } from '../../../../kinds/kind.ts';
import { qosClass } from '../../../../kinds/pod-qos.ts';
import { plainError } from '../plain-error.ts';
import type { AdmissionPlugin, Attributes } from '../plugin.ts';
import { asPod, isPodWrite } from '../pod-spec.ts';
import { areAllowed, mergeTolerations } from '../tolerations.ts';

const defaults = 'scheduler.alpha.kubernetes.io/defaultTolerations';
const allowed = 'scheduler.alpha.kubernetes.io/tolerationsWhitelist';
const memoryPressure = { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' };

export const podTolerationRestriction: AdmissionPlugin = {
  name: 'PodTolerationRestriction',
  admit(object, attributes) {
    if (!isPodWrite(attributes)) return object;
    const { spec } = asPod(object);
    if (!spec) return object;
    const added = [
      ...(attributes.operation === 'create' ? tolerationsIn(attributes, defaults) : []),
      ...(qosClass(spec) === 'BestEffort' ? [] : [memoryPressure]),
    ];
    const merged =
      added.length > 0
        ? { ...object, spec: { ...spec, tolerations: mergeTolerations(spec.tolerations ?? [], added) } }
        : object;
    check(merged, attributes);
    return merged;
  },
  validate(object, attributes) {
    if (object && isPodWrite(attributes)) check(object, attributes);
  },
};

function check(object: StoredObject, attributes: Attributes): void {
  const tolerations = asPod(object).spec?.tolerations ?? [];
  if (tolerations.length === 0 || areAllowed(tolerations, tolerationsIn(attributes, allowed))) return;
  throw plainError(
    'pod tolerations (possibly merged with namespace default tolerations) conflict with its namespace whitelist',
  );
}

function tolerationsIn({ lookups, namespace: name }: Attributes, annotation: string): readonly Toleration[] {
  const namespace = lookups.get('namespaces', undefined, name);
  if (!namespace) throw notFound({ group: '', resource: 'namespaces' }, name);
  const text = namespace.metadata?.annotations?.[annotation] ?? '';
  if (text === '') return [];
  try {
    const list: unknown = JSON.parse(text);
    if (isList(list)) return list as readonly Toleration[]; // edge: upstream takes fields as they are
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw plainError(`invalid character in the tolerations of namespace ${name}: ${error.message}`);
  }
  throw plainError('json: cannot unmarshal object into Go value of type []v1.Toleration');
}
