// What CSI drivers tell about themselves, and attached volumes.

import { alike } from '../../api/alike.ts';
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  notSupported,
  required,
  tooLong,
} from '../../api/field-error.ts';
import type {
  CSIDriver,
  CSIDriverSpec,
  CSINode,
  CSINodeDriver,
  CSIStorageCapacity,
  PersistentVolumeSpec,
  StorageTokenRequest,
  VolumeAttachment,
  VolumeAttachmentSource,
  VolumeError,
} from '../../api/generated/types.ts';
import { dns1123Subdomain, qualifiedName } from '../../api/names.ts';
import { parseQuantity } from '../../api/quantity.ts';
import { internalForm } from '../internal-form.ts';
import { assign } from '../share.ts';
import { complain, nonNegative, optionalOneOf, require, shown } from './checks.ts';
import { accessModes, exclusiveMode } from './claim-spec.ts';
import { validateSelector } from './labels.ts';
import { validateDriverName, validatePlugin } from './volume-plugins.ts';

const nodeIdMax = 256;
const metadataBytesMax = 256 * 1024;
const messageMax = 1024;
const tokenSecondsMin = 600;
const tokenSecondsMax = 2 ** 32;
const updatePeriodSecondsMin = 10;

/** Adds what is wrong with a driver. */
export function validateDriver({ spec = {} }: CSIDriver, errors: FieldError[]): void {
  validateDriverSpec(errors, spec);
}

/** How a driver's volumes come to a node stays as it is. */
export function validateDriverUpdate({ spec = {} }: CSIDriver, old: CSIDriver, errors: FieldError[]): void {
  validateDriverSpec(errors, spec);
  // Upstream names the first field so.
  const before = old.spec ?? {};
  for (const [field, name] of [
    ['attachedRequired', 'attachRequired'],
    ['volumeLifecycleModes', 'volumeLifecycleModes'],
  ] as const)
    if (!alike(spec[name], before[name]))
      errors.push(invalid(`spec.${field}`, shown(spec[name] ?? null), 'field is immutable'));
}

/** Adds what is wrong with the drivers of a node. */
export function validateNodeDrivers({ spec }: CSINode, errors: FieldError[]): void {
  const drivers = spec?.drivers ?? [];
  for (const [i, driver] of drivers.entries()) {
    const at = `spec.drivers[${i}]`;
    validateNodeDriver(errors, at, driver, drivers.findIndex(({ name }) => name === driver.name) < i);
  }
}

/** A driver that stays changes in nothing but how many volumes it can attach. */
export function validateNodeDriversUpdate(node: CSINode, old: CSINode, errors: FieldError[]): void {
  validateNodeDrivers(node, errors);
  for (const before of old.spec?.drivers ?? [])
    for (const driver of node.spec?.drivers ?? []) {
      if (driver.name !== before.name) continue;
      const [was, is] = [before, driver].map((one) => assign(one, { allocatable: undefined }));
      if (!is || alike(is, was)) continue;
      errors.push(invalid('spec.drivers', internalForm('storage_CSINodeDriver', is), 'field is immutable'));
    }
}

/** Adds what is wrong with what is left in a segment of the topology. */
export function validateCapacity(
  { nodeTopology, storageClassName = '', capacity }: Partial<CSIStorageCapacity>,
  errors: FieldError[],
): void {
  validateSelector(errors, 'nodeTopology', nodeTopology);
  complain(errors, 'storageClassName', storageClassName, dns1123Subdomain(storageClassName));
  if (capacity !== undefined && parseQuantity(capacity).sign() < 0)
    errors.push(invalid('capacity', capacity, 'must be greater than or equal to 0'));
}

/** It stays of one class and segment. */
export function validateCapacityUpdate(one: CSIStorageCapacity, old: CSIStorageCapacity, errors: FieldError[]): void {
  validateCapacity(one, errors);
  for (const name of ['nodeTopology', 'storageClassName'] as const)
    if (!alike(one[name], old[name])) errors.push(invalid(name, shown(one[name] ?? null), 'field is immutable'));
}

/** Adds what is wrong with an attachment. */
export function validateAttachment({ spec, status }: VolumeAttachment, errors: FieldError[]): void {
  const { attacher, source = {}, nodeName = '' } = spec ?? {};
  validateDriverName(errors, 'spec.attacher', attacher);
  validateSource(errors, 'spec.source', source);
  complain(errors, 'spec.nodeName', nodeName, dns1123Subdomain(nodeName));
  const { attachmentMetadata = {}, attachError, detachError } = status ?? {};
  const bytes = Object.entries(attachmentMetadata).reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  if (bytes > metadataBytesMax) errors.push(tooLong('status.attachmentMetadata', metadataBytesMax));
  validateProblem(errors, 'status.attachError', attachError);
  validateProblem(errors, 'status.detachError', detachError);
  const { persistentVolumeName: name } = source;
  if (name !== undefined) complain(errors, 'spec.source.persistentVolumeName', name, dns1123Subdomain(name));
}

/** What is attached where stays as it is. */
export function validateAttachmentUpdate(one: VolumeAttachment, old: VolumeAttachment, errors: FieldError[]): void {
  validateAttachment(one, errors);
  if (!alike(one.spec, old.spec))
    errors.push(invalid('spec', internalForm('storage_VolumeAttachmentSpec', one.spec ?? {}), 'field is immutable'));
}

function validateDriverSpec(errors: FieldError[], spec: CSIDriverSpec): void {
  const { tokenRequests = [], nodeAllocatableUpdatePeriodSeconds: period, serviceAccountTokenInSecrets: secret } = spec;
  const policies = ['File', 'None', 'ReadWriteOnceWithFSType'];
  optionalOneOf(errors, 'spec.fsGroupPolicy', spec.fsGroupPolicy, policies);
  validateTokens(errors, 'spec.tokenRequests', tokenRequests);
  const modes = ['Persistent', 'Ephemeral'];
  for (const mode of spec.volumeLifecycleModes ?? [])
    if (!modes.includes(mode)) errors.push(notSupported('spec.volumeLifecycleModes', mode, modes));
  if (period !== undefined && period < updatePeriodSecondsMin) {
    const detail = 'must be greater than or equal to 10 seconds';
    errors.push(invalid('spec.nodeAllocatableUpdatePeriodSeconds', period, detail));
  }
  if (secret !== undefined && tokenRequests.length === 0) {
    const detail = 'serviceAccountTokenInSecrets is set but no tokenRequests are specified';
    errors.push(invalid('spec.serviceAccountTokenInSecrets', secret, detail));
  }
}

function validateTokens(errors: FieldError[], field: string, tokens: readonly StorageTokenRequest[]): void {
  for (const [i, { audience, expirationSeconds: seconds }] of tokens.entries()) {
    const at = `${field}[${i}]`;
    const refuse = (value: number, detail: string) =>
      void errors.push(invalid(`${at}.expirationSeconds`, value, `may not specify a duration ${detail}`));
    if (tokens.findIndex((one) => one.audience === audience) < i) errors.push(duplicate(`${at}.audience`, audience));
    else if (seconds !== undefined && seconds < tokenSecondsMin) refuse(seconds, 'less than 10 minutes');
    else if (seconds !== undefined && seconds > tokenSecondsMax) refuse(seconds, 'larger than 2^32 seconds');
  }
}

function validateNodeDriver(errors: FieldError[], field: string, driver: CSINodeDriver, again: boolean): void {
  const { name, nodeID = '', allocatable, topologyKeys = [] } = driver;
  validateDriverName(errors, `${field}.name`, name);
  require(errors, `${field}.nodeID`, nodeID);
  if (nodeID.length > nodeIdMax)
    errors.push(invalid(`${field}.nodeID`, nodeID, `must be ${nodeIdMax} characters or less`));
  nonNegative(errors, `${field}.allocatable.count`, allocatable?.count);
  if (again) errors.push(duplicate(`${field}.name`, name));
  for (const [i, key] of topologyKeys.entries()) {
    require(errors, field, key);
    if (topologyKeys.indexOf(key) < i) errors.push(duplicate(field, key));
    complain(errors, field, key, qualifiedName(key));
  }
}

function validateSource(errors: FieldError[], field: string, source: VolumeAttachmentSource): void {
  const { inlineVolumeSpec: inline, persistentVolumeName: name } = source;
  const one = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';
  if (inline && name !== undefined) errors.push(forbidden(field, one));
  else if (inline) validateInline(errors, `${field}.inlineVolumeSpec`, inline);
  else if (name === undefined) errors.push(required(field, one));
  else if (name === '')
    errors.push(required(`${field}.persistentVolumeName`, 'must specify non empty persistentVolumeName'));
}

/** A volume that a pod brought with it: of a CSI driver, and without what only volumes of their own have. */
function validateInline(errors: FieldError[], field: string, spec: PersistentVolumeSpec): void {
  const inlineVolumes = 'in the context of inline volumes';
  const refuse = (name: string, detail: string) =>
    void errors.push(forbidden(`${field}.${name}`, `${detail} ${inlineVolumes}`));
  const { accessModes: modes = [], csi, volumeMode, persistentVolumeReclaimPolicy: policy } = spec;
  if (spec.claimRef) refuse('claimRef', 'may not be specified');
  if (Object.keys(spec.capacity ?? {}).length > 0) refuse('capacity', 'may not be specified');
  if (!csi) errors.push(required(`${field}.csi`, `has to be specified ${inlineVolumes}`));
  if (modes.length === 0) errors.push(required(`${field}.accessModes`));
  for (const mode of modes)
    if (!accessModes.includes(mode)) errors.push(notSupported(`${field}.accessModes`, mode, accessModes));
  exclusiveMode(errors, `${field}.accessModes`, modes);
  if (policy && policy !== 'Retain') refuse('persistentVolumeReclaimPolicy', 'may only be Retain');
  if (spec.nodeAffinity) refuse('nodeAffinity', 'may not be specified');
  if (csi) validatePlugin(errors, field, { name: 'csi', sources: spec, persistent: true, owner: '' });
  else errors.push(required(field, 'must specify a volume type'));
  if (spec.storageClassName) refuse('storageClassName', 'may not be specified');
  if (volumeMode !== undefined && volumeMode !== 'Filesystem')
    refuse('volumeMode', 'may not specify volumeMode other than Filesystem');
}

function validateProblem(errors: FieldError[], field: string, problem: VolumeError | undefined): void {
  const { message = '', errorCode } = problem ?? {};
  if (message.length > messageMax) errors.push(tooLong(`${field}.message`, metadataBytesMax));
  if (errorCode !== undefined && errorCode < 0)
    errors.push(invalid(`${field}.errorCode`, errorCode, 'must be between 0 and 2147483647, inclusive'));
}
