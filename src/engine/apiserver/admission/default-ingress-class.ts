// DefaultIngressClass: an ingress that names no class gets the default one.
import type { Ingress } from '../../../api/generated/types.ts';
import { forbidden } from '../../../api/status.ts';
import type { AdmissionPlugin } from './plugin.ts';

const defaultAnnotation = 'ingressclass.kubernetes.io/is-default-class';
const classAnnotation = 'kubernetes.io/ingress.class';

export const defaultIngressClass: AdmissionPlugin = {
  name: 'DefaultIngressClass',
  admit(object, { operation, resource, request, lookups, name }) {
    if (operation !== 'create' || resource.group !== 'networking.k8s.io' || resource.resource !== 'ingresses')
      return object;
    if (request.subresource) return object;
    const ingress: Ingress = object as Ingress; // edge: an object of the ingresses resource
    const annotations = ingress.metadata?.annotations ?? {};
    if (ingress.spec?.ingressClassName !== undefined || Object.hasOwn(annotations, classAnnotation)) return object;
    const classes = lookups
      .list('ingressclasses.networking.k8s.io')
      .filter(({ metadata }) => metadata?.annotations?.[defaultAnnotation] === 'true');
    const [chosen, second] = classes;
    if (!chosen) return object;
    if (second) throw forbidden(resource, name, `${classes.length} default IngressClasses were found, only 1 allowed`);
    return { ...object, spec: { ...ingress.spec, ingressClassName: chosen.metadata?.name } };
  },
};
