// Describes CSI nodes.
import { at, numberAt, objectsAt, textAt } from '../../base/fields.ts';
import { goText } from '../../base/go/format.ts';
import { describer } from './describer.ts';
import { rfc1123 } from './go-time.ts';
import { writeMetadataMaps } from './metadata.ts';

export const csiNodeDescriber = describer({
  group: 'storage.k8s.io',
  kind: 'CSINode',
  resource: ['/apis/storage.k8s.io/v1', 'csinodes'],
  clusterScoped: true,
  write: (w, object) => {
    w.field(0, 'Name', textAt(object, 'metadata.name'));
    writeMetadataMaps(w, object);
    w.field(0, 'CreationTimestamp', rfc1123(textAt(object, 'metadata.creationTimestamp')));
    w.line(0, 'Spec:');
    const drivers = at(object, 'spec.drivers');
    if (drivers === undefined || drivers === null) return;
    w.line(1, 'Drivers:');
    for (const driver of objectsAt(object, 'spec.drivers')) {
      w.line(2, `${textAt(driver, 'name')}:`);
      w.field(3, 'Node ID', textAt(driver, 'nodeID'));
      const count = numberAt(driver, 'allocatable.count');
      if (count !== undefined) {
        w.line(3, 'Allocatables:');
        w.field(4, 'Count', count);
      }
      const keys = at(driver, 'topologyKeys');
      if (keys !== undefined && keys !== null) w.field(3, 'Topology Keys', goText(keys));
    }
  },
});
