// Volumes that drivers outside of the node provide: clouds' disks, file systems of the network, CSI. In PersistentVolumes
// (`persistent`) they say a little more than in pods.
import { type FieldError, invalid, notSupported, required, tooLong } from '../../api/field-error.ts';
import type { PersistentVolumeSpec, SecretReference, Volume } from '../../api/generated/types.ts';
import { dns1123Label, dns1123Subdomain, inRange } from '../../api/names.ts';
import { complain, require, shown, sortedEntries } from './checks.ts';

type Sources = Omit<Volume, 'name'> | PersistentVolumeSpec;

/** Sources for which it is enough that some fields are there. */
const needs: Readonly<Record<string, readonly string[]>> = {
  glusterfs: ['endpoints', 'path'],
  rbd: ['monitors', 'image'],
  cephfs: ['monitors'],
  vsphereVolume: ['volumePath'],
  photonPersistentDisk: ['pdID'],
  portworxVolume: ['volumeID'],
  scaleIO: ['gateway', 'system', 'volumeName'],
  azureFile: ['secretName', 'shareName'],
  azureDisk: ['diskName', 'diskURI'],
  cinder: ['volumeID'],
};

/** Names that upstream has for a source in its messages where they are others. */
const paths: Readonly<Record<string, string>> = { gcePersistentDisk: 'persistentDisk' };

/** Adds what is wrong with one source; `at` is what has it, e.g. `spec.volumes[0]`. */
export function validatePlugin(
  errors: FieldError[],
  at: string,
  given: { readonly name: string; readonly sources: Sources; readonly persistent: boolean; readonly owner: string },
): void {
  const { name, sources, persistent, owner } = given;
  const field = `${at}.${paths[name] ?? name}`;
  const source = fieldsOf(sources, name);
  for (const need of needs[name] ?? []) {
    const value = source[need];
    if (Array.isArray(value) ? value.length === 0 : !value) errors.push(required(`${field}.${need}`));
  }
  const { gcePersistentDisk, awsElasticBlockStore, iscsi, fc, flocker, quobyte, azureDisk, csi } = pick(sources);
  if (name === 'gcePersistentDisk') validateDisk(errors, field, 'pdName', gcePersistentDisk);
  else if (name === 'awsElasticBlockStore') validateDisk(errors, field, 'volumeID', awsElasticBlockStore);
  else if (name === 'iscsi' && iscsi) validateIscsi(errors, field, { iscsi, persistent, owner });
  else if (name === 'fc' && fc) validateFibreChannel(errors, field, fc);
  else if (name === 'flocker' && flocker) validateFlocker(errors, field, flocker);
  else if (name === 'quobyte' && quobyte) validateQuobyte(errors, field, quobyte);
  else if (name === 'azureDisk' && azureDisk) validateAzureDisk(errors, field, azureDisk);
  else if (name === 'flexVolume') validateFlex(errors, field, source);
  else if (name === 'storageos') validateStorageOs(errors, field, source, persistent);
  else if (name === 'cinder') secretNeeds(errors, `${field}.secretRef`, source.secretRef, persistent);
  else if (name === 'glusterfs' && persistent) validateNamespace(errors, `${field}.endpointsNamespace`, source);
  else if (name === 'azureFile' && persistent && source.secretNamespace === '')
    errors.push(required(`${field}.secretNamespace`));
  else if (name === 'csi' && csi) validateCsi(errors, field, { csi, persistent });
}

/** Adds what is wrong with the name of a CSI driver. */
export function validateDriverName(errors: FieldError[], field: string, name: string | undefined): void {
  if (!require(errors, field, name)) return;
  if (name.length > 63) errors.push(tooLong(field, 63));
  complain(errors, field, name, dns1123Subdomain(name.toLowerCase()));
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(sources: Sources, name: string): Fields {
  return ((sources as Fields)[name] as Fields | undefined) ?? {}; // edge: a source is an object of JSON
}

type Shared = Omit<Volume, 'name' | 'csi'> & Pick<PersistentVolumeSpec, 'csi'>;

function pick(sources: Sources): Shared {
  return sources as Shared; // edge: these sources have the same fields in pods and in volumes
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function validateDisk(
  errors: FieldError[],
  field: string,
  id: string,
  disk: { readonly partition?: number | undefined } | undefined,
): void {
  require(errors, `${field}.${id}`, textOf((disk as Fields | undefined)?.[id])); // edge: an object of JSON
  const partition = disk?.partition ?? 0;
  if (partition >= 0 && partition <= 255) return;
  errors.push(invalid(`${field}.partition`, partition, 'must be between 0 and 255, inclusive'));
}

const initiators: Readonly<Record<string, RegExp>> = {
  iqn: /iqn\.\d{4}-\d{2}\.[A-Za-z0-9-.]+:[^,;*&$|\s]+$/,
  eui: /^eui.[A-Za-z0-9]{16}$/,
  naa: /^naa.[A-Za-z0-9]{32}$/,
};

function initiatorProblem(name: string, persistent: boolean): string | undefined {
  const form = initiators[name.slice(0, 3)];
  if (!form) return `must be valid format${persistent ? '' : ' starting with iqn, eui, or naa'}`;
  return form.test(name) ? undefined : 'must be valid format';
}

function validateIscsi(
  errors: FieldError[],
  field: string,
  given: {
    readonly iscsi: NonNullable<Volume['iscsi']>;
    readonly persistent: boolean;
    readonly owner: string;
  },
): void {
  const { iscsi, persistent, owner } = given;
  const { targetPortal = '', iqn = '', lun = 0, initiatorName } = iscsi;
  const long = initiatorName !== undefined && `${owner}:${targetPortal}`.length > 64;
  const tooLongText =
    'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.';
  require(errors, `${field}.targetPortal`, targetPortal);
  if (long && persistent) errors.push(invalid(`${field}.targetportal`, targetPortal, tooLongText));
  if (require(errors, `${field}.iqn`, iqn)) {
    const problem = initiatorProblem(iqn, persistent);
    if (problem) errors.push(invalid(`${field}.iqn`, iqn, problem));
  }
  complain(errors, `${field}.lun`, lun, inRange(lun, 0, 255));
  if ((iscsi.chapAuthDiscovery || iscsi.chapAuthSession) && !iscsi.secretRef)
    errors.push(required(`${field}.secretRef`));
  if (persistent && iscsi.secretRef) require(errors, `${field}.secretRef.name`, iscsi.secretRef.name);
  if (initiatorName !== undefined) {
    const problem = initiatorProblem(initiatorName, persistent);
    if (problem) errors.push(invalid(`${field}.initiatorname`, initiatorName, problem));
  }
  if (long && !persistent) errors.push(invalid(`${field.replace(/\.iscsi$/, '')}.name`, owner, tooLongText));
}

function validateFibreChannel(
  errors: FieldError[],
  field: string,
  { targetWWNs = [], wwids = [], lun }: NonNullable<Volume['fc']>,
): void {
  const at = `${field}.targetWWNs`;
  if (targetWWNs.length + wwids.length === 0)
    errors.push(required(at, 'must specify either targetWWNs or wwids, but not both'));
  if (targetWWNs.length > 0 && wwids.length > 0)
    errors.push(invalid(at, targetWWNs, 'targetWWNs and wwids can not be specified simultaneously'));
  if (targetWWNs.length === 0) return;
  if (lun === undefined) errors.push(required(`${field}.lun`, 'lun is required if targetWWNs is specified'));
  else complain(errors, `${field}.lun`, lun, inRange(lun, 0, 255));
}

function validateFlocker(
  errors: FieldError[],
  field: string,
  { datasetName = '', datasetUUID = '' }: NonNullable<Volume['flocker']>,
): void {
  if (datasetName === '' && datasetUUID === '')
    errors.push(required(field, 'one of datasetName and datasetUUID is required'));
  if (datasetName !== '' && datasetUUID !== '')
    errors.push(invalid(field, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'));
  if (datasetName.includes('/')) errors.push(invalid(`${field}.datasetName`, datasetName, "must not contain '/'"));
}

function validateQuobyte(
  errors: FieldError[],
  field: string,
  { registry = '', tenant = '', volume }: NonNullable<Volume['quobyte']>,
): void {
  const form = 'must be a host:port pair or multiple pairs separated by commas';
  if (registry === '') errors.push(required(`${field}.registry`, form));
  else if (tenant.length >= 65)
    errors.push(required(`${field}.tenant`, 'must be a UUID and may not exceed a length of 64 characters'));
  else
    for (const pair of registry.split(','))
      if (!/^(\[[^\]]*\]|[^:[\]]*):[^:]*$/.test(pair)) errors.push(invalid(`${field}.registry`, registry, form));
  require(errors, `${field}.volume`, volume);
}

function validateAzureDisk(
  errors: FieldError[],
  field: string,
  { cachingMode, kind, diskURI = '' }: NonNullable<Volume['azureDisk']>,
): void {
  const modes = ['None', 'ReadOnly', 'ReadWrite'];
  const kinds = ['Dedicated', 'Managed', 'Shared'];
  if (cachingMode !== undefined && !modes.includes(cachingMode))
    errors.push(notSupported(`${field}.cachingMode`, cachingMode, modes));
  if (kind !== undefined && !kinds.includes(kind)) errors.push(notSupported(`${field}.kind`, kind, kinds));
  const managed = '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}';
  const blob = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd';
  if (kind === 'Managed' && !diskURI.startsWith('/subscriptions/'))
    errors.push(notSupported(`${field}.diskURI`, diskURI, [managed]));
  if (kind !== undefined && kind !== 'Managed' && !diskURI.startsWith('https://'))
    errors.push(notSupported(`${field}.diskURI`, diskURI, [blob]));
}

function validateFlex(errors: FieldError[], field: string, source: Fields): void {
  require(errors, `${field}.driver`, textOf(source.driver));
  const options = source.options as Readonly<Record<string, string>> | undefined; // edge: an object of JSON
  for (const [key] of sortedEntries(options))
    if (/\.(kubernetes|k8s)\.io$/.test(`.${(key.split('/')[0] ?? '').toLowerCase()}`) && key.includes('/'))
      errors.push(invalid(`${field}.options[${key}]`, key, 'kubernetes.io and k8s.io namespaces are reserved'));
}

function validateStorageOs(errors: FieldError[], field: string, source: Fields, persistent: boolean): void {
  const [name, namespace] = [textOf(source.volumeName), textOf(source.volumeNamespace)];
  if (require(errors, `${field}.volumeName`, name)) complain(errors, `${field}.volumeName`, name, dns1123Label(name));
  if (namespace !== '') complain(errors, `${field}.volumeNamespace`, namespace, dns1123Label(namespace));
  secretNeeds(errors, `${field}.secretRef`, source.secretRef, persistent);
}

function secretNeeds(errors: FieldError[], field: string, given: unknown, persistent: boolean): void {
  const reference = given as SecretReference | undefined; // edge: an object of JSON
  if (!reference) return;
  require(errors, `${field}.name`, reference.name);
  if (persistent) require(errors, `${field}.namespace`, reference.namespace);
}

function validateNamespace(errors: FieldError[], field: string, { endpointsNamespace }: Fields): void {
  if (typeof endpointsNamespace !== 'string') return;
  if (endpointsNamespace === '')
    errors.push(invalid(field, '', 'if the endpointnamespace is set, it must be a valid namespace name'));
  else complain(errors, field, endpointsNamespace, dns1123Label(endpointsNamespace));
}

const csiSecrets = [
  'controllerPublishSecretRef',
  'controllerExpandSecretRef',
  'nodePublishSecretRef',
  'nodeExpandSecretRef',
] as const;

function validateCsi(
  errors: FieldError[],
  field: string,
  { csi, persistent }: { readonly csi: NonNullable<PersistentVolumeSpec['csi']>; readonly persistent: boolean },
): void {
  validateDriverName(errors, `${field}.driver`, csi.driver);
  if (!persistent) {
    const secret = csi.nodePublishSecretRef;
    if (secret && require(errors, `${field}.nodePublishSecretRef.name`, secret.name))
      complain(errors, `${field}.name`, shown(secret.name), dns1123Subdomain(secret.name));
    return;
  }
  require(errors, `${field}.volumeHandle`, csi.volumeHandle);
  for (const name of csiSecrets) {
    const secret = csi[name];
    if (!secret) continue;
    const at = `${field}.${name}`;
    if (require(errors, `${at}.name`, secret.name))
      complain(errors, `${at}.name`, secret.name, dns1123Subdomain(secret.name));
    if (require(errors, `${at}.namespace`, secret.namespace))
      complain(errors, `${at}.namespace`, secret.namespace, dns1123Label(secret.namespace));
  }
}
