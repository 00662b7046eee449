// Volumes of a pod.
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '../../api/field-error.ts';
import type { HostPathVolumeSource, KeyToPath, Volume } from '../../api/generated/types.ts';
import { dns1123Label } from '../../api/names.ts';
import { parseQuantity, quantityProblem } from '../../api/quantity.ts';
import { oneOf, require, requireName } from './checks.ts';
import { validateClaimSpec } from './claim-spec.ts';
import { validateTemplateMetadata } from './labels.ts';
import { descending, noBacksteps } from './paths.ts';
import { validateDownwardFiles, validateProjection } from './projected-volumes.ts';
import { validateKeys, validateMode } from './volume-files.ts';
import { validatePlugin } from './volume-plugins.ts';

/** Checks all volumes; those without problems are what containers may mount. */
export function validateVolumes(
  errors: FieldError[],
  field: string,
  { volumes, inPod }: { readonly volumes: readonly Volume[]; readonly inPod: boolean },
): ReadonlyMap<string, Volume> {
  const valid = new Map<string, Volume>();
  for (const [i, volume] of volumes.entries()) {
    const at = `${field}[${i}]`;
    const before = errors.length;
    validateSource(errors, at, { volume, inPod });
    requireName(errors, `${at}.name`, { name: volume.name, valid: dns1123Label });
    if (valid.has(volume.name)) errors.push(duplicate(`${at}.name`, volume.name));
    if (errors.length === before) valid.set(volume.name, volume);
  }
  return valid;
}

/** A directory or file of the node. */
export function validateHostPath(errors: FieldError[], field: string, { path, type }: HostPathVolumeSource): void {
  if (!require(errors, `${field}.path`, path)) return;
  noBacksteps(errors, `${field}.path`, path);
  const types = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];
  if (type !== undefined && !types.includes(type)) errors.push(notSupported(`${field}.type`, type, types));
}

/** A share of an NFS server. */
export function validateNfs(
  errors: FieldError[],
  field: string,
  { server, path = '' }: { readonly server: string; readonly path: string },
): void {
  require(errors, `${field}.server`, server);
  require(errors, `${field}.path`, path);
  if (!path.startsWith('/')) errors.push(invalid(`${field}.path`, path, 'must be an absolute path'));
}

/** In upstream's order; the first that is set counts. */
const sources = [
  'emptyDir hostPath gitRepo gcePersistentDisk awsElasticBlockStore secret nfs iscsi glusterfs flocker',
  'persistentVolumeClaim rbd cinder cephfs quobyte downwardAPI fc flexVolume configMap azureFile vsphereVolume',
  'photonPersistentDisk portworxVolume azureDisk storageos projected scaleIO csi ephemeral image',
]
  .join(' ')
  .split(' ');

/** How upstream spells some of them when it refuses a second one. */
const spellings: Readonly<Record<string, string>> = { cephfs: 'cephFS', downwardAPI: 'downwarAPI' };

function validateSource(
  errors: FieldError[],
  field: string,
  { volume, inPod }: { readonly volume: Volume; readonly inPod: boolean },
): void {
  const given = new Map(Object.entries(volume).filter(([, value]) => value !== undefined && value !== null));
  let found = false;
  for (const name of sources) {
    if (!given.has(name)) continue;
    if (found) errors.push(forbidden(`${field}.${spellings[name] ?? name}`, 'may not specify more than 1 volume type'));
    else {
      validateNamed(errors, `${field}.${name}`, { name, volume, inPod });
      validatePlugin(errors, field, { name, sources: volume, persistent: false, owner: volume.name ?? '' });
    }
    found = true;
  }
  if (!found) errors.push(required(field, 'must specify a volume type'));
}

function validateNamed(
  errors: FieldError[],
  field: string,
  { name, volume, inPod }: { readonly name: string; readonly volume: Volume; readonly inPod: boolean },
): void {
  const { emptyDir, hostPath, gitRepo, secret, nfs, persistentVolumeClaim, downwardAPI, configMap, projected } = volume;
  if (name === 'emptyDir' && emptyDir?.sizeLimit !== undefined) {
    const limit = emptyDir.sizeLimit;
    if (quantityProblem(limit) === undefined && parseQuantity(limit).sign() < 0)
      errors.push(forbidden(`${field}.sizeLimit`, 'SizeLimit field must be a valid resource quantity'));
  } else if (name === 'hostPath' && hostPath) validateHostPath(errors, field, hostPath);
  else if (name === 'gitRepo' && gitRepo) {
    require(errors, `${field}.repository`, gitRepo.repository);
    descending(errors, `${field}.directory`, gitRepo.directory ?? '');
  } else if (name === 'secret' && secret) {
    require(errors, `${field}.secretName`, secret.secretName);
    validateFiles(errors, field, secret);
  } else if (name === 'nfs' && nfs) validateNfs(errors, field, nfs);
  else if (name === 'persistentVolumeClaim') require(errors, `${field}.claimName`, persistentVolumeClaim?.claimName);
  else if (name === 'downwardAPI' && downwardAPI) {
    validateMode(errors, `${field}.defaultMode`, downwardAPI.defaultMode);
    validateDownwardFiles(errors, field, downwardAPI.items ?? []);
  } else if (name === 'configMap' && configMap) {
    require(errors, `${field}.name`, configMap.name);
    validateFiles(errors, field, configMap);
  } else if (name === 'projected' && projected) {
    validateMode(errors, `${field}.defaultMode`, projected.defaultMode);
    validateProjection(errors, field, projected.sources ?? []);
  } else validateRare(errors, field, { name, volume, inPod });
}

function validateRare(
  errors: FieldError[],
  field: string,
  { name, volume, inPod }: { readonly name: string; readonly volume: Volume; readonly inPod: boolean },
): void {
  if (name === 'ephemeral') {
    const template = volume.ephemeral?.volumeClaimTemplate;
    if (!template) return void errors.push(required(`${field}.volumeClaimTemplate`));
    validateTemplateMetadata(errors, `${field}.volumeClaimTemplate.metadata`, template.metadata);
    validateClaimSpec(errors, `${field}.volumeClaimTemplate.spec`, template.spec ?? {});
  } else if (name === 'image') {
    if (inPod) require(errors, `${field}.reference`, volume.image?.reference);
    oneOf(errors, `${field}.pullPolicy`, volume.image?.pullPolicy, ['Always', 'IfNotPresent', 'Never']);
  }
}

function validateFiles(
  errors: FieldError[],
  field: string,
  source: { readonly defaultMode?: number | undefined; readonly items?: readonly KeyToPath[] | undefined },
): void {
  validateMode(errors, `${field}.defaultMode`, source.defaultMode);
  validateKeys(errors, `${field}.items`, source.items ?? []);
}
