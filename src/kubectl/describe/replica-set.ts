// Describes replica sets.
import { at, numberAt, objectAt, textAt } from '../../base/fields.ts';
import { describer } from './describer.ts';
import { formatLabelSelector, selectorText } from './label-selector.ts';
import { writeController, writeMetadataMaps } from './metadata.ts';
import { podCountsOf, podCountsText } from './pod-counts.ts';
import { writePodTemplate } from './pod-template.ts';
import { writeReplicaConditions } from './replica-conditions.ts';

export const replicaSetDescriber = describer<string>({
  group: 'apps',
  kind: 'ReplicaSet',
  resource: ['/apis/apps/v1', 'replicasets'],
  related: async (object, client) => {
    try {
      return podCountsText(await podCountsOf(object, selectorText(at(object, 'spec.selector')), client));
    } catch (error) {
      return `error in fetching pods: ${error instanceof Error ? error.message : String(error)}`;
    }
  },
  write: (w, object, { related }) => {
    w.field(0, 'Name', textAt(object, 'metadata.name'));
    w.field(0, 'Namespace', textAt(object, 'metadata.namespace'));
    w.field(0, 'Selector', formatLabelSelector(at(object, 'spec.selector')));
    writeMetadataMaps(w, object);
    writeController(w, object);
    const current = numberAt(object, 'status.replicas') ?? 0;
    w.field(0, 'Replicas', `${current} current / ${numberAt(object, 'spec.replicas') ?? 0} desired`);
    w.field(0, 'Pods Status', related);
    writePodTemplate(w, objectAt(object, 'spec.template'));
    writeReplicaConditions(w, object);
  },
});
