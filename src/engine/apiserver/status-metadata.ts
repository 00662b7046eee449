// What of an object's metadata is written where its status is: all of it, some, or nothing.
import type { ObjectMeta } from '../../api/generated/types.ts';
import { equal } from '../../base/json.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import type { ServedResource } from './served-resource.ts';

/** What a strategy puts back that knows no better. */
const most = ['deletionTimestamp', 'labels', 'annotations', 'ownerReferences', 'finalizers'] as const;

/** Kinds whose strategies put these fields back. */
const kept: Readonly<Record<string, readonly (typeof most)[number][]>> = {
  APIService: most,
  Deployment: ['labels'],
  Pod: ['deletionTimestamp', 'ownerReferences'],
  ResourceClaim: most,
  ServiceCIDR: most,
  ValidatingAdmissionPolicy: most,
  VolumeAttachment: most,
};

/** Kinds whose strategies leave all of metadata as it is. Custom ones do as well. */
const untouched: readonly string[] = ['FlowSchema', 'PriorityLevelConfiguration'];

/** The metadata that an object has after its status was written. */
export function statusMetadata(
  { kind, custom }: ServedResource,
  { metadata: wanted }: StoredObject,
  old: StoredObject,
): ObjectMeta {
  const before = old.metadata ?? {};
  if (wanted === undefined || custom || untouched.includes(kind) || equal(wanted, before)) return before;
  const fields = Object.hasOwn(kept, kind) ? kept[kind] : undefined;
  if (!fields) return wanted;
  const metadata: { -readonly [K in keyof ObjectMeta]: ObjectMeta[K] } = { ...wanted };
  for (const field of fields) {
    Reflect.deleteProperty(metadata, field);
    if (before[field] !== undefined) Object.assign(metadata, { [field]: before[field] });
  }
  return metadata;
}
