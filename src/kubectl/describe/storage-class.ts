// Describes storage classes.
import { at, objectAt, objectsAt, textAt, textsAt } from '../../base/fields.ts';
import { own } from '../../base/json.ts';
import { flagText } from './cron-job.ts';
import { describer } from './describer.ts';
import { formatLabels } from './metadata.ts';
import { writeTerm } from './persistent-volume.ts';

const defaultAnnotations = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

export const storageClassDescriber = describer({
  group: 'storage.k8s.io',
  kind: 'StorageClass',
  resource: ['/apis/storage.k8s.io/v1', 'storageclasses'],
  clusterScoped: true,
  write: (w, object) => {
    const annotations = objectAt(object, 'metadata.annotations') ?? {};
    const isDefault = defaultAnnotations.some((name) => own(annotations, name) === 'true');
    w.field(0, 'Name', textAt(object, 'metadata.name'));
    w.field(0, 'IsDefaultClass', isDefault ? 'Yes' : 'No');
    w.field(0, 'Annotations', formatLabels(object, 'metadata.annotations'));
    w.field(0, 'Provisioner', textAt(object, 'provisioner'));
    w.field(0, 'Parameters', formatLabels(object, 'parameters'));
    w.field(0, 'AllowVolumeExpansion', flagText(at(object, 'allowVolumeExpansion')));
    const options = textsAt(object, 'mountOptions');
    w.line(0, options.length === 0 ? 'MountOptions:\t<none>' : 'MountOptions:');
    for (const option of options) w.line(1, option);
    w.optional(0, 'ReclaimPolicy', textAt(object, 'reclaimPolicy'));
    w.optional(0, 'VolumeBindingMode', textAt(object, 'volumeBindingMode'));
    if (at(object, 'allowedTopologies') === undefined) return;
    const topologies = objectsAt(object, 'allowedTopologies');
    w.field(0, 'AllowedTopologies', topologies.length === 0 ? '<none>' : '');
    for (const [i, term] of topologies.entries()) {
      const lines = objectsAt(term, 'matchLabelExpressions').map((expression) => {
        const values = textsAt(expression, 'values');
        return `${textAt(expression, 'key')} in${values.length === 0 ? '' : ` [${values.join(', ')}]`}`;
      });
      writeTerm(w, { level: 1, title: `Term ${i}` }, lines);
    }
  },
});
