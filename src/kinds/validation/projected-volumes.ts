// Volumes made of several sources, and files that show the pod's own fields.
import { type FieldError, forbidden, invalid, required } from '../../api/field-error.ts';
import type { DownwardAPIVolumeFile, KeyToPath, VolumeProjection } from '../../api/generated/types.ts';
import { require } from './checks.ts';
import { validateFieldReference, validateResourceReference } from './container-environment.ts';
import { nonReserved } from './paths.ts';
import { validateKeys, validateMode } from './volume-files.ts';

const fieldsOfFiles = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];

/** Upstream leaves out which file it is. */
export function validateDownwardFiles(
  errors: FieldError[],
  field: string,
  files: readonly DownwardAPIVolumeFile[],
): void {
  for (const { path, fieldRef, resourceFieldRef, mode } of files) {
    require(errors, `${field}.path`, path);
    nonReserved(errors, `${field}.path`, path);
    if (fieldRef) {
      validateFieldReference(errors, `${field}.fieldRef`, { reference: fieldRef, allowed: fieldsOfFiles });
      if (resourceFieldRef)
        errors.push(invalid(field, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
    } else if (resourceFieldRef) validateResourceReference(errors, `${field}.resourceFieldRef`, resourceFieldRef, true);
    else errors.push(required(field, 'one of fieldRef and resourceFieldRef is required'));
    validateMode(errors, `${field}.mode`, mode);
  }
}

/** ClusterTrustBundle and podCertificate sources are checked by their schema. */
export function validateProjection(errors: FieldError[], field: string, sources: readonly VolumeProjection[]): void {
  const taken = new Set<string>();
  const take = (path: string, shown: string) => {
    if (path !== '' && taken.has(path)) errors.push(invalid(field, shown, 'conflicting duplicate paths'));
    taken.add(path);
  };
  for (const [i, source] of sources.entries()) {
    const at = `${field}.sources[${i}]`;
    const { secret, configMap, downwardAPI, serviceAccountToken, clusterTrustBundle, podCertificate } = source;
    if (secret) validateNamedKeys(errors, `${at}.secret`, secret, take);
    if (configMap) validateNamedKeys(errors, `${at}.configMap`, configMap, take);
    if (downwardAPI)
      for (const file of downwardAPI.items ?? []) {
        validateDownwardFiles(errors, `${at}.downwardAPI`, [file]);
        take(file.path, file.path);
      }
    if (serviceAccountToken) {
      const { expirationSeconds = 0, path } = serviceAccountToken;
      const place = `${at}.serviceAccountToken.expirationSeconds`;
      if (expirationSeconds < 600)
        errors.push(invalid(place, expirationSeconds, 'may not specify a duration less than 10 minutes'));
      if (expirationSeconds > 2 ** 32)
        errors.push(invalid(place, expirationSeconds, 'may not specify a duration larger than 2^32 seconds'));
      if (path) nonReserved(errors, `${field}.path`, path);
      else errors.push(required(`${field}.path`));
    }
    const given = [secret, configMap, downwardAPI, serviceAccountToken, clusterTrustBundle, podCertificate];
    if (given.filter(Boolean).length > 1)
      errors.push(forbidden(at, 'may not specify more than 1 volume type per source'));
  }
}

function validateNamedKeys(
  errors: FieldError[],
  field: string,
  { name = '', items = [] }: { readonly name?: string | undefined; readonly items?: readonly KeyToPath[] | undefined },
  take: (path: string, shown: string) => void,
): void {
  require(errors, `${field}.name`, name);
  for (const [i, item] of items.entries()) {
    const before: FieldError[] = [];
    validateKeys(before, '', [item]);
    for (const error of before)
      errors.push({ ...error, field: `${field}.items[${i}]${error.field.slice('[0]'.length)}` });
    take(item.path, name);
  }
}
