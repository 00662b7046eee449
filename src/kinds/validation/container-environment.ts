// A container's environment variables: names, values and where they come from.
import { type FieldError, invalid, notSupported, required } from '../../api/field-error.ts';
import type {
  EnvFromSource,
  EnvVar,
  EnvVarSource,
  FileKeySelector,
  ObjectFieldSelector,
  ResourceFieldSelector,
} from '../../api/generated/types.ts';
import {
  configMapKey,
  dns1123Label,
  dns1123Subdomain,
  qualifiedName,
  relaxedEnvironmentName,
} from '../../api/names.ts';
import { parseQuantity, quantityProblem } from '../../api/quantity.ts';
import { complain, requireName } from './checks.ts';
import { noBacksteps } from './paths.ts';

/** Adds what is wrong with environment. */
export function validateEnvironment(errors: FieldError[], field: string, variables: readonly EnvVar[]): void {
  for (const [i, { name, value, valueFrom }] of variables.entries()) {
    requireName(errors, `${field}[${i}].name`, { name, valid: relaxedEnvironmentName });
    if (valueFrom) validateSource(errors, `${field}[${i}].valueFrom`, { source: valueFrom, value });
  }
}

/** Adds what is wrong with environment sources. */
export function validateEnvironmentSources(
  errors: FieldError[],
  field: string,
  sources: readonly EnvFromSource[],
): void {
  for (const [i, { prefix, configMapRef, secretRef }] of sources.entries()) {
    const at = `${field}[${i}]`;
    if (prefix) complain(errors, `${at}.prefix`, prefix, relaxedEnvironmentName(prefix));
    if (configMapRef)
      requireName(errors, `${at}.configMapRef.name`, { name: configMapRef.name, valid: dns1123Subdomain });
    if (secretRef) requireName(errors, `${at}.secretRef.name`, { name: secretRef.name, valid: dns1123Subdomain });
    if (!configMapRef && !secretRef)
      errors.push(invalid(field, '', 'must specify one of: `configMapRef` or `secretRef`'));
    else if (configMapRef && secretRef)
      errors.push(invalid(field, '', 'may not have more than one field specified at a time'));
  }
}

/** Fields of the pod that a variable may show. */
const fieldsOfEnvironment = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

function validateSource(
  errors: FieldError[],
  field: string,
  { source, value }: { readonly source: EnvVarSource; readonly value: string | undefined },
): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = source;
  if (fieldRef)
    validateFieldReference(errors, `${field}.fieldRef`, { reference: fieldRef, allowed: fieldsOfEnvironment });
  if (resourceFieldRef) validateResourceReference(errors, `${field}.resourceFieldRef`, resourceFieldRef, false);
  if (configMapKeyRef) validateKeyReference(errors, `${field}.configMapKeyRef`, configMapKeyRef);
  if (secretKeyRef) validateKeyReference(errors, `${field}.secretKeyRef`, secretKeyRef);
  if (fileKeyRef) validateFileReference(errors, `${field}.fileKeyRef`, fileKeyRef);
  const given = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef].filter(Boolean).length;
  if (given === 0) {
    const which = '`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';
    errors.push(invalid(field, '', `must specify one of: ${which}`));
  } else if (value) errors.push(invalid(field, '', 'may not be specified when `value` is not empty'));
  else if (given > 1) errors.push(invalid(field, '', 'may not have more than one field specified at a time'));
}

function validateKeyReference(
  errors: FieldError[],
  field: string,
  { name = '', key }: { readonly name?: string | undefined; readonly key: string },
): void {
  complain(errors, `${field}.name`, name, dns1123Subdomain(name));
  requireName(errors, `${field}.key`, { name: key, valid: configMapKey });
}

function validateFileReference(errors: FieldError[], field: string, { key, volumeName, path }: FileKeySelector): void {
  requireName(errors, `${field}.key`, { name: key, valid: relaxedEnvironmentName });
  requireName(errors, `${field}.volumeName`, { name: volumeName, valid: dns1123Label });
  if (path) noBacksteps(errors, `${field}.path`, path);
  else errors.push(required(`${field}.path`));
}

const convertible = new Set([
  ...fieldsOfEnvironment,
  'metadata.annotations',
  'metadata.labels',
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
]);

/** A field of the pod, e.g. `metadata.labels['app']`. */
export function validateFieldReference(
  errors: FieldError[],
  field: string,
  { reference, allowed }: { readonly reference: ObjectFieldSelector; readonly allowed: readonly string[] },
): void {
  const { apiVersion, fieldPath } = reference;
  if (!apiVersion) return void errors.push(required(`${field}.apiVersion`));
  if (!fieldPath) return void errors.push(required(`${field}.fieldPath`));
  const place = `${field}.fieldPath`;
  const wrong = (problem: string) => errors.push(invalid(place, fieldPath, `error converting fieldPath: ${problem}`));
  if (apiVersion !== 'v1') return void wrong(`unsupported pod version: ${apiVersion}`);
  const subscripted = /^(.+)\['(.*)'\]$/.exec(fieldPath);
  if (!subscripted) {
    const path = fieldPath === 'spec.host' ? 'spec.nodeName' : fieldPath;
    if (!convertible.has(path)) wrong(`field label not supported: ${fieldPath}`);
    else if (!allowed.includes(path)) errors.push(notSupported(place, path, allowed));
    return;
  }
  const [, path = '', key = ''] = subscripted;
  if (path === 'metadata.annotations') complain(errors, field, key.toLowerCase(), qualifiedName(key.toLowerCase()));
  else if (path === 'metadata.labels') complain(errors, field, key, qualifiedName(key));
  else wrong(`field label does not support subscript: ${fieldPath}`);
}

const resourceFields = ['limits', 'requests'].flatMap((kind) =>
  ['cpu', 'ephemeral-storage', 'memory'].map((name) => `${kind}.${name}`),
);
const byteDivisors = '1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei';

/** A container's request or limit; in a volume the container must be named. */
export function validateResourceReference(
  errors: FieldError[],
  field: string,
  { containerName, resource, divisor }: ResourceFieldSelector,
  inVolume: boolean,
): void {
  if (inVolume && !containerName) errors.push(required(`${field}.containerName`));
  else if (!resource) errors.push(required(`${field}.resource`));
  else if (!resourceFields.includes(resource) && !/^(requests|limits)\.hugepages-/.test(resource))
    errors.push(notSupported(`${field}.resource`, resource, resourceFields));
  if (divisor === undefined || quantityProblem(divisor) !== undefined || parseQuantity(divisor).isZero()) return;
  const name = resource.replace(/^(requests|limits)\./, '');
  const [allowed, of] =
    name === 'cpu'
      ? ['1m, 1', 'cpu']
      : [
          byteDivisors,
          name === 'ephemeral-storage' ? 'local ephemeral storage' : name.replace(/^hugepages-.*/, 'hugepages'),
        ];
  if (allowed.split(', ').includes(String(divisor))) return;
  const values = name === 'cpu' ? '1m and 1' : allowed;
  errors.push(
    invalid(`${field}.divisor`, resource, `only divisor's values ${values} are supported with the ${of} resource`),
  );
}
