// Services. Addresses and node ports are given out by the API server (apiserver/service-allocator.ts).
import type { Service, ServiceSpec } from '../api/generated/types.ts';
import { dns1123Label } from '../api/names.ts';
import { ageColumn, labelsText, nameColumn, selectorColumn, textColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { loadBalancerAddresses } from './load-balancer-addresses.ts';
import { withClusterIps, withKeptFields } from './service-fields.ts';
import { assign, change, changeAll, fill, fillZero } from './share.ts';

/** What the server knows about Services. */
export const service = defineKind<Service>({
  group: '',
  kind: 'Service',
  createOnUpdate: true,
  returnsDeleted: true,
  validName: dns1123Label,
  defaults: (service) => change(service, 'spec', specDefaults),
  prepareForCreate: (service) => ({ ...withoutPolicy(withClusterIps(service)), status: { loadBalancer: {} } }),
  prepareForUpdate: (service, old) => assign(withoutPolicy(withKeptFields(service, old)), { status: old.status }),
  fields: {
    'spec.clusterIP': (service) => service.spec?.clusterIP ?? '',
    'spec.type': (service) => service.spec?.type ?? '',
  },
  columns: [
    nameColumn,
    textColumn('Type', 'How the service is exposed.', ({ spec }) => spec?.type ?? ''),
    textColumn('Cluster-IP', 'Address inside the cluster.', ({ spec }) => spec?.clusterIPs?.[0] ?? '<none>'),
    textColumn('External-IP', 'Addresses outside of the cluster.', externalAddress),
    textColumn('Port(s)', 'Ports, node ports and protocols.', ({ spec }) => portsText(spec) || '<none>'),
    ageColumn,
    selectorColumn(({ spec }) => labelsText(spec?.selector)),
  ],
});

/** Nothing inside the cluster goes to a name outside of it. */
function withoutPolicy(service: Service): Service {
  return change(service, 'spec', (spec) =>
    spec.type === 'ExternalName' ? assign(spec, { internalTrafficPolicy: undefined }) : spec,
  );
}

function specDefaults(given: ServiceSpec): ServiceSpec {
  let spec = fillZero(given, { sessionAffinity: 'None', type: 'ClusterIP' });
  if (spec.sessionAffinity === 'None' && spec.sessionAffinityConfig)
    spec = assign(spec, { sessionAffinityConfig: undefined });
  if (spec.sessionAffinity === 'ClientIP' && spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined)
    spec = { ...spec, sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } };
  spec = change(spec, 'ports', (ports) =>
    changeAll(ports, (port) => fillZero(port, { protocol: 'TCP', targetPort: port.port })),
  );
  const outside = spec.type === 'NodePort' || spec.type === 'LoadBalancer' || (spec.externalIPs?.length ?? 0) > 0;
  if (outside && spec.type !== 'ExternalName') spec = fillZero(spec, { externalTrafficPolicy: 'Cluster' });
  if (spec.type !== 'ExternalName') spec = fill(spec, { internalTrafficPolicy: 'Cluster' });
  return spec.type === 'LoadBalancer' ? fill(spec, { allocateLoadBalancerNodePorts: true }) : spec;
}

function externalAddress({ spec, status }: Service): string {
  const given = spec?.externalIPs ?? [];
  switch (spec?.type) {
    case 'ClusterIP':
    case 'NodePort':
      return given.join(',') || '<none>';
    case 'LoadBalancer':
      return [...loadBalancerAddresses(status?.loadBalancer?.ingress), ...given].join(',') || '<pending>';
    case 'ExternalName':
      return spec.externalName ?? '';
    default:
      return '<unknown>';
  }
}

function portsText(spec: ServiceSpec | undefined): string {
  const texts = (spec?.ports ?? []).map(({ port, nodePort, protocol }) => {
    return nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`;
  });
  return texts.join(',');
}
