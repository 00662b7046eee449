// What CSI drivers tell about themselves, and attached volumes.

import { alike } from '../api/alike.ts';
import type {
  CSIDriver,
  CSINode,
  CSIStorageCapacity,
  VolumeAttachment,
  VolumeAttributesClass,
} from '../api/generated/types.ts';
import { ageColumn, createdAtColumns, flagColumn, nameColumn, numberColumn, textColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { assign, change, fill } from './share.ts';
import { statusOfItsOwn } from './status-of-its-own.ts';

const group = 'storage.k8s.io';

/** What the server knows about CSIDrivers. */
export const csiDriver = defineKind<CSIDriver>({
  group,
  kind: 'CSIDriver',
  returnsDeleted: true,
  unconditionalUpdate: false,
  // A new driver has no generation.
  prepareForCreate: withoutAlphaFields,
  prepareForUpdate(given, old) {
    const driver = withoutAlphaFields(given);
    if (alike(driver.spec, old.spec)) return driver;
    return { ...driver, metadata: { ...driver.metadata, generation: (old.metadata?.generation ?? 0) + 1 } };
  },
  defaults: (driver) =>
    change(driver, 'spec', (spec) =>
      fill(spec.volumeLifecycleModes?.length ? spec : assign(spec, { volumeLifecycleModes: ['Persistent'] }), {
        attachRequired: true,
        podInfoOnMount: false,
        storageCapacity: false,
        fsGroupPolicy: 'ReadWriteOnceWithFSType',
        requiresRepublish: false,
        seLinuxMount: false,
      }),
    ),
  columns: [
    nameColumn,
    flagColumn('AttachRequired', 'Whether volumes are attached first.', ({ spec }) => spec?.attachRequired ?? true),
    flagColumn('PodInfoOnMount', 'Whether it is told about the pod.', ({ spec }) => spec?.podInfoOnMount),
    flagColumn('StorageCapacity', 'Whether it tells its capacity.', ({ spec }) => spec?.storageCapacity),
    textColumn('TokenRequests', 'Audiences of the tokens that it gets.', ({ spec }) => {
      return spec?.tokenRequests ? spec.tokenRequests.map(({ audience }) => audience).join(',') : '<unset>';
    }),
    flagColumn('RequiresRepublish', 'Whether it is called again and again.', ({ spec }) => spec?.requiresRepublish),
    textColumn('Modes', 'Kinds of volumes.', ({ spec }) => (spec?.volumeLifecycleModes ?? []).join(',') || '<none>'),
    ageColumn,
  ],
});

/** What the server knows about CSINodes. */
export const csiNode = defineKind<CSINode>({
  group,
  kind: 'CSINode',
  returnsDeleted: true,
  unconditionalUpdate: false,
  columns: [
    nameColumn,
    numberColumn('Drivers', 'Number of drivers on the node.', ({ spec }) => spec?.drivers?.length),
    ageColumn,
  ],
});

/** What the server knows about CSIStorageCapacities. */
export const csiStorageCapacity = defineKind<CSIStorageCapacity>({
  group,
  kind: 'CSIStorageCapacity',
  unconditionalUpdate: false,
  columns: createdAtColumns,
});

/** What the server knows about VolumeAttachments. */
export const volumeAttachment = defineKind<VolumeAttachment>({
  ...statusOfItsOwn,
  group,
  kind: 'VolumeAttachment',
  returnsDeleted: true,
  unconditionalUpdate: false,
  prepareForCreate: (attachment) => ({ ...attachment, status: { attached: false } }),
  prepareForStatusUpdate: (attachment, old) => ({ ...attachment, metadata: old.metadata }),
  columns: [
    nameColumn,
    { ...textColumn('Attacher', 'The driver.', ({ spec }) => spec?.attacher ?? ''), format: 'name' },
    textColumn('PV', 'The volume.', ({ spec }) => spec?.source.persistentVolumeName ?? ''),
    textColumn('Node', 'The node.', ({ spec }) => spec?.nodeName ?? ''),
    flagColumn('Attached', 'Whether it is attached.', ({ status }) => status?.attached),
    ageColumn,
  ],
});

/** What the server knows about VolumeAttributesClasses. */
export const volumeAttributesClass = defineKind<VolumeAttributesClass>({
  group,
  kind: 'VolumeAttributesClass',
  returnsDeleted: true,
  columns: [nameColumn, textColumn('DriverName', 'The driver.', ({ driverName }) => driverName ?? ''), ageColumn],
});

/** What is alpha is dropped without a word. */
function withoutAlphaFields(driver: CSIDriver): CSIDriver {
  return change(driver, 'spec', (spec) => assign(spec, { preventPodSchedulingIfMissing: undefined }));
}
