// Describes priority classes.
import { flagAt, numberAt, textAt } from '../../base/fields.ts';
import { describer } from './describer.ts';
import { formatLabels } from './metadata.ts';

export const priorityClassDescriber = describer({
  group: 'scheduling.k8s.io',
  kind: 'PriorityClass',
  resource: ['/apis/scheduling.k8s.io/v1', 'priorityclasses'],
  clusterScoped: true,
  write: (w, object) => {
    w.field(0, 'Name', textAt(object, 'metadata.name'));
    w.field(0, 'Value', numberAt(object, 'value') ?? 0);
    w.field(0, 'GlobalDefault', flagAt(object, 'globalDefault'));
    w.field(0, 'PreemptionPolicy', textAt(object, 'preemptionPolicy'));
    w.field(0, 'Description', textAt(object, 'description'));
    w.field(0, 'Annotations', formatLabels(object, 'metadata.annotations'));
  },
});
