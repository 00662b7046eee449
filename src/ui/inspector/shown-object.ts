// What is selected: the object, what the API calls its kind, what is told of it in short, and where it leads.
import * as handles from '../../api/generated/resources.ts';
import type {
  Deployment,
  EndpointSlice,
  Node,
  ObjectMeta,
  OwnerReference,
  PersistentVolumeClaim,
  Pod,
  ReplicaSet,
  Service,
} from '../../api/generated/types.ts';
import type { Resource } from '../../api/resource.ts';
import { nodeStatus, podStatus } from '../diagram/pod-status.ts';
import type { Cluster } from '../state/cluster.ts';
import type { Selection } from '../state/view-store.ts';
import { whyClaim, whyDeployment, whyNode, whyReplicaSet } from '../why/owner-why.ts';
import { whyPod } from '../why/pod-why.ts';
import { whyService } from '../why/service-why.ts';
import type { Facts, ShownResource, Why } from '../why/why.ts';

export interface ShownObject {
  readonly resource: Pick<Resource<unknown>, 'group' | 'version' | 'resource' | 'kind'>;
  readonly metadata: ObjectMeta;
  readonly object: object;
  readonly facts: readonly Fact[];
  readonly why: (facts: Facts) => Why | undefined;
  /** Containers whose logs can be read. */
  readonly containers: readonly string[];
}

export interface Fact {
  readonly name: string;
  readonly value: string;
  /** The object that the value names. */
  readonly link?: Selection | undefined;
}

/** Undefined: it is not there (any more). */
export function shownObject(cluster: Cluster, { kind, uid }: Selection): ShownObject | undefined {
  switch (kind) {
    case 'pods':
      return shown(handles.pods, cluster.pods.get(uid), podFacts(cluster), (pod, facts) => whyPod(pod, facts));
    case 'nodes':
      return shown(handles.nodes, cluster.nodes.get(uid), nodeFacts, whyNode);
    case 'services':
      return shown(handles.services, cluster.services.get(uid), serviceFacts, whyService);
    case 'deployments':
      return shown(handles.deployments, cluster.deployments.get(uid), deploymentFacts, whyDeployment);
    case 'replicasets':
      return shown(handles.replicaSets, cluster.replicaSets.get(uid), replicaSetFacts(cluster), whyReplicaSet);
    case 'endpointslices':
      return shown(handles.endpointSlices, cluster.endpointSlices.get(uid), sliceFacts, () => undefined);
    case 'persistentvolumeclaims':
      return shown(handles.persistentVolumeClaims, cluster.claims.get(uid), claimFacts, whyClaim);
  }
}

type Row = readonly [name: string, value: string | number | undefined, link?: Selection | undefined];

function shown<T extends { readonly metadata?: ObjectMeta | undefined }>(
  resource: ShownObject['resource'],
  object: T | undefined,
  rows: (object: T) => readonly Row[],
  why: (object: T, facts: Facts) => Why | undefined,
): ShownObject | undefined {
  if (!object) return undefined;
  const metadata = object.metadata ?? {};
  const spec = 'spec' in object ? object.spec : undefined;
  const facts = [...rows(object), ['Labels', pairs(metadata.labels)] as const].flatMap(
    ([name, value, link]: Row): readonly Fact[] =>
      value === undefined || value === '' ? [] : [{ name, value: String(value), link }],
  );
  return { resource, metadata, object, facts, why: (about) => why(object, about), containers: containersOf(spec) };
}

function containersOf(spec: unknown): readonly string[] {
  const { containers = [], initContainers = [] } = (spec ?? {}) as NonNullable<Pod['spec']>; // edge: only pods have containers here
  return [...containers, ...initContainers].map(({ name }) => name);
}

function podFacts(cluster: Cluster) {
  return (pod: Pod): readonly Row[] => {
    const { metadata, spec, status } = pod;
    const { text, restarts } = podStatus(pod);
    const node = [...cluster.nodes.values()].find((one) => one.metadata?.name === spec?.nodeName);
    return [
      ['Status', text],
      ['Namespace', metadata?.namespace],
      ['Node', spec?.nodeName ?? 'none yet', linkTo('nodes', node)],
      ['IP', status?.podIP],
      ['Restarts', restarts],
      ['Containers', spec?.containers.map(({ name, image }) => `${name}: ${image}`).join('\n')],
      ownerRow(cluster, metadata?.ownerReferences),
    ];
  };
}

function nodeFacts(node: Node): readonly Row[] {
  const { spec, status } = node;
  return [
    ['Status', nodeStatus(node)],
    ['Version', status?.nodeInfo?.kubeletVersion],
    ['Address', status?.addresses?.find(({ type }) => type === 'InternalIP')?.address],
    ['Pod range', spec?.podCIDR],
    ['CPU', status?.allocatable?.cpu],
    ['Memory', status?.allocatable?.memory],
    ['Pods at most', status?.allocatable?.pods],
    ['Taints', spec?.taints?.map(({ key, effect }) => `${key}:${effect}`).join('\n')],
  ];
}

function serviceFacts({ metadata, spec, status }: Service): readonly Row[] {
  const outside = status?.loadBalancer?.ingress?.map(({ ip, hostname }) => ip ?? hostname).join(', ');
  return [
    ['Type', spec?.type],
    ['Namespace', metadata?.namespace],
    ['Cluster IP', spec?.clusterIP],
    ['External IP', outside],
    ['Ports', spec?.ports?.map(portText).join('\n')],
    ['Selector', pairs(spec?.selector)],
  ];
}

function portText({
  port,
  targetPort,
  nodePort,
  protocol,
}: NonNullable<NonNullable<Service['spec']>['ports']>[number]) {
  return `${port} → ${targetPort}${nodePort ? `, node port ${nodePort}` : ''} ${protocol ?? 'TCP'}`;
}

function deploymentFacts({ metadata, spec, status }: Deployment): readonly Row[] {
  return [
    ['Ready', `${status?.readyReplicas ?? 0} of ${spec?.replicas ?? 1}`],
    ['Up to date', status?.updatedReplicas ?? 0],
    ['Namespace', metadata?.namespace],
    ['Strategy', spec?.strategy?.type],
    ['Images', spec?.template.spec?.containers.map(({ image }) => image).join('\n')],
    ['Selector', pairs(spec?.selector.matchLabels)],
  ];
}

function replicaSetFacts(cluster: Cluster) {
  return ({ metadata, spec, status }: ReplicaSet): readonly Row[] => [
    ['Ready', `${status?.readyReplicas ?? 0} of ${spec?.replicas ?? 1}`],
    ['Namespace', metadata?.namespace],
    ['Images', spec?.template?.spec?.containers.map(({ image }) => image).join('\n')],
    ownerRow(cluster, metadata?.ownerReferences),
  ];
}

function sliceFacts({ metadata, endpoints, ports }: EndpointSlice): readonly Row[] {
  return [
    ['Namespace', metadata?.namespace],
    ['Ports', ports?.map(({ port, protocol }) => `${port} ${protocol}`).join('\n')],
    [
      'Endpoints',
      endpoints
        ?.map(({ addresses, conditions }) => `${addresses[0]}${conditions?.ready === false ? ' (not ready)' : ''}`)
        .join('\n'),
    ],
  ];
}

function claimFacts({ metadata, spec, status }: PersistentVolumeClaim): readonly Row[] {
  return [
    ['Status', status?.phase],
    ['Namespace', metadata?.namespace],
    ['Asks for', spec?.resources?.requests?.storage],
    ['Storage class', spec?.storageClassName],
    ['Volume', spec?.volumeName],
  ];
}

function ownerRow(cluster: Cluster, owners: readonly OwnerReference[] | undefined): Row {
  const owner = owners?.find(({ controller }) => controller) ?? owners?.[0];
  if (!owner) return ['Controlled by', undefined];
  const link = cluster.replicaSets.has(owner.uid)
    ? ({ kind: 'replicasets', uid: owner.uid } as const)
    : cluster.deployments.has(owner.uid)
      ? ({ kind: 'deployments', uid: owner.uid } as const)
      : undefined;
  return ['Controlled by', `${owner.kind} ${owner.name}`, link];
}

function linkTo(
  kind: ShownResource,
  object: { readonly metadata?: ObjectMeta | undefined } | undefined,
): Selection | undefined {
  return object?.metadata?.uid ? { kind, uid: object.metadata.uid } : undefined;
}

function pairs(map: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(map ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');
}
