// Describes service CIDRs and IP addresses.
import { objectAt, objectsAt, textAt, textsAt } from '../../base/fields.ts';
import { describer } from './describer.ts';
import { writeMetadataMaps } from './metadata.ts';
import { writeConditions } from './namespace.ts';

export const serviceCidrDescriber = describer({
  group: 'networking.k8s.io',
  kind: 'ServiceCIDR',
  resource: ['/apis/networking.k8s.io/v1', 'servicecidrs'],
  clusterScoped: true,
  write: (w, object) => {
    w.field(0, 'Name', textAt(object, 'metadata.name'));
    writeMetadataMaps(w, object);
    w.field(0, 'CIDRs', textsAt(object, 'spec.cidrs').join(', '));
    const conditions = objectsAt(object, 'status.conditions');
    if (conditions.length > 0) w.line(0, 'Status:');
    writeConditions(w, conditions);
  },
});

export const ipAddressDescriber = describer({
  group: 'networking.k8s.io',
  kind: 'IPAddress',
  resource: ['/apis/networking.k8s.io/v1', 'ipaddresses'],
  clusterScoped: true,
  write: (w, object) => {
    w.field(0, 'Name', textAt(object, 'metadata.name'));
    writeMetadataMaps(w, object);
    const parent = objectAt(object, 'spec.parentRef');
    if (!parent) return;
    w.line(0, 'Parent Reference:');
    w.field(1, 'Group', textAt(parent, 'group'));
    w.field(1, 'Resource', textAt(parent, 'resource'));
    w.field(1, 'Namespace', textAt(parent, 'namespace'));
    w.field(1, 'Name', textAt(parent, 'name'));
  },
});
