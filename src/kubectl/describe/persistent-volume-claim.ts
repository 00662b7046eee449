// Describes persistent volume claims, with the pods that use them.
import { at, objectAt, objectsAt, textAt, textsAt } from '../../base/fields.ts';
import { goText } from '../../base/go/format.ts';
import type { JsonObject } from '../../base/json.ts';
import { collectionPath, type DescribeClient, describer, namespaceOf } from './describer.ts';
import type { DescriptionWriter } from './description-writer.ts';
import { rfc1123 } from './go-time.ts';
import { ageSince, writeColumn, writeMetadataMaps } from './metadata.ts';

export const persistentVolumeClaimDescriber = describer<readonly string[]>({
  group: '',
  kind: 'PersistentVolumeClaim',
  resource: ['/api/v1', 'persistentvolumeclaims'],
  related: podsUsing,
  write: (w, claim, { related, now }) => {
    writeClaim(w, claim, { whole: true, now });
    writeColumn(w, 'Used By', related);
    writeConditions(w, objectsAt(claim, 'status.conditions'));
  },
});

/** A claim, or (not `whole`) the template of one in a pod's ephemeral volume. */
export function writeClaim(w: DescriptionWriter, claim: JsonObject, options: { whole: boolean; now: number }): void {
  const bound = textAt(claim, 'spec.volumeName');
  if (options.whole) {
    w.field(0, 'Name', textAt(claim, 'metadata.name'));
    w.field(0, 'Namespace', textAt(claim, 'metadata.namespace'));
  }
  w.field(0, 'StorageClass', storageClassOf(claim));
  if (options.whole) w.field(0, 'Status', lifeText(claim, options.now));
  w.field(0, 'Volume', bound);
  writeMetadataMaps(w, claim);
  if (options.whole) w.field(0, 'Finalizers', goText(at(claim, 'metadata.finalizers') ?? []));
  w.field(0, 'Capacity', bound === '' ? '' : textAt(claim, 'status.capacity.storage') || '0');
  w.field(0, 'Access Modes', bound === '' ? '' : accessModesText(textsAt(claim, 'status.accessModes')));
  w.optional(0, 'VolumeMode', textAt(claim, 'spec.volumeMode'));
  const source = objectAt(claim, 'spec.dataSource');
  if (!source) return;
  w.line(0, 'DataSource:');
  w.optional(1, 'APIGroup', textAt(source, 'apiGroup'));
  w.field(1, 'Kind', textAt(source, 'kind'));
  w.field(1, 'Name', textAt(source, 'name'));
}

/** The phase, or how long ago the object was deleted. */
export function lifeText(object: JsonObject, now: number): string {
  const deleted = textAt(object, 'metadata.deletionTimestamp');
  return deleted === '' ? textAt(object, 'status.phase') : `Terminating (lasts ${ageSince(deleted, now)})`;
}

/** The storage class of a claim or volume; the old annotation comes first. */
export function storageClassOf(object: JsonObject): string {
  const old = objectAt(object, 'metadata.annotations')?.['volume.beta.kubernetes.io/storage-class'];
  return typeof old === 'string' ? old : textAt(object, 'spec.storageClassName');
}

/** `RWO,RWX`, always in the same order. */
export function accessModesText(modes: readonly string[]): string {
  const known = [
    ['ReadWriteOnce', 'RWO'],
    ['ReadOnlyMany', 'ROX'],
    ['ReadWriteMany', 'RWX'],
    ['ReadWriteOncePod', 'RWOP'],
  ] as const;
  return known.flatMap(([mode, short]) => (modes.includes(mode) ? [short] : [])).join(',');
}

async function podsUsing(claim: JsonObject, client: DescribeClient): Promise<readonly string[]> {
  const path = collectionPath({ prefix: '/api/v1', resource: 'pods', namespace: namespaceOf(claim) });
  const pods = await client.list(path);
  const name = textAt(claim, 'metadata.name');
  const users: string[] = [];
  for (const pod of pods) {
    for (const volume of objectsAt(pod, 'spec.volumes')) {
      if (textAt(volume, 'persistentVolumeClaim.claimName') === name) users.push(textAt(pod, 'metadata.name'));
    }
  }
  for (const owner of objectsAt(claim, 'metadata.ownerReferences')) {
    if (textAt(owner, 'kind') !== 'Pod') continue;
    const pod = pods.find((item) => textAt(item, 'metadata.uid') === textAt(owner, 'uid'));
    const user = textAt(pod, 'metadata.name');
    if (pod && !users.includes(user)) users.push(user);
  }
  return users.sort();
}

function writeConditions(w: DescriptionWriter, conditions: readonly JsonObject[]): void {
  if (conditions.length === 0) return;
  w.line(0, 'Conditions:');
  w.line(1, 'Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage');
  w.line(1, '----\t------\t-----------------\t------------------\t------\t-------');
  for (const condition of conditions) {
    const text = (field: string) => textAt(condition, field);
    const times = `${rfc1123(text('lastProbeTime'))} \t${rfc1123(text('lastTransitionTime'))}`;
    w.line(1, `${text('type')} \t${text('status')} \t${times} \t${text('reason')} \t${text('message')}`);
  }
}
