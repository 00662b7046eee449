// The Volumes section of pods and the Source section of persistent volumes.
//
// Every volume type is a title and rows; a row is a label and where its value is in the source.
import { at, entriesAt, flagAt, objectAt, objectsAt, textAt } from '../../base/fields.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import type { DescriptionWriter } from './description-writer.ts';
import { shorten } from './metadata.ts';
import { writeClaim } from './persistent-volume-claim.ts';
import { type Row, rowValue, type VolumeType, volumeTypes } from './volume-types.ts';

export function writeVolumes(w: DescriptionWriter, volumes: readonly JsonObject[], space: string): void {
  if (volumes.length === 0) {
    w.field(0, `${space}Volumes`, '<none>');
    return;
  }
  w.line(0, `${space}Volumes:`);
  for (const volume of volumes) {
    w.line(1, `${space === '' ? '' : ' '}${textAt(volume, 'name')}:`);
    writeVolumeSource(w, volume, { persistent: false });
  }
}

/** Writes the source that `holder` (a pod's volume, or a persistent volume's spec) has. */
export function writeVolumeSource(w: DescriptionWriter, holder: JsonObject, options: { persistent: boolean }): void {
  for (const type of volumeTypes) {
    const source = objectAt(holder, type.field);
    if (!source || (options.persistent ? type.podOnly : type.persistentOnly)) continue;
    w.field(2, 'Type', `${type.title}`);
    for (const row of rowsOf(type, options.persistent)) w.line(2, `${row.label}\t${rowValue(source, row)}`);
    writeExtra(w, type.field, source);
    return;
  }
  w.line(1, '<unknown>');
}

function rowsOf(type: VolumeType, persistent: boolean): readonly Row[] {
  return (persistent && type.persistentRows) || type.rows;
}

/** What does not fit into rows. */
function writeExtra(w: DescriptionWriter, field: string, source: JsonObject): void {
  if (field === 'csi') writeAttributes(w, source);
  else if (field === 'projected') writeProjected(w, source);
  else if (field === 'downwardAPI') {
    w.line(2, 'Items:');
    for (const item of objectsAt(source, 'items')) {
      for (const path of ['fieldRef.fieldPath', 'resourceFieldRef.resource']) {
        if (textAt(item, path) !== '') w.line(3, `${textAt(item, path)} -> ${textAt(item, 'path')}`);
      }
    }
  } else if (field === 'ephemeral') {
    const template = objectAt(source, 'volumeClaimTemplate');
    if (template) w.nested(2, (inner) => writeClaim(inner, template, { whole: false, now: 0 }));
  }
}

function writeAttributes(w: DescriptionWriter, source: JsonObject): void {
  w.write(2, 'VolumeAttributes:\t');
  const attributes = entriesAt(source, 'volumeAttributes');
  if (attributes.length === 0) w.line(0, '<none>');
  for (const [i, [key, value]] of attributes.entries()) {
    if (i !== 0) w.write(2, `${'  '.repeat(2)}\t`);
    w.line(2, shorten(`${key}=${value}`, 140));
  }
}

function writeProjected(w: DescriptionWriter, source: JsonObject): void {
  for (const item of objectsAt(source, 'sources')) {
    if (isObject(item.secret)) writeProjectedName(w, 'SecretName', item.secret);
    else if (isObject(item.downwardAPI)) w.field(2, 'DownwardAPI', 'true');
    else if (isObject(item.configMap)) writeProjectedName(w, 'ConfigMapName', item.configMap);
    else if (isObject(item.serviceAccountToken)) {
      w.field(2, 'TokenExpirationSeconds', String(at(item.serviceAccountToken, 'expirationSeconds') ?? 0));
    }
  }
}

function writeProjectedName(w: DescriptionWriter, label: string, source: JsonObject): void {
  w.field(2, label, textAt(source, 'name'));
  w.field(2, 'Optional', flagAt(source, 'optional'));
}
