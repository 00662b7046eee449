// Describes volume attributes classes.
import { textAt } from '../../base/fields.ts';
import { describer } from './describer.ts';
import { formatLabels } from './metadata.ts';

export const volumeAttributesClassDescriber = describer({
  group: 'storage.k8s.io',
  kind: 'VolumeAttributesClass',
  resource: ['/apis/storage.k8s.io/v1', 'volumeattributesclasses'],
  clusterScoped: true,
  write: (w, object) => {
    w.field(0, 'Name', textAt(object, 'metadata.name'));
    w.field(0, 'Annotations', formatLabels(object, 'metadata.annotations'));
    w.field(0, 'DriverName', textAt(object, 'driverName'));
    w.field(0, 'Parameters', formatLabels(object, 'parameters'));
  },
});
