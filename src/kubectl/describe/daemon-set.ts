// Describes daemon sets.
import { at, numberAt, objectAt, textAt } from '../../base/fields.ts';
import { describer } from './describer.ts';
import { selectorText } from './label-selector.ts';
import { formatLabels, writeMetadataMaps } from './metadata.ts';
import { type PodCounts, podCountsOf, podCountsText } from './pod-counts.ts';
import { writePodTemplate } from './pod-template.ts';

const counts = [
  ['Desired Number of Nodes Scheduled', 'desiredNumberScheduled'],
  ['Current Number of Nodes Scheduled', 'currentNumberScheduled'],
  ['Number of Nodes Scheduled with Up-to-date Pods', 'updatedNumberScheduled'],
  ['Number of Nodes Scheduled with Available Pods', 'numberAvailable'],
  ['Number of Nodes Misscheduled', 'numberMisscheduled'],
] as const;

export const daemonSetDescriber = describer<PodCounts>({
  group: 'apps',
  kind: 'DaemonSet',
  resource: ['/apis/apps/v1', 'daemonsets'],
  related: (object, client) => podCountsOf(object, selectorText(at(object, 'spec.selector')), client),
  write: (w, object, { related }) => {
    w.field(0, 'Name', textAt(object, 'metadata.name'));
    w.field(0, 'Namespace', textAt(object, 'metadata.namespace'));
    w.field(0, 'Selector', selectorText(at(object, 'spec.selector')));
    w.field(0, 'Node-Selector', formatLabels(object, 'spec.template.spec.nodeSelector'));
    writeMetadataMaps(w, object);
    for (const [label, field] of counts) w.line(0, `${label}: ${numberAt(object, `status.${field}`) ?? 0}`);
    w.field(0, 'Pods Status', podCountsText(related));
    writePodTemplate(w, objectAt(object, 'spec.template'));
  },
});
