// Where a container mounts its volumes.
import { type FieldError, forbidden, invalid, notFound, notSupported } from '../../api/field-error.ts';
import type { Container, Volume, VolumeDevice, VolumeMount } from '../../api/generated/types.ts';
import { require } from './checks.ts';
import { descending } from './paths.ts';

/** The pod's valid volumes by name. */
export type Volumes = ReadonlyMap<string, Volume>;

/** Adds what is wrong with mounts. */
export function validateMounts(
  errors: FieldError[],
  field: string,
  { container, volumes }: { readonly container: Omit<Container, 'name'>; readonly volumes: Volumes },
): void {
  const paths = new Set<string>();
  const devices = container.volumeDevices ?? [];
  for (const [i, mount] of (container.volumeMounts ?? []).entries()) {
    const { name, mountPath, subPath, subPathExpr } = mount;
    const at = `${field}[${i}]`;
    require(errors, `${at}.name`, name);
    if (!volumes.has(name)) errors.push(notFound(`${at}.name`, name));
    require(errors, `${at}.mountPath`, mountPath);
    if (paths.has(mountPath)) errors.push(invalid(`${at}.mountPath`, mountPath, 'must be unique'));
    paths.add(mountPath);
    if (devices.some((device) => device.name === name))
      errors.push(invalid(`${at}.name`, name, 'must not already exist in volumeDevices'));
    if (devices.some((device) => device.devicePath === mountPath))
      errors.push(invalid(`${at}.mountPath`, mountPath, 'must not already exist as a path in volumeDevices'));
    // Upstream leaves the index out from here on.
    if (subPath) descending(errors, `${field}.subPath`, subPath);
    if (subPathExpr) {
      if (subPath)
        errors.push(invalid(`${at}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive'));
      descending(errors, `${field}.subPathExpr`, subPathExpr);
    }
    validatePropagation(errors, `${field}.mountPropagation`, { mount, container });
    validateRecursiveReadOnly(errors, `${field}.recursiveReadOnly`, mount);
  }
}

/** Adds what is wrong with devices. */
export function validateDevices(
  errors: FieldError[],
  field: string,
  { container, volumes }: { readonly container: Omit<Container, 'name'>; readonly volumes: Volumes },
): void {
  const paths = new Set<string>();
  const names = new Set<string>();
  const mounts = container.volumeMounts ?? [];
  for (const [i, device] of (container.volumeDevices ?? []).entries()) {
    const { name, devicePath } = device;
    const at = `${field}[${i}]`;
    require(errors, `${at}.name`, name);
    if (names.has(name)) errors.push(invalid(`${at}.name`, name, 'must be unique'));
    checkSource(errors, `${at}.name`, { device, volume: volumes.get(name) });
    require(errors, `${at}.devicePath`, devicePath);
    if (paths.has(devicePath)) errors.push(invalid(`${at}.devicePath`, devicePath, 'must be unique'));
    if (devicePath.split('/').includes('..'))
      errors.push(invalid(`${at}.devicePath`, devicePath, "can not contain backsteps ('..')"));
    else paths.add(devicePath);
    if (mounts.some((mount) => mount.name === name))
      errors.push(invalid(`${at}.name`, name, 'must not already exist in volumeMounts'));
    if (mounts.some((mount) => mount.mountPath === devicePath))
      errors.push(invalid(`${at}.devicePath`, devicePath, 'must not already exist as a path in volumeMounts'));
    if (name) names.add(name);
  }
}

function checkSource(
  errors: FieldError[],
  field: string,
  { device, volume }: { readonly device: VolumeDevice; readonly volume: Volume | undefined },
): void {
  const detail = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode';
  if (!volume) errors.push(notFound(field, device.name));
  else if (!volume.persistentVolumeClaim && !volume.ephemeral) errors.push(invalid(field, device.name, detail));
}

function validatePropagation(
  errors: FieldError[],
  field: string,
  { mount, container }: { readonly mount: VolumeMount; readonly container: Omit<Container, 'name'> },
): void {
  const mode = mount.mountPropagation;
  if (mode === undefined) return;
  const supported = ['Bidirectional', 'HostToContainer', 'None'];
  if (!supported.includes(mode)) errors.push(notSupported(field, mode, supported));
  if (mode === 'Bidirectional' && !container.securityContext?.privileged)
    errors.push(forbidden(field, 'Bidirectional mount propagation is available only to privileged containers'));
}

function validateRecursiveReadOnly(errors: FieldError[], field: string, mount: VolumeMount): void {
  const { recursiveReadOnly: mode, mountPropagation } = mount;
  if (mode === undefined || mode === 'Disabled') return;
  const supported = ['Disabled', 'Enabled', 'IfPossible'];
  if (!supported.includes(mode)) return void errors.push(notSupported(field, mode, supported));
  if (!mount.readOnly) errors.push(forbidden(field, 'may only be specified when readOnly is true'));
  if (mountPropagation !== undefined && mountPropagation !== 'None')
    errors.push(forbidden(field, 'may only be specified when mountPropagation is None or not specified'));
}
