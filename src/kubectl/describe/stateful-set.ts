// Describes stateful sets, with their volume claim templates.
import { at, numberAt, objectAt, objectsAt, textAt } from '../../base/fields.ts';
import { goText } from '../../base/go/format.ts';
import type { JsonObject } from '../../base/json.ts';
import { describer } from './describer.ts';
import type { DescriptionWriter } from './description-writer.ts';
import { rfc1123 } from './go-time.ts';
import { selectorText } from './label-selector.ts';
import { writeLabels, writeMetadataMaps } from './metadata.ts';
import { storageClassOf } from './persistent-volume-claim.ts';
import { type PodCounts, podCountsOf, podCountsText } from './pod-counts.ts';
import { writePodTemplate } from './pod-template.ts';

export const statefulSetDescriber = describer<PodCounts>({
  group: 'apps',
  kind: 'StatefulSet',
  resource: ['/apis/apps/v1', 'statefulsets'],
  related: (object, client) => podCountsOf(object, selectorText(at(object, 'spec.selector')), client),
  write: (w, object, { related }) => {
    w.field(0, 'Name', textAt(object, 'metadata.name'));
    w.field(0, 'Namespace', textAt(object, 'metadata.namespace'));
    w.field(0, 'CreationTimestamp', rfc1123(textAt(object, 'metadata.creationTimestamp')));
    w.field(0, 'Selector', selectorText(at(object, 'spec.selector')));
    writeMetadataMaps(w, object);
    const total = numberAt(object, 'status.replicas') ?? 0;
    w.field(0, 'Replicas', `${numberAt(object, 'spec.replicas') ?? 0} desired | ${total} total`);
    w.field(0, 'Update Strategy', textAt(object, 'spec.updateStrategy.type'));
    const rolling = objectAt(object, 'spec.updateStrategy.rollingUpdate');
    const partition = numberAt(rolling, 'partition');
    if (partition !== undefined) {
      w.field(1, 'Partition', partition);
      const maxUnavailable = at(rolling, 'maxUnavailable');
      if (maxUnavailable !== undefined) w.field(1, 'MaxUnavailable', goText(maxUnavailable));
    }
    w.field(0, 'Pods Status', podCountsText(related));
    writePodTemplate(w, objectAt(object, 'spec.template'));
    writeClaimTemplates(w, objectsAt(object, 'spec.volumeClaimTemplates'));
  },
});

function writeClaimTemplates(w: DescriptionWriter, templates: readonly JsonObject[]): void {
  w.line(0, templates.length === 0 ? 'Volume Claims:\t<none>' : 'Volume Claims:');
  for (const template of templates) {
    w.field(1, 'Name', textAt(template, 'metadata.name'));
    w.field(1, 'StorageClass', storageClassOf(template));
    writeLabels(w, '  Labels', template, 'metadata.labels');
    writeLabels(w, '  Annotations', template, 'metadata.annotations');
    w.field(1, 'Capacity', textAt(template, 'spec.resources.requests.storage') || '<default>');
    w.field(1, 'Access Modes', goText(at(template, 'spec.accessModes') ?? []));
  }
}
