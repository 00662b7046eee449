// Devices, and who claims them.
import type {
  Device,
  DeviceAttribute,
  DeviceClaim,
  DeviceClass,
  DeviceRequest,
  DeviceToleration,
  ResourceClaim,
  ResourceClaimStatus,
  ResourceClaimTemplate,
  ResourceSlice,
} from '../api/generated/types.ts';
import { longName } from '../api/names.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { assign, change, changeAll, fill, fillZero } from './share.ts';
import { statusOfItsOwn } from './status-of-its-own.ts';

const group = 'resource.k8s.io';

/** What the server knows about DeviceClasses. */
export const deviceClass = defineKind<DeviceClass>({
  ...specGeneration,
  group,
  kind: 'DeviceClass',
  validName: longName,
  anyGenerateName: true,
  returnsDeleted: true,
  columns: [nameColumn, ageColumn],
});

/** What the server knows about ResourceClaims. */
export const resourceClaim = defineKind<ResourceClaim>({
  ...statusOfItsOwn,
  group,
  kind: 'ResourceClaim',
  returnsDeleted: true,
  defaults: (claim) =>
    change(
      change(claim, 'spec', (spec) => change(spec, 'devices', claimDefaults)),
      'status',
      statusDefaults,
    ),
  prepareForStatusUpdate: (claim, old) => ({
    ...claim,
    metadata: old.metadata,
    ...(claim.status && { status: withoutReleased(claim.status, old.status ?? {}) }),
  }),
  columns: [nameColumn, textColumn('State', 'Whether it is allocated and reserved.', stateText), ageColumn],
});

/** What the server knows about ResourceClaimTemplates. */
export const resourceClaimTemplate = defineKind<ResourceClaimTemplate>({
  group,
  kind: 'ResourceClaimTemplate',
  returnsDeleted: true,
  defaults: (template) =>
    change(template, 'spec', (spec) => change(spec, 'spec', (claim) => change(claim, 'devices', claimDefaults))),
  columns: [nameColumn, ageColumn],
});

/** What the server knows about ResourceSlices. */
export const resourceSlice = defineKind<ResourceSlice>({
  ...specGeneration,
  group,
  kind: 'ResourceSlice',
  returnsDeleted: true,
  prepareForCreate: (slice, now) => withoutAlphaFields(withTimes(slice, now)),
  prepareForUpdate: (slice, _old, now) => withoutAlphaFields(withTimes(slice, now)),
  unknownField: (field) => `field label not supported for ${group}/v1, Kind=ResourceSlice: ${field}`,
  fields: {
    'spec.nodeName': ({ spec }) => spec?.nodeName ?? '',
    'spec.driver': ({ spec }) => spec?.driver ?? '',
  },
  columns: [
    nameColumn,
    textColumn('Node', 'Where the devices are.', ({ spec }) => spec?.nodeName ?? ''),
    textColumn('Driver', 'The driver.', ({ spec }) => spec?.driver ?? ''),
    textColumn('Pool', 'The pool.', ({ spec }) => spec?.pool.name ?? ''),
    ageColumn,
  ],
});

type Asked = Pick<NonNullable<DeviceRequest['exactly']>, 'allocationMode' | 'count' | 'tolerations'>;

/** A toleration is of one value, if it does not say. */
function tolerationDefaults(tolerations: readonly DeviceToleration[]): readonly DeviceToleration[] {
  return changeAll(tolerations, (toleration) => fillZero(toleration, { operator: 'Equal' }));
}

function statusDefaults(status: ResourceClaimStatus): ResourceClaimStatus {
  return change(status, 'allocation', (allocation) =>
    change(allocation, 'devices', (devices) =>
      change(devices, 'results', (results) =>
        changeAll(results, (result) => change(result, 'tolerations', tolerationDefaults)),
      ),
    ),
  );
}

/** A request is for one device, if it does not say. */
function claimDefaults(claim: DeviceClaim): DeviceClaim {
  const counted = <T extends Asked>(asked: T): T => {
    const filled: Asked = change<Asked, 'tolerations'>(asked, 'tolerations', tolerationDefaults);
    const known: T = fillZero<Asked>(filled, { allocationMode: 'ExactCount' }) as T; // edge: T with one field more
    return known.allocationMode === 'ExactCount' ? (fillZero<Pick<T, 'count'>>(known, { count: 1 }) as T) : known; // edge: T with one field more
  };
  return change(claim, 'requests', (requests) =>
    changeAll(requests, (request) =>
      change(change(request, 'exactly', counted), 'firstAvailable', (list) => changeAll(list, counted)),
    ),
  );
}

/** What drivers said of devices goes when the devices are no longer the claim's. */
function withoutReleased(status: ResourceClaimStatus, old: ResourceClaimStatus): ResourceClaimStatus {
  if (!status.devices) return status;
  const keys = ({ allocation }: ResourceClaimStatus) => new Set((allocation?.devices?.results ?? []).map(deviceKey));
  const [before, now] = [keys(old), keys(status)];
  const kept = status.devices.filter((device) => now.has(deviceKey(device)) || !before.has(deviceKey(device)));
  return assign(status, { devices: kept.length > 0 ? kept : undefined });
}

function deviceKey(at: {
  readonly driver: string;
  readonly pool: string;
  readonly device: string;
  readonly shareID?: string | undefined;
}): string {
  return JSON.stringify([at.driver, at.pool, at.device, at.shareID ?? '']);
}

function changeDevices(slice: ResourceSlice, to: (device: Device) => Device): ResourceSlice {
  return change(slice, 'spec', (spec) => change(spec, 'devices', (devices) => changeAll(devices, to)));
}

/** Taints say since when they have been there. */
function withTimes(slice: ResourceSlice, now: () => string): ResourceSlice {
  return changeDevices(slice, (device) =>
    change(device, 'taints', (taints) => changeAll(taints, (taint) => fill(taint, { timeAdded: now() }))),
  );
}

/** Lists as attributes and resources of nodes are alpha, and dropped without a word. */
function withoutAlphaFields(slice: ResourceSlice): ResourceSlice {
  return changeDevices(slice, (device) =>
    change(assign(device, { nodeAllocatableResourceMappings: undefined }), 'attributes', (attributes) =>
      Object.values(attributes).some(hasList)
        ? Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, withoutLists(value)]))
        : attributes,
    ),
  );
}

function hasList({ ints, bools, strings, versions }: DeviceAttribute): boolean {
  return [ints, bools, strings, versions].some((list) => list !== undefined);
}

function withoutLists(attribute: DeviceAttribute): DeviceAttribute {
  return assign(attribute, { ints: undefined, bools: undefined, strings: undefined, versions: undefined });
}

function stateText({ metadata, status }: ResourceClaim): string {
  const deleted = metadata?.deletionTimestamp !== undefined;
  const states = deleted ? ['deleted'] : [];
  if (status?.allocation) states.push('allocated', ...((status.reservedFor?.length ?? 0) > 0 ? ['reserved'] : []));
  else if (!deleted) states.push('pending');
  return states.join(',');
}
