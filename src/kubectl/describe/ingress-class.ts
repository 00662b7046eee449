// Describes ingress classes.
import { objectAt, textAt } from '../../base/fields.ts';
import { describer } from './describer.ts';
import { writeMetadataMaps } from './metadata.ts';

export const ingressClassDescriber = describer({
  group: 'networking.k8s.io',
  kind: 'IngressClass',
  resource: ['/apis/networking.k8s.io/v1', 'ingressclasses'],
  clusterScoped: true,
  write: (w, object) => {
    w.field(0, 'Name', textAt(object, 'metadata.name'));
    writeMetadataMaps(w, object);
    w.field(0, 'Controller', textAt(object, 'spec.controller'));
    const parameters = objectAt(object, 'spec.parameters');
    if (!parameters) return;
    w.line(0, 'Parameters:');
    w.optional(1, 'APIGroup', textAt(parameters, 'apiGroup'));
    w.field(1, 'Kind', textAt(parameters, 'kind'));
    w.field(1, 'Name', textAt(parameters, 'name'));
  },
});
