// Extended resources that devices stand behind: which DeviceClass gives which resource.
import type { DeviceClass } from '../../../api/generated/types.ts';
import type { Lister } from '../../client/store.ts';
import type { NodeInfo } from '../node-info.ts';

/** Every class gives a resource of its own name, whether or not it names another one. */
const implicitPrefix = 'deviceclass.resource.kubernetes.io/';

/** Of several classes that name the same resource, the newest counts. */
export function classOfResource(resource: string, classes: Lister<DeviceClass>): DeviceClass | undefined {
  if (resource.startsWith(implicitPrefix)) return classes.get(resource.slice(implicitPrefix.length));
  if (!resource.includes('/') || resource.includes('kubernetes.io/')) return undefined;
  let found: DeviceClass | undefined;
  for (const one of classes.list())
    if (one.spec?.extendedResourceName === resource && (!found || isBefore(one, found))) found = one;
  return found;
}

function isBefore({ metadata: a }: DeviceClass, { metadata: b }: DeviceClass): boolean {
  const [newer = '', older = ''] = [a?.creationTimestamp, b?.creationTimestamp];
  return newer === older ? (a?.name ?? '') < (b?.name ?? '') : newer > older;
}

/** Whether a node has none of a resource itself, so that its devices must do. */
export function isWithout({ allocatable }: NodeInfo, resource: string): boolean {
  return (allocatable.scalars.get(resource) ?? 0) === 0;
}
