// Who may have devices as an administrator, bind claims to them, or tell how they are.
import { type FieldError, forbidden as forbiddenField } from '../../api/field-error.ts';
import type {
  AllocatedDeviceStatus,
  ResourceClaim,
  ResourceClaimStatus,
  ResourceClaimTemplate,
} from '../../api/generated/types.ts';
import { equal } from '../../base/json.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import { refusal } from './authorizer.ts';
import type { Operation } from './operation.ts';

const adminLabel = 'resource.kubernetes.io/admin-access';

/** What a new claim or template may not ask for. */
export function deviceRequestErrors(operation: Operation, object: StoredObject): readonly FieldError[] {
  const { group, kind } = operation.resource;
  if (group !== 'resource.k8s.io') return [];
  const spec =
    kind === 'ResourceClaim'
      ? (object as ResourceClaim).spec // edge: an object of the claims resource
      : kind === 'ResourceClaimTemplate'
        ? (object as ResourceClaimTemplate).spec?.spec // edge: an object of the templates resource
        : undefined;
  const requests = spec?.devices?.requests ?? [];
  const asked = requests.findIndex(({ exactly }) => exactly?.adminAccess === true);
  return adminErrors(operation, `spec.devices.requests[${asked}].adminAccess`, asked);
}

/** What a claim's status may not be changed to. */
export function deviceStatusErrors(
  operation: Operation,
  object: StoredObject,
  old: StoredObject,
): readonly FieldError[] {
  const { group, kind } = operation.resource;
  if (group !== 'resource.k8s.io' || kind !== 'ResourceClaim') return [];
  const { status = {} } = object as ResourceClaim; // edge: an object of the claims resource
  const { status: before = {} } = old as ResourceClaim; // edge: an object of the claims resource
  const field = 'status.allocation.devices.results';
  const granted = adminResult(before) >= 0 ? -1 : adminResult(status);
  return [
    ...adminErrors(operation, `${field}[${granted}].adminAccess`, granted),
    ...bindingErrors(operation, status, before),
    ...(status.allocation ? driverErrors(operation, status, before) : []),
  ];
}

function adminResult({ allocation }: ResourceClaimStatus): number {
  return (allocation?.devices?.results ?? []).findIndex(({ adminAccess }) => adminAccess === true);
}

function adminErrors({ request, server }: Operation, field: string, asked: number): readonly FieldError[] {
  if (asked < 0) return [];
  const labels = server.lookups.get('namespaces', undefined, request.namespace ?? '')?.metadata?.labels;
  const detail = `admin access to devices requires the \`${adminLabel}: true\` label on the containing namespace`;
  return labels?.[adminLabel] === 'true' ? [] : [forbiddenField(field, detail)];
}

function bindingErrors(
  operation: Operation,
  status: ResourceClaimStatus,
  old: ResourceClaimStatus,
): readonly FieldError[] {
  if (equal(status.allocation, old.allocation) && equal(status.reservedFor, old.reservedFor)) return [];
  const { verb } = operation.request;
  const refusal = refusalOf(operation, { verb, subresource: 'binding', namespace: '', name: '' });
  const what = `changing status.allocation or status.reservedFor requires resource="resourceclaims/binding", verb="${verb}" permission`;
  return refusal === undefined ? [] : [forbiddenField('status.allocation', `${what}: ${refusal}`)];
}

/** Every driver that something new is told of needs a permission of its own. */
function driverErrors(
  operation: Operation,
  status: ResourceClaimStatus,
  old: ResourceClaimStatus,
): readonly FieldError[] {
  const { request } = operation;
  const lists = [status.devices ?? [], old.devices ?? []] as const;
  const drivers = new Set([...newIn(...lists), ...newIn(lists[1], lists[0])].map(({ driver }) => driver));
  const verbs = [...(ofItsNode(operation, status) ? ['associated-node:'] : []), 'arbitrary-node:'].map(
    (prefix) => `${prefix}${request.verb}`,
  );
  return [...drivers].sort().flatMap((name) => {
    const refusals = verbs.map((verb) =>
      refusalOf(operation, { verb, subresource: 'driver', namespace: request.namespace ?? '', name }),
    );
    if (refusals.includes(undefined)) return [];
    const what = `changing status.devices requires resource="resourceclaims/driver", verb="[${verbs.join(' ')}]" permission`;
    return [forbiddenField('status.devices', `${what}: ${refusals[0]}`)];
  });
}

function newIn(
  list: readonly AllocatedDeviceStatus[],
  other: readonly AllocatedDeviceStatus[],
): readonly AllocatedDeviceStatus[] {
  return list.filter((device) => !other.some((one) => equal(one, device)));
}

/** Whether a service account asks from the one node that the claim's devices are of. */
function ofItsNode({ request }: Operation, { allocation }: ResourceClaimStatus): boolean {
  const [term, ...more] = allocation?.nodeSelector?.nodeSelectorTerms ?? [];
  const [match, ...others] = term?.matchFields ?? [];
  if (more.length > 0 || others.length > 0 || term?.matchExpressions?.length || match?.operator !== 'In') return false;
  const nodes = request.user.extra?.['authentication.kubernetes.io/node-name'] ?? [];
  return request.user.name.startsWith('system:serviceaccount:') && nodes.length === 1 && equal(match.values, nodes);
}

interface Permission {
  readonly verb: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** Why the user has no such permission; undefined: they have it. */
function refusalOf({ request, server, resource }: Operation, permission: Permission): string | undefined {
  const attributes = { kind: 'resource', group: resource.group, resource: resource.resource, ...permission } as const;
  if (server.authorizer.allows(request.user, attributes)) return undefined;
  return refusal(request.user, attributes, '').message;
}
