// Describes replication controllers.
import { at, numberAt, objectAt, textAt } from '../../base/fields.ts';
import { describer } from './describer.ts';
import { labelsSelectorText } from './label-selector.ts';
import { formatLabels, writeMetadataMaps } from './metadata.ts';
import { type PodCounts, podCountsOf, podCountsText } from './pod-counts.ts';
import { writePodTemplate } from './pod-template.ts';
import { writeReplicaConditions } from './replica-conditions.ts';

export const replicationControllerDescriber = describer<PodCounts>({
  group: '',
  kind: 'ReplicationController',
  resource: ['/api/v1', 'replicationcontrollers'],
  related: (object, client) => podCountsOf(object, labelsSelectorText(at(object, 'spec.selector')), client),
  write: (w, object, { related }) => {
    w.field(0, 'Name', textAt(object, 'metadata.name'));
    w.field(0, 'Namespace', textAt(object, 'metadata.namespace'));
    w.field(0, 'Selector', formatLabels(object, 'spec.selector'));
    writeMetadataMaps(w, object);
    const current = numberAt(object, 'status.replicas') ?? 0;
    w.field(0, 'Replicas', `${current} current / ${numberAt(object, 'spec.replicas') ?? 0} desired`);
    w.field(0, 'Pods Status', podCountsText(related));
    writePodTemplate(w, objectAt(object, 'spec.template'));
    writeReplicaConditions(w, object);
  },
});
