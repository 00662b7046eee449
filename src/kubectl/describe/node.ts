// Describes nodes, with the pods on them and how much of the node they take.
import { at, entriesAt, objectAt, objectsAt, textAt, textsAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { isForbidden } from '../errors.ts';
import { type DescribeClient, describer, objectPath, searchEvents } from './describer.ts';
import type { DescriptionWriter } from './description-writer.ts';
import { rfc1123 } from './go-time.ts';
import { writeColumn, writeMetadataMaps } from './metadata.ts';
import { writeAllocation } from './node-allocation.ts';

interface NodeSurroundings {
  /** Undefined when the user may not see pods. */
  readonly pods: readonly JsonObject[] | undefined;
  readonly slices: readonly JsonObject[];
  /** The lease, or why it could not be read. */
  readonly lease: JsonObject | string;
}

export const nodeDescriber = describer<NodeSurroundings>({
  group: '',
  kind: 'Node',
  resource: ['/api/v1', 'nodes'],
  clusterScoped: true,
  events: nodeEvents,
  related: surroundingsOf,
  write: (w, node, { related, now }) => {
    writeIdentity(w, node);
    writeLease(w, related.lease);
    writeConditions(w, objectsAt(node, 'status.conditions'));
    w.line(0, 'Addresses:');
    for (const address of objectsAt(node, 'status.addresses')) {
      w.field(1, textAt(address, 'type'), textAt(address, 'address'));
    }
    writeAmounts(w, 'Capacity', node, 'status.capacity');
    writeAmounts(w, 'Allocatable', node, 'status.allocatable');
    writeSlices(w, related.slices);
    writeSystemInfo(w, node);
    w.optional(0, 'PodCIDR', textAt(node, 'spec.podCIDR'));
    w.optional(0, 'PodCIDRs', textsAt(node, 'spec.podCIDRs').join(','));
    w.optional(0, 'ProviderID', textAt(node, 'spec.providerID'));
    if (related.pods) writeAllocation(w, node, related.pods, now);
    else w.field(0, 'Pods', 'not authorized');
  },
});

async function surroundingsOf(node: JsonObject, client: DescribeClient): Promise<NodeSurroundings> {
  const name = textAt(node, 'metadata.name');
  const terms = [`spec.nodeName=${name}`, 'status.phase!=Succeeded', 'status.phase!=Failed'];
  const pods = await client.list('/api/v1/pods', { fieldSelector: terms.join(',') }).catch((error: unknown) => {
    if (!isForbidden(error)) throw error;
    return undefined;
  });
  const slices = await client
    .list('/apis/resource.k8s.io/v1/resourceslices', { fieldSelector: `spec.nodeName=${name}` })
    .catch(() => []);
  const at = { prefix: '/apis/coordination.k8s.io/v1', resource: 'leases', namespace: 'kube-node-lease', name };
  const lease = await client
    .get(objectPath(at))
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  return { pods, slices, lease };
}

/** Controllers record events under the node's uid, the kubelet under its name. */
async function nodeEvents(node: JsonObject, client: DescribeClient): Promise<readonly JsonObject[]> {
  const name = textAt(node, 'metadata.name');
  const reference = { name, namespace: '', kind: 'Node' };
  const byUid = await searchEvents(client, { ...reference, uid: textAt(node, 'metadata.uid') });
  return [...byUid, ...(await searchEvents(client, { ...reference, uid: name }))];
}

function writeIdentity(w: DescriptionWriter, node: JsonObject): void {
  w.field(0, 'Name', textAt(node, 'metadata.name'));
  w.field(0, 'Roles', rolesOf(node).join(',') || '<none>');
  writeMetadataMaps(w, node);
  w.field(0, 'CreationTimestamp', rfc1123(textAt(node, 'metadata.creationTimestamp')));
  const taints = objectsAt(node, 'spec.taints').map((taint) => ({
    key: `${textAt(taint, 'effect')},${textAt(taint, 'key')}`,
    text: taintText(taint),
  }));
  taints.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  writeColumn(
    w,
    'Taints',
    taints.map(({ text }) => text),
  );
  w.field(0, 'Unschedulable', at(node, 'spec.unschedulable') === true);
}

/** `key=value:Effect`, without what is absent. */
export function taintText(taint: JsonObject): string {
  const [key, value, effect] = [textAt(taint, 'key'), textAt(taint, 'value'), textAt(taint, 'effect')];
  if (effect === '') return value === '' ? key : `${key}=${value}:`;
  return value === '' ? `${key}:${effect}` : `${key}=${value}:${effect}`;
}

function rolesOf(node: JsonObject): readonly string[] {
  const prefix = 'node-role.kubernetes.io/';
  const roles = new Set<string>();
  for (const [key, value] of entriesAt(node, 'metadata.labels')) {
    if (key.startsWith(prefix) && key !== prefix) roles.add(key.slice(prefix.length));
    else if (key === 'kubernetes.io/role' && value !== '') roles.add(value);
  }
  return [...roles].sort();
}

function writeLease(w: DescriptionWriter, lease: JsonObject | string): void {
  if (typeof lease === 'string') {
    w.field(0, 'Lease', `Failed to get lease: ${lease}`);
    return;
  }
  const time = (field: string) => (textAt(lease, field) === '' ? '<unset>' : rfc1123(textAt(lease, field)));
  w.line(0, 'Lease:');
  w.field(1, 'HolderIdentity', textAt(lease, 'spec.holderIdentity') || '<unset>');
  w.field(1, 'AcquireTime', time('spec.acquireTime'));
  w.field(1, 'RenewTime', time('spec.renewTime'));
}

function writeConditions(w: DescriptionWriter, conditions: readonly JsonObject[]): void {
  if (conditions.length === 0) return;
  w.write(0, 'Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage\n');
  w.line(1, '----\t------\t-----------------\t------------------\t------\t-------');
  for (const condition of conditions) {
    const text = (field: string) => textAt(condition, field);
    const times = `${rfc1123(text('lastHeartbeatTime'))} \t${rfc1123(text('lastTransitionTime'))}`;
    w.line(1, `${text('type')} \t${text('status')} \t${times} \t${text('reason')} \t${text('message')}`);
  }
}

function writeAmounts(w: DescriptionWriter, label: string, node: JsonObject, path: string): void {
  const amounts = entriesAt(node, path);
  if (amounts.length > 0) w.line(0, `${label}:`);
  for (const [name, amount] of amounts) w.field(0, `  ${name}`, amount);
}

const systemInfo = [
  ['Machine ID', 'machineID'],
  ['System UUID', 'systemUUID'],
  ['Boot ID', 'bootID'],
  ['Kernel Version', 'kernelVersion'],
  ['OS Image', 'osImage'],
  ['Operating System', 'operatingSystem'],
  ['Architecture', 'architecture'],
  ['Container Runtime Version', 'containerRuntimeVersion'],
  ['Kubelet Version', 'kubeletVersion'],
] as const;

function writeSystemInfo(w: DescriptionWriter, node: JsonObject): void {
  w.line(0, 'System Info:');
  for (const [label, field] of systemInfo) w.field(0, `  ${label}`, textAt(node, `status.nodeInfo.${field}`));
}

const poolsMax = 10;

/** Device pools of this node alone: slices and devices by driver and pool. */
function writeSlices(w: DescriptionWriter, slices: readonly JsonObject[]): void {
  const pools = new Map<string, { cells: string; slices: number; devices: number }>();
  for (const slice of slices) {
    const [driver, pool] = [textAt(slice, 'spec.driver'), textAt(slice, 'spec.pool.name')];
    const entry = pools.get(`${driver}/${pool}`) ?? { cells: `${driver}\t${pool}`, slices: 0, devices: 0 };
    entry.slices++;
    entry.devices += objectAt(slice, 'spec') ? objectsAt(slice, 'spec.devices').length : 0;
    pools.set(`${driver}/${pool}`, entry);
  }
  if (pools.size === 0) return;
  w.line(0, 'Node-Local ResourceSlices:');
  w.line(1, 'Driver\tPool\tSlices\tDevices');
  w.line(1, '------\t----\t------\t-------');
  for (const key of [...pools.keys()].sort().slice(0, poolsMax)) {
    const pool = pools.get(key);
    if (pool) w.line(1, `${pool.cells}\t${pool.slices}\t${pool.devices}`);
  }
  if (pools.size > poolsMax) w.line(1, `...and ${pools.size - poolsMax} more pools`);
}
