// Fields of a Service that follow from others: what an update leaves out stays, what its new type has no use for goes.

import { alike } from '../api/alike.ts';
import type { Service, ServicePort, ServiceSpec } from '../api/generated/types.ts';
import { assign, change, changeAll } from './share.ts';

/** A new Service's `clusterIPs`, from its `clusterIP`. */
export function withClusterIps(service: Service): Service {
  return change(service, 'spec', (spec) =>
    spec.clusterIP && !spec.clusterIPs?.length ? { ...spec, clusterIPs: [spec.clusterIP] } : spec,
  );
}

/** The changed Service with the addresses and ports that it keeps. */
export function withKeptFields(service: Service, before: Service): Service {
  const old = before.spec;
  if (!old) return service;
  return change(service, 'spec', (given) => droppedFields(keptPorts(keptAddresses(given, old), old), old));
}

function keptAddresses(spec: ServiceSpec, old: ServiceSpec): ServiceSpec {
  let kept = spec;
  if (hasAddress(spec) && hasAddress(old)) {
    if (!kept.clusterIP) kept = assign(kept, { clusterIP: old.clusterIP });
    if (!kept.clusterIPs?.length && kept.clusterIP === old.clusterIP)
      kept = assign(kept, { clusterIPs: old.clusterIPs });
    if (kept.clusterIP === old.clusterIP && alike(kept.clusterIPs, old.clusterIPs)) {
      if (!kept.ipFamilies?.length && kept.ipFamilyPolicy === undefined)
        kept = assign(kept, { ipFamilies: old.ipFamilies, ipFamilyPolicy: old.ipFamilyPolicy });
    }
  }
  // Clients that know only the older field change it alone.
  if (kept.clusterIP !== old.clusterIP && alike(kept.clusterIPs, old.clusterIPs))
    kept = assign(kept, { clusterIPs: kept.clusterIP ? [kept.clusterIP] : undefined });
  else if (kept.clusterIP && !kept.clusterIPs?.length) kept = { ...kept, clusterIPs: [kept.clusterIP] };
  return kept;
}

function keptPorts(spec: ServiceSpec, old: ServiceSpec): ServiceSpec {
  let kept = spec;
  if (hasNodePorts(spec) && hasNodePorts(old))
    kept = change(kept, 'ports', (ports) =>
      changeAll(ports, (port) => {
        const same = old.ports?.find((one) => one.port === port.port && one.protocol === port.protocol);
        return port.nodePort || !same?.nodePort ? port : { ...port, nodePort: same.nodePort };
      }),
    );
  const checked = hasHealthCheck(spec) && hasHealthCheck(old);
  return checked && !kept.healthCheckNodePort ? assign(kept, { healthCheckNodePort: old.healthCheckNodePort }) : kept;
}

/** What the old type needed and the new one does not goes, unless the user changed it. */
function droppedFields(spec: ServiceSpec, old: ServiceSpec): ServiceSpec {
  let kept = spec;
  if (hasAddress(old) && !hasAddress(spec) && kept.clusterIP === old.clusterIP) {
    kept = assign(kept, { clusterIP: undefined, clusterIPs: undefined, ipFamilies: undefined });
    kept = assign(kept, { ipFamilyPolicy: undefined });
  }
  if (hasNodePorts(old) && !hasNodePorts(spec) && nodePortsOf(kept).every((port) => nodePortsOf(old).includes(port)))
    kept = change(kept, 'ports', (ports) => changeAll(ports, withoutNodePort));
  if (hasHealthCheck(old) && !hasHealthCheck(spec) && kept.healthCheckNodePort === old.healthCheckNodePort)
    kept = assign(kept, { healthCheckNodePort: undefined });
  if (old.type === 'LoadBalancer' && spec.type !== 'LoadBalancer') {
    if (kept.allocateLoadBalancerNodePorts === old.allocateLoadBalancerNodePorts)
      kept = assign(kept, { allocateLoadBalancerNodePorts: undefined });
    if (kept.loadBalancerClass === old.loadBalancerClass) kept = assign(kept, { loadBalancerClass: undefined });
  }
  const outside = isOutside(old) && !isOutside(spec);
  return outside && kept.externalTrafficPolicy === old.externalTrafficPolicy
    ? assign(kept, { externalTrafficPolicy: undefined })
    : kept;
}

function hasAddress({ type }: ServiceSpec): boolean {
  return type !== 'ExternalName';
}

function hasNodePorts({ type, allocateLoadBalancerNodePorts }: ServiceSpec): boolean {
  return type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);
}

function hasHealthCheck({ type, externalTrafficPolicy }: ServiceSpec): boolean {
  return type === 'LoadBalancer' && externalTrafficPolicy === 'Local';
}

function isOutside({ type, externalIPs }: ServiceSpec): boolean {
  return type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && (externalIPs?.length ?? 0) > 0);
}

function nodePortsOf({ ports = [] }: ServiceSpec): readonly number[] {
  return ports.flatMap(({ nodePort }) => nodePort || []);
}

function withoutNodePort(port: ServicePort): ServicePort {
  return assign(port, { nodePort: undefined });
}
