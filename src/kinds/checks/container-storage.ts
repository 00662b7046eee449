// What is wrong with what CSI drivers tell about themselves, and attached volumes.

import { alike } from '../../api/alike.ts';
import type {
  CSIDriver,
  CSINode,
  CSIStorageCapacity,
  VolumeAttachment,
  VolumeAttributesClass,
} from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { selectorWarnings } from '../node-label-warnings.ts';
import {
  validateAttachment,
  validateAttachmentUpdate,
  validateCapacity,
  validateCapacityUpdate,
  validateDriver,
  validateDriverUpdate,
  validateNodeDrivers,
  validateNodeDriversUpdate,
} from '../validation/container-storage.ts';
import { validateAttributesClass, validateAttributesClassUpdate } from '../validation/storage-classes.ts';

export const csiDriverChecks = defineChecks<CSIDriver>({
  group: 'storage.k8s.io',
  kind: 'CSIDriver',
  validate: validateDriver,
  validateUpdate: validateDriverUpdate,
  warnings: ({ spec }, old) => {
    const asked = spec?.tokenRequests ?? [];
    const changed = !old || !alike(asked, old.spec?.tokenRequests ?? []);
    return changed && asked.length > 0 && spec?.serviceAccountTokenInSecrets === undefined ? [tokensInSecrets] : [];
  },
});

export const csiNodeChecks = defineChecks<CSINode>({
  group: 'storage.k8s.io',
  kind: 'CSINode',
  validate: validateNodeDrivers,
  validateUpdate: validateNodeDriversUpdate,
});

export const csiStorageCapacityChecks = defineChecks<CSIStorageCapacity>({
  group: 'storage.k8s.io',
  kind: 'CSIStorageCapacity',
  validate: validateCapacity,
  validateUpdate: validateCapacityUpdate,
  warnings: ({ nodeTopology }) => selectorWarnings(nodeTopology, 'nodeTopology'),
});

export const volumeAttachmentChecks = defineChecks<VolumeAttachment>({
  group: 'storage.k8s.io',
  kind: 'VolumeAttachment',
  validate: validateAttachment,
  validateUpdate: validateAttachmentUpdate,
  validateStatusUpdate: validateAttachmentUpdate,
});

export const volumeAttributesClassChecks = defineChecks<VolumeAttributesClass>({
  group: 'storage.k8s.io',
  kind: 'VolumeAttributesClass',
  validate: validateAttributesClass,
  validateUpdate: validateAttributesClassUpdate,
});

const tokensInSecrets =
  'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes';
