// The default ServiceCIDR: the range that the API server was started with, as an object. It comes back when it is deleted.
import type { ServiceCIDR } from '../../api/generated/types.ts';
import { isAlreadyExists } from '../../api/status.ts';
import type { JsonObject } from '../../base/json.ts';
import { formatTime } from '../../base/time.ts';
import type { Scope } from '../sim/scope.ts';
import type { ApiCore } from './api-core.ts';
import { revisionOf } from './operation.ts';
import type { ObjectStorage } from './resource-storage.ts';
import { soonAfter } from './soon-after.ts';

const controller = 'kubernetes-service-cidr-controller';
const place = 'networking.k8s.io/servicecidrs';
const resource = { group: 'networking.k8s.io', version: 'v1', resource: 'servicecidrs' };
const head = { apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: { name: 'kubernetes' } };
/** How soon it is looked at again. */
const noticeMs = 100;

interface Parts {
  readonly scope: Scope;
  readonly api: Pick<ApiCore, 'perform'>;
  storage(place: string): Pick<ObjectStorage, 'hub' | 'get'>;
  /** The range that the server's flags say. */
  range(): string;
}

export function keepDefaultServiceCidr(parts: Parts): void {
  const { scope, storage } = parts;
  soonAfter({ scope, delayMs: noticeMs, storages: [storage(place)] }, () => sync(parts), true);
}

/** The range is another one from now on, as if it had always been, while nobody but the API itself has an address. */
export function changeDefaultRange(storage: (place: string) => ObjectStorage, range: string): void {
  const ranges = storage(place);
  const found = ranges.get(head.metadata.name);
  if (!found || storage('networking.k8s.io/ipaddresses').size > 1) return;
  const changed: ServiceCIDR = { ...found, spec: { cidrs: [range] } };
  ranges.put(head.metadata.name, changed, revisionOf(found));
}

function sync({ scope, api, storage, range }: Parts): void {
  const found = storage(place).get(head.metadata.name) as ServiceCIDR | undefined; // edge: of that resource
  if (!found) write(api, { verb: 'create', body: { ...head, spec: { cidrs: [range()] } } });
  if (found?.status?.conditions?.some(({ type }) => type === 'Ready')) return;
  if (found && (found.metadata?.deletionTimestamp || found.spec?.cidrs?.join() !== range())) return;
  const condition = {
    type: 'Ready',
    status: 'True',
    reason: '',
    message: 'Kubernetes default Service CIDR is ready',
    lastTransitionTime: formatTime(scope.now),
  };
  write(api, {
    verb: 'patch',
    name: head.metadata.name,
    subresource: 'status',
    patchType: 'application/apply-patch+yaml',
    options: { fieldManager: controller, force: true },
    body: { ...head, status: { conditions: [condition] } },
  });
}

type Write = Pick<Parameters<ApiCore['perform']>[0], 'verb' | 'name' | 'subresource' | 'patchType' | 'options'> & {
  readonly body: JsonObject;
};

function write(api: Parts['api'], request: Write): void {
  const user = { name: 'system:apiserver', groups: ['system:masters'] };
  try {
    api.perform({ ...resource, ...request, user, userAgent: 'kube-apiserver/v1.36.2' }, () => {});
  } catch (error) {
    if (!isAlreadyExists(error)) throw error; // another server was quicker
  }
}
