// Whether the node takes a pod that was bound to it: resources, node selector and affinity, operating system, declared
// features. Models the kubelet's admit handlers.
import type { Node, Pod, PodSpec } from '../../../api/generated/types.ts';
import { parseQuantity } from '../../../api/quantity.ts';
import { declaredFeatures, missingForPod } from '../../../kinds/declared-features.ts';
import { isSidecar } from './restart-policy.ts';

export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

/** The pods that a node has room for besides the one that asks. */
export interface OtherPods extends Iterable<Pod> {
  /** There are no more than so many: where that is few enough they need not be counted. */
  readonly max: number;
}

export function admit(
  pod: Pod,
  others: OtherPods,
  node: Node,
  allocatable: Readonly<Record<string, string>>,
): Rejection | undefined {
  if (pod.spec?.os?.name !== undefined && pod.spec.os.name !== 'linux')
    return {
      reason: 'PodOSNotSupported',
      message: "Failed to admit pod as the OS field doesn't match node OS",
    };
  const labels = node.metadata?.labels ?? {};
  const fits = Object.entries(pod.spec?.nodeSelector ?? {}).every(
    ([key, value]) => Object.hasOwn(labels, key) && labels[key] === value,
  );
  if (!fits)
    return {
      reason: 'NodeAffinity',
      message: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
    };
  return resources(pod, others, allocatable) ?? features(pod);
}

function features({ spec }: Pod): Rejection | undefined {
  const missing = spec ? missingForPod(spec, declaredFeatures) : [];
  if (missing.length === 0) return undefined;
  const message = `Pod requires node features that are not available: ${missing.join(', ')}`;
  return { reason: 'PodFeatureUnsupported', message };
}

function resources(pod: Pod, others: OtherPods, allocatable: Readonly<Record<string, string>>): Rejection | undefined {
  const wanted = requestsOf(pod);
  const podsMax = Number(allocatable.pods ?? '110');
  if (wanted.size === 0 && others.max < podsMax) return undefined;
  const used = new Map<string, bigint>();
  let count = 0;
  for (const other of others) {
    count++;
    if (wanted.size > 0)
      for (const [name, amount] of requestsOf(other)) used.set(name, (used.get(name) ?? 0n) + amount);
  }
  if (count + 1 > podsMax) return out('pods', 1, count, podsMax);
  for (const [name, amount] of wanted) {
    if (!Object.hasOwn(allocatable, name) && isElsewhere(pod, name)) continue;
    const capacity = Object.hasOwn(allocatable, name) ? parseQuantity(allocatable[name] ?? '0').nanos : 0n;
    const taken = used.get(name) ?? 0n;
    if (amount > 0n && taken + amount > capacity) {
      const unit = name === 'cpu' ? 1_000_000n : 1_000_000_000n;
      return out(name, Number(amount / unit), Number(taken / unit), Number(capacity / unit));
    }
  }
  return undefined;
}

/** What is extended and not the node's own comes from devices, or from elsewhere in the cluster. */
function isElsewhere({ status }: Pod, resource: string): boolean {
  const mappings = status?.extendedResourceClaimStatus?.requestMappings ?? [];
  if (mappings.some(({ resourceName }) => resourceName === resource)) return true;
  return resource.includes('/') && !resource.includes('kubernetes.io/');
}

function out(name: string, requested: number, used: number, capacity: number): Rejection {
  return {
    reason: `OutOf${name}`,
    message: `Node didn't have enough resource: ${name}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
  };
}

/** By spec: replicas share one, and it is asked for at every admission on their node. */
const requests = new WeakMap<PodSpec, ReadonlyMap<string, bigint>>();

function requestsOf({ spec }: Pod): ReadonlyMap<string, bigint> {
  if (!spec) return new Map();
  const known = requests.get(spec);
  if (known) return known;
  const sums = sumRequests(spec);
  requests.set(spec, sums);
  return sums;
}

function sumRequests(spec: PodSpec): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  const specs = [...spec.containers, ...(spec.initContainers ?? []).filter(isSidecar)];
  for (const { resources: asked } of specs)
    for (const [name, text] of Object.entries(asked?.requests ?? {}))
      sums.set(name, (sums.get(name) ?? 0n) + parseQuantity(text).nanos);
  return sums;
}
