// DefaultIngressClass: an ingress that names no class gets the default one: the newest, of the same age the first by name.
import type { Ingress } from '../../../api/generated/types.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import type { AdmissionPlugin } from './plugin.ts';

const defaultAnnotation = 'ingressclass.kubernetes.io/is-default-class';
const classAnnotation = 'kubernetes.io/ingress.class';

export const defaultIngressClass: AdmissionPlugin = {
  name: 'DefaultIngressClass',
  admit(object, { operation, resource, request, lookups }) {
    if (operation !== 'create' || resource.group !== 'networking.k8s.io' || resource.resource !== 'ingresses')
      return object;
    if (request.subresource) return object;
    const ingress: Ingress = object as Ingress; // edge: an object of the ingresses resource
    const annotations = ingress.metadata?.annotations ?? {};
    if (ingress.spec?.ingressClassName !== undefined || Object.hasOwn(annotations, classAnnotation)) return object;
    const classes = lookups
      .list('ingressclasses.networking.k8s.io')
      .filter(({ metadata }) => metadata?.annotations?.[defaultAnnotation] === 'true');
    const created = ({ metadata }: StoredObject): string => metadata?.creationTimestamp ?? '';
    const [first, ...others] = classes;
    if (!first) return object;
    const chosen = others.reduce((newest, other) => (created(other) > created(newest) ? other : newest), first);
    return { ...object, spec: { ...ingress.spec, ingressClassName: chosen.metadata?.name } };
  },
};
