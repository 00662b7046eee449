// PodNodeSelector: an annotation of the namespace says on which nodes its pods run.
//
// Left out: selectors and lists in a configuration file.
import type { PodSpec } from '../../../../api/generated/types.ts';
import { parseSelector } from '../../../../api/selectors.ts';
import { notFound } from '../../../../api/status.ts';
import type { StoredObject } from '../../../../kinds/kind.ts';
import { refusal } from '../admission-request.ts';
import { plainError } from '../plain-error.ts';
import type { AdmissionPlugin, Attributes } from '../plugin.ts';
import { asPod, isPodCreate, SpecCompletion } from '../pod-spec.ts';

const annotation = 'scheduler.alpha.kubernetes.io/node-selector';

const completion = new SpecCompletion((spec: PodSpec, facts: object) => {
  const nodeSelector = { ...labelsIn(facts), ...spec.nodeSelector };
  return Object.keys(nodeSelector).length > 0 ? { ...spec, nodeSelector } : spec;
});

export const podNodeSelector: AdmissionPlugin = {
  name: 'PodNodeSelector',
  admit(object, attributes) {
    if (!isPodCreate(attributes)) return object;
    const namespace = checked(object, attributes);
    return completion.apply(object, namespace, attributes.lookups);
  },
  validate(object, attributes) {
    if (object && isPodCreate(attributes)) checked(object, attributes);
  },
};

/** The namespace, whose selector does not contradict the pod's. */
function checked(object: StoredObject, attributes: Attributes): StoredObject {
  const { lookups, namespace: name } = attributes;
  const namespace = lookups.get('namespaces', undefined, name);
  if (!namespace) throw notFound({ group: '', resource: 'namespaces' }, name);
  const wanted = asPod(object).spec?.nodeSelector ?? {};
  const conflicts = Object.entries(labelsIn(namespace)).some(
    ([key, value]) => Object.hasOwn(wanted, key) && wanted[key] !== value,
  );
  if (!conflicts) return namespace;
  throw refusal(attributes, object, 'pod node label selector conflicts with its namespace node label selector');
}

/** `a=b,c=d`. */
function labelsIn(namespace: StoredObject): Readonly<Record<string, string>> {
  const text = namespace.metadata?.annotations?.[annotation]?.trim() ?? '';
  if (text === '') return {};
  const pairs = text.split(',').map((part) => part.split('='));
  const wrong = pairs.find((pair) => pair.length !== 2);
  if (wrong) throw plainError(`invalid selector: ${wrong.join('=')}`);
  parseSelector(text); // what is no label is refused
  return Object.fromEntries(pairs.map(([key = '', value = '']) => [key.trim(), value.trim()]));
}
