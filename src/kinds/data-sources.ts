// Where a claim's volume gets its first contents from: an older field and a newer one that say the same.
//
//   dataSource: {kind: PersistentVolumeClaim, name: a}     ⇄     dataSourceRef: {kind: PersistentVolumeClaim, name: a}
import type { PersistentVolumeClaimSpec } from '../api/generated/types.ts';
import { assign } from './share.ts';

/** The spec with both fields. What the older field never allowed is dropped from it, unless `old` has a source. */
export function withDataSources(
  given: PersistentVolumeClaimSpec,
  old?: PersistentVolumeClaimSpec,
): PersistentVolumeClaimSpec {
  let spec = given;
  // CrossNamespaceVolumeDataSource is off in v1.36.
  if (spec.dataSourceRef?.namespace && !old?.dataSourceRef) spec = assign(spec, { dataSourceRef: undefined });
  const { dataSource, dataSourceRef } = spec;
  if (dataSource && !dataSourceRef) {
    if (!old?.dataSource && !old?.dataSourceRef && !isOfOldKind(dataSource))
      return assign(spec, { dataSource: undefined });
    return { ...spec, dataSourceRef: dataSource };
  }
  if (!dataSourceRef || dataSource || dataSourceRef.namespace) return spec;
  const { namespace: _, ...source } = dataSourceRef;
  return { ...spec, dataSource: source };
}

function isOfOldKind({ apiGroup = '', kind }: NonNullable<PersistentVolumeClaimSpec['dataSource']>): boolean {
  return apiGroup === '' ? kind === 'PersistentVolumeClaim' : apiGroup === snapshots && kind === 'VolumeSnapshot';
}

const snapshots = 'snapshot.storage.k8s.io';
