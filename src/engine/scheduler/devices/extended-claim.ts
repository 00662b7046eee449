// The claim that stands for the extended resources of a pod: one request for each container and resource, whose devices
// init containers use before the others do.
//
//   init a: gpu 2 │ main b: gpu 1   ─▶   container-1-request-0: 1 (a and b) │ container-0-request-0: 1 more (a)
import type {
  Container,
  ContainerExtendedResourceRequest,
  DeviceClass,
  DeviceRequest,
  Pod,
  ResourceClaim,
} from '../../../api/generated/types.ts';
import { compareText } from '../../../api/go-format.ts';
import { parseQuantity } from '../../../api/quantity.ts';

const annotation = 'resource.kubernetes.io/extended-resource-claim';

/** What is asked of devices, and which container has which of it. */
export interface ExtendedRequests {
  readonly requests: readonly DeviceRequest[];
  readonly mappings: readonly ContainerExtendedResourceRequest[];
}

/** The claim as it is before it is written, when only the scheduler knows of it. */
export function newExtendedClaim({ metadata }: Pod, requests: readonly DeviceRequest[]): ResourceClaim {
  const { name = '', namespace, uid = '' } = metadata ?? {};
  return {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaim',
    metadata: {
      generateName: `${name}-extended-resources-`,
      namespace,
      annotations: { [annotation]: 'true' },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name, uid, controller: true }],
    },
    spec: { devices: { requests } },
  };
}

/** Whether an earlier attempt has written the claim of that pod. */
export function isExtendedClaimOf({ metadata }: ResourceClaim, uid: string): boolean {
  if (metadata?.annotations?.[annotation] !== 'true') return false;
  return metadata.ownerReferences?.some((owner) => owner.controller && owner.uid === uid) ?? false;
}

/** The requests for resources that classes give, by resource. */
export function extendedRequests({ spec }: Pod, classes: ReadonlyMap<string, DeviceClass>): ExtendedRequests {
  const initial = spec?.initContainers ?? [];
  const containers = [...initial, ...(spec?.containers ?? [])];
  const found = [...classes]
    .sort(([a], [b]) => compareText(a, b))
    .map(([resource, { metadata }]) =>
      requestsFor({ containers, initial: initial.length, resource, className: metadata?.name ?? '' }),
    );
  return {
    requests: found.flatMap(({ requests }) => requests).sort((a, b) => compareText(a.name, b.name)),
    mappings: found.flatMap(({ mappings }) => mappings),
  };
}

interface Asked {
  readonly containers: readonly Container[];
  /** How many of them are init containers. */
  readonly initial: number;
  readonly resource: string;
  readonly className: string;
}

function requestsFor(asked: Asked): ExtendedRequests {
  const { containers, initial, resource } = asked;
  const passes = (i: number) => i < initial && containers[i]?.restartPolicy !== 'Always';
  const lasting: (DeviceRequest | undefined)[] = containers.map((_, i) =>
    passes(i) ? undefined : requestOf(asked, i, wantedBy(containers[i], resource)),
  );
  const mapped = (i: number, requestName: string) => {
    return { containerName: containers[i]?.name ?? '', resourceName: resource, requestName };
  };
  const mappings = lasting.flatMap((request, i) => (request ? [mapped(i, request.name)] : []));
  const extra: { readonly at: number; readonly request: DeviceRequest }[] = [];
  const shared: [number, string][] = [];
  for (let i = 0; i < initial; i++) {
    if (!passes(i)) continue;
    let left = wantedBy(containers[i], resource);
    for (const request of lasting.slice(i)) {
      if (!request || left <= 0) continue;
      left -= countOf(request);
      shared.push([i, request.name]);
    }
    const request = left > 0 ? requestOf(asked, i, left) : undefined;
    if (!request) continue;
    extra.push({ at: i, request });
    shared.push([i, request.name]);
  }
  // One after the other they need no more than the greediest of them.
  const most = extra.reduce<DeviceRequest | undefined>(
    (best, { request }) => (best && countOf(best) >= countOf(request) ? best : request),
    undefined,
  );
  const own = new Set(extra.map(({ request }) => request.name));
  return {
    requests: [...(most ? [most] : []), ...lasting.filter((request) => request !== undefined)],
    mappings: [...mappings, ...shared.map(([i, name]) => mapped(i, most && own.has(name) ? most.name : name))],
  };
}

function requestOf({ containers, resource, className }: Asked, i: number, count: number): DeviceRequest | undefined {
  if (count <= 0) return undefined;
  const names = Object.keys(containers[i]?.resources?.requests ?? {}).sort(compareText);
  const exactly = { deviceClassName: className, allocationMode: 'ExactCount', count };
  return { name: `container-${i}-request-${names.indexOf(resource)}`, exactly };
}

function countOf({ exactly }: DeviceRequest): number {
  return exactly?.count ?? 0;
}

function wantedBy(container: Container | undefined, resource: string): number {
  const requests = container?.resources?.requests ?? {};
  return Object.hasOwn(requests, resource) ? parseQuantity(requests[resource] ?? '0').value() : 0;
}
