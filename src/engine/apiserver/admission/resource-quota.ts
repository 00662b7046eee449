// ResourceQuota: a namespace uses no more than its quotas allow. What is admitted is entered into them at once.
import type { Container, Pod, ResourceQuota } from '../../../api/generated/types.ts';
import { parseQuantity } from '../../../api/quantity.ts';
import { forbidden } from '../../../api/status.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import { type Amounts, add } from '../../../kinds/pod-amounts.ts';
import { inScopes, usageOf } from '../../../kinds/quota-usage.ts';
import type { AdmissionPlugin, Attributes } from './plugin.ts';
import { isPodResize } from './pod-spec.ts';

export const resourceQuota: AdmissionPlugin = {
  name: 'ResourceQuota',
  validate(object, attributes) {
    const { operation, resource, namespace, request, lookups } = attributes;
    if (!object || operation === 'delete' || !namespace || (request.subresource && !isPodResize(attributes))) return;
    const quotas: readonly ResourceQuota[] = lookups.list('resourcequotas', namespace);
    if (quotas.length === 0) return;
    if (operation === 'update' && !changesUse(attributes)) return;
    const change = deltaOf(object, attributes);
    const updated: (readonly [ResourceQuota, ResourceQuota])[] = [];
    for (const quota of quotas) {
      if (!inScopes(quota, resource, object)) continue;
      const after = charged(quota, change, object, attributes);
      if (after) updated.push([quota, after]);
    }
    if (attributes.dryRun) return;
    for (const [quota, after] of updated) lookups.replace('resourcequotas', quota, after);
  },
};

/** The quota with the change entered; undefined when it does not concern it. Throws when there is not enough left. */
function charged(
  quota: ResourceQuota,
  change: Amounts,
  object: StoredObject,
  { resource, name }: Attributes,
): ResourceQuota | undefined {
  const hard = quota.status?.hard ?? {};
  const used = quota.status?.used ?? {};
  const quotaName = quota.metadata?.name;
  if (resource.group === '' && resource.resource === 'pods') {
    const missing = missingAmounts(Object.keys(hard), asPod(object));
    if (missing) throw forbidden(resource, name, `failed quota: ${quotaName}: must specify ${missing}`);
  }
  const concerned = Object.keys(hard).filter((key) => Object.hasOwn(change, key));
  if (concerned.length === 0) return undefined;
  const unknown = concerned.filter((key) => !Object.hasOwn(used, key)).sort();
  if (unknown.length > 0)
    throw forbidden(resource, name, `status unknown for quota: ${quotaName}, resources: ${unknown.join(',')}`);
  const requested = pick(change, concerned);
  const now = add(used, requested);
  const exceeded = concerned.filter(
    (key) => parseQuantity(requested[key] ?? '0').sign() > 0 && isMore(now[key], hard[key]),
  );
  if (exceeded.length > 0) {
    const text = [
      `exceeded quota: ${quotaName}`,
      `requested: ${amountsText(requested, exceeded)}`,
      `used: ${amountsText(used, exceeded)}`,
      `limited: ${amountsText(hard, exceeded)}`,
    ];
    throw forbidden(resource, name, text.join(', '));
  }
  return { ...quota, status: { ...quota.status, used: pick(now, Object.keys(used)) } };
}

/** What is used more than before: for an update only what grew or shrank. */
function deltaOf(object: StoredObject, { old, resource, operation }: Attributes): Amounts {
  const now = usageOf(resource, object);
  if (operation !== 'update' || !old) return now;
  const before = usageOf(resource, old);
  const delta = new Map<string, string>();
  for (const key of new Set([...Object.keys(now), ...Object.keys(before)])) {
    const change = parseQuantity(now[key] ?? '0').subtract(parseQuantity(before[key] ?? '0'));
    if (!change.isZero()) delta.set(key, change.canonical());
  }
  return Object.fromEntries(delta);
}

function changesUse(attributes: Attributes): boolean {
  const { group, resource } = attributes.resource;
  if (group === 'resource.k8s.io') return resource === 'resourceclaims';
  return group === '' && (resource === 'services' || resource === 'persistentvolumeclaims' || isPodResize(attributes));
}

/** What containers must say because a quota limits it: `limits.cpu for: main; requests.cpu for: main`. */
function missingAmounts(names: readonly string[], { spec }: Pod): string | undefined {
  const all: readonly Container[] = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  const texts: string[] = [];
  for (const name of [...names].sort()) {
    const limits = name.startsWith('limits.');
    const key = name.replace(/^(limits|requests)\./, '');
    if (
      !['cpu', 'memory', 'ephemeral-storage'].includes(key) ||
      spec?.resources?.[limits ? 'limits' : 'requests']?.[key]
    )
      continue;
    const without = all.filter(({ resources }) => !(limits ? resources?.limits : resources?.requests)?.[key]);
    if (without.length > 0)
      texts.push(
        `${name} for: ${without
          .map((container) => container.name)
          .sort()
          .join(',')}`,
      );
  }
  return texts.length > 0 ? texts.join('; ') : undefined;
}

function pick(amounts: Amounts, keys: readonly string[]): Amounts {
  return Object.fromEntries(keys.map((key) => [key, amounts[key] ?? '0']));
}

function isMore(amount = '0', limit = '0'): boolean {
  return parseQuantity(amount).compare(parseQuantity(limit)) > 0;
}

function amountsText(amounts: Amounts, keys: readonly string[]): string {
  return [...keys]
    .sort()
    .map((key) => `${key}=${amounts[key] ?? '0'}`)
    .join(',');
}

function asPod(object: StoredObject): Pod {
  return object as Pod; // edge: only for objects of the pods resource
}
