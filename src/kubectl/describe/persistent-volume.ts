// Describes persistent volumes.
import { at, objectAt, objectsAt, textAt, textsAt } from '../../base/fields.ts';
import { goText } from '../../base/go/format.ts';
import type { JsonObject } from '../../base/json.ts';
import { describer } from './describer.ts';
import type { DescriptionWriter } from './description-writer.ts';
import { writeMetadataMaps } from './metadata.ts';
import { accessModesText, lifeText, storageClassOf } from './persistent-volume-claim.ts';
import { writeVolumeSource } from './volumes.ts';

export const persistentVolumeDescriber = describer({
  group: '',
  kind: 'PersistentVolume',
  resource: ['/api/v1', 'persistentvolumes'],
  clusterScoped: true,
  write: (w, volume, { now }) => {
    const spec = objectAt(volume, 'spec') ?? {};
    const claim = objectAt(spec, 'claimRef');
    w.field(0, 'Name', textAt(volume, 'metadata.name'));
    writeMetadataMaps(w, volume);
    w.field(0, 'Finalizers', goText(at(volume, 'metadata.finalizers') ?? []));
    w.field(0, 'StorageClass', storageClassOf(volume));
    w.field(0, 'Status', lifeText(volume, now));
    w.field(0, 'Claim', claim ? `${textAt(claim, 'namespace')}/${textAt(claim, 'name')}` : '');
    w.field(0, 'Reclaim Policy', textAt(spec, 'persistentVolumeReclaimPolicy'));
    w.field(0, 'Access Modes', accessModesText(textsAt(spec, 'accessModes')));
    w.optional(0, 'VolumeMode', textAt(spec, 'volumeMode'));
    w.field(0, 'Capacity', textAt(spec, 'capacity.storage') || '0');
    writeNodeAffinity(w, objectAt(spec, 'nodeAffinity.required'));
    w.field(0, 'Message', textAt(volume, 'status.message'));
    w.line(0, 'Source:');
    writeVolumeSource(w, spec, { persistent: true });
  },
});

function writeNodeAffinity(w: DescriptionWriter, required: JsonObject | undefined): void {
  if (!required) {
    w.field(0, 'Node Affinity', '<none>');
    return;
  }
  w.field(0, 'Node Affinity', '');
  const terms = objectsAt(required, 'nodeSelectorTerms');
  w.field(1, 'Required Terms', terms.length === 0 ? '<none>' : '');
  for (const [i, term] of terms.entries()) {
    writeTerm(w, { level: 2, title: `Term ${i}` }, objectsAt(term, 'matchExpressions').map(expressionText));
  }
}

/** `Term 0:  first expression`, the others below it. */
export function writeTerm(w: DescriptionWriter, at: { level: number; title: string }, lines: readonly string[]): void {
  w.write(at.level, `${at.title}:\t`);
  if (lines.length === 0) w.line(0, '<none>');
  for (const [i, line] of lines.entries()) {
    if (i !== 0) w.write(at.level, '\t');
    w.line(0, line);
  }
}

function expressionText(expression: JsonObject): string {
  const values = textsAt(expression, 'values');
  const head = `${textAt(expression, 'key')} ${textAt(expression, 'operator').toLowerCase()}`;
  return values.length === 0 ? head : `${head} [${values.join(', ')}]`;
}
