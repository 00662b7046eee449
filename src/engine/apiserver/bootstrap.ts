// What a fresh cluster contains before anybody has done anything: namespaces, RBAC, priorities, the API's own Service.
import type { ClusterRoleBinding, PolicyRule, Subject } from '../../api/generated/types.ts';
import type { UserInfo } from '../../api/request.ts';
import { parseApiVersion } from '../../api/resource.ts';
import { ApiError, isAlreadyExists, isNotFound } from '../../api/status.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { formatTime } from '../../base/time.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import type { ApiCore } from './api-core.ts';
import { builtInApiServices } from './api-services.ts';
import { clusterRoleBindings, namespacedRoles, roleBindings } from './bootstrap/bindings.ts';
import { controllerRoles } from './bootstrap/controller-roles.ts';
import { flowSchemas, priorityLevels } from './bootstrap/flow-control.ts';
import { mendedBinding, mendedRole } from './bootstrap/reconcile-roles.ts';
import { type SystemFacts, systemConfigMaps } from './bootstrap/system-config-maps.ts';
import { systemRoles } from './bootstrap/system-roles.ts';
import { userRoles } from './bootstrap/user-roles.ts';
import { asJson, asStored } from './json-edge.ts';
import { AnswersNeeded } from './request-memory.ts';

export interface BootstrapFacts {
  /** The address that the `kubernetes` Service leads to. */
  readonly address: string;
  readonly port: number;
  /** The Service's own address, the first of the service range. */
  readonly serviceIp: string;
}

const server: UserInfo = { name: 'system:apiserver', groups: ['system:masters'] };
const userAgent = 'kube-apiserver/v1.36.2';
const rbac = 'rbac.authorization.k8s.io';
type RoleRow = readonly [head: string, ...rules: string[]];

/** Creates what is missing. Running it again changes nothing. */
export function bootstrap(api: Pick<ApiCore, 'perform'>, facts: BootstrapFacts, system: SystemFacts): void {
  for (const service of builtInApiServices(formatTime(system.nowMs))) ensure(api, 'apiservices', asJson(service));
  for (const [resource, object] of bootstrapObjects(facts)) ensure(api, resource, asJson(object));
  for (const map of systemConfigMaps(system)) ensure(api, 'configmaps', asJson(map));
}

function ensure(api: Pick<ApiCore, 'perform'>, resource: string, object: JsonObject): void {
  const { apiVersion, metadata } = object;
  const { group, version } = parseApiVersion(String(apiVersion)) ?? { group: '', version: 'v1' };
  const namespace = isObject(metadata) && typeof metadata.namespace === 'string' ? metadata.namespace : undefined;
  const request = { group, version, resource, namespace, user: server, userAgent };
  try {
    api.perform({ ...request, verb: 'create', body: object }, () => {});
  } catch (error) {
    if (!isAlreadyExists(error) && !isNotFound(error)) throw error;
  }
}

type Server = Pick<ApiCore, 'perform'> & {
  get(resource: string, namespace: string | undefined, name: string): StoredObject | undefined;
};

/** Mends the default roles and bindings of a cluster that was there before: what is deleted comes back. */
export function reconcileRoles(api: Server): void {
  for (const [resource, object] of roleObjects()) {
    const wanted = asStored(asJson(object));
    if (isPlain(wanted)) continue;
    try {
      reconcile(api, resource, wanted);
    } catch (error) {
      // A storage without a leader, or a webhook that would have to be asked: the next start tries again.
      if (!(error instanceof ApiError || error instanceof AnswersNeeded)) throw error;
    }
  }
}

function reconcile(api: Server, resource: string, wanted: StoredObject): void {
  const { name = '', namespace } = wanted.metadata ?? {};
  const existing = api.get(`${resource}.${rbac}`, namespace, name);
  if (!existing) {
    ensure(api, resource, asJson(wanted));
    return;
  }
  const request = { group: rbac, version: 'v1', resource, namespace, name, user: server, userAgent };
  const update = (object: object): void =>
    void api.perform({ ...request, verb: 'update', body: asJson(object) }, () => {});
  if (resource.endsWith('roles')) {
    const role = mendedRole(existing, wanted);
    if (role) update(role);
    return;
  }
  // edge: objects of the bindings resources
  const mended = mendedBinding(existing as ClusterRoleBinding, wanted as StoredObject as ClusterRoleBinding);
  if (!mended) return;
  if (mended.replaced) {
    api.perform({ ...request, verb: 'delete' }, () => {});
    ensure(api, resource, asJson(mended.binding));
  } else update(mended.binding);
}

/** Those of whoever set the cluster up are made once. */
function isPlain({ metadata }: StoredObject): boolean {
  return metadata?.annotations === undefined;
}

type Row = readonly [resource: string, object: object];

function bootstrapObjects(facts: BootstrapFacts): readonly Row[] {
  const v1 = { apiVersion: 'v1' };
  return [
    ...['default', 'kube-system', 'kube-public', 'kube-node-lease'].map(
      (name): Row => ['namespaces', { ...v1, kind: 'Namespace', metadata: { name } }],
    ),
    ...roleObjects(),
    ...priorityClasses(),
    ...Object.entries(priorityLevels).map(
      ([name, spec]): Row => ['prioritylevelconfigurations', flowControl('PriorityLevelConfiguration', name, spec)],
    ),
    ...Object.entries(flowSchemas).map(([name, spec]): Row => ['flowschemas', flowControl('FlowSchema', name, spec)]),
    ...kubernetesService(facts),
  ];
}

function roleObjects(): readonly Row[] {
  return [
    ...[...userRoles, ...systemRoles, ...controllerRoles].map(
      (row): Row => ['clusterroles', roleOf(row, 'ClusterRole')],
    ),
    ...namespacedRoles.map((row): Row => ['roles', roleOf(row, 'Role')]),
    ...clusterRoleBindings.map((row): Row => ['clusterrolebindings', bindingOf(row, 'ClusterRoleBinding')]),
    ...roleBindings.map((row): Row => ['rolebindings', bindingOf(row, 'RoleBinding')]),
  ];
}

function flowControl(kind: string, name: string, spec: object): object {
  const annotations = { 'apf.kubernetes.io/autoupdate-spec': 'true' };
  return { apiVersion: 'flowcontrol.apiserver.k8s.io/v1', kind, metadata: { name, annotations }, spec };
}

function priorityClasses(): readonly Row[] {
  const classes = [
    [
      'system-cluster-critical',
      2_000_000_000,
      'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
    ],
    [
      'system-node-critical',
      2_000_001_000,
      'Used for system critical pods that must not be moved from their current node.',
    ],
  ] as const;
  return classes.map(
    ([name, value, description]): Row => [
      'priorityclasses',
      {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: { name },
        value,
        description,
        preemptionPolicy: 'PreemptLowerPriority',
      },
    ],
  );
}

function kubernetesService({ address, port, serviceIp }: BootstrapFacts): readonly Row[] {
  const metadata = { name: 'kubernetes', namespace: 'default' };
  const ports = [{ name: 'https', port, protocol: 'TCP' }];
  return [
    [
      'services',
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { ...metadata, labels: { component: 'apiserver', provider: 'kubernetes' } },
        spec: {
          type: 'ClusterIP',
          clusterIP: serviceIp,
          clusterIPs: [serviceIp],
          ipFamilies: ['IPv4'],
          ipFamilyPolicy: 'SingleStack',
          sessionAffinity: 'None',
          ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: port }],
        },
      },
    ],
    [
      'endpoints',
      {
        apiVersion: 'v1',
        kind: 'Endpoints',
        metadata: { ...metadata, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
        subsets: [{ addresses: [{ ip: address }], ports }],
      },
    ],
    [
      'endpointslices',
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'kubernetes' } },
        addressType: 'IPv4',
        endpoints: [{ addresses: [address], conditions: { ready: true } }],
        ports,
      },
    ],
  ];
}

const defaultsMark = {
  annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
  labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
};

function metadataOf(head: readonly string[]): { readonly name: string; readonly labels?: object } {
  const [place = ''] = head;
  const slash = place.indexOf('/');
  const mark: Partial<typeof defaultsMark> = head.includes('plain') ? {} : defaultsMark;
  const aggregated = head.filter((word) => word.startsWith('to=')).map((word) => [`${rbac}/${word.slice(3)}`, 'true']);
  return {
    ...mark,
    ...(mark.labels && { labels: { ...mark.labels, ...Object.fromEntries(aggregated) } }),
    name: place.slice(slash + 1),
    ...(slash >= 0 && { namespace: place.slice(0, slash) }),
  };
}

function roleOf([heading, ...rules]: RoleRow, kind: string): object {
  const head = heading.split(' ');
  const from = head.filter((word) => word.startsWith('from='));
  const clusterRoleSelectors = from.map((word) => ({ matchLabels: { [`${rbac}/${word.slice(5)}`]: 'true' } }));
  return {
    apiVersion: `${rbac}/v1`,
    kind,
    metadata: metadataOf(head),
    ...(from.length > 0 && { aggregationRule: { clusterRoleSelectors } }),
    rules: rules.map(ruleOf),
  };
}

function ruleOf(text: string): PolicyRule {
  const [verbs = [], second = [], resources, names] = text
    .split(' ')
    .map((words) => words.split(',').map((word) => (word === '""' ? '' : word)));
  if (!resources) return { nonResourceURLs: second, verbs };
  return { apiGroups: second, resources, ...(names && { resourceNames: names }), verbs };
}

function bindingOf(text: string, kind: string): object {
  const [head = '', rest = ''] = text.split(' = ');
  const [role = '', subjects = ''] = rest.split(' <');
  const [roleKind = '', ...roleName] = role.split(':');
  return {
    apiVersion: `${rbac}/v1`,
    kind,
    metadata: metadataOf(head.split(' ')),
    roleRef: { apiGroup: rbac, kind: roleKind, name: roleName.join(':') },
    subjects: subjects.trim().split(' ').filter(Boolean).map(subjectOf),
  };
}

function subjectOf(text: string): Subject {
  const colon = text.indexOf(':');
  const kind = text.slice(0, colon);
  const name = text.slice(colon + 1);
  if (kind !== 'ServiceAccount') return { apiGroup: rbac, kind, name };
  const [namespace = '', account = ''] = name.split('/');
  return { kind, name: account, namespace };
}
