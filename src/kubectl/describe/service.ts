// Describes services, with the addresses behind each port.
import { at, numberAt, objectsAt, textAt, textsAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { collectionPath, type DescribeClient, describer, namespaceOf } from './describer.ts';
import type { DescriptionWriter } from './description-writer.ts';
import { endpointList } from './endpoint-list.ts';
import { formatLabels, writeHead } from './metadata.ts';

export const serviceDescriber = describer<readonly JsonObject[]>({
  group: '',
  kind: 'Service',
  resource: ['/api/v1', 'services'],
  related: (service, client) => slicesOf(client, namespaceOf(service), textAt(service, 'metadata.name')),
  write: (w, service, { related }) => {
    writeHead(w, service);
    w.field(0, 'Selector', formatLabels(service, 'spec.selector'));
    writeAddresses(w, service);
    for (const port of objectsAt(service, 'spec.ports')) writePort(w, port, related);
    writePolicies(w, service);
  },
});

/** The endpoint slices of a service; none when they cannot be read. */
export async function slicesOf(
  client: DescribeClient,
  namespace: string,
  service: string,
): Promise<readonly JsonObject[]> {
  const path = collectionPath({ prefix: '/apis/discovery.k8s.io/v1', resource: 'endpointslices', namespace });
  try {
    return await client.list(path, { labelSelector: `kubernetes.io/service-name=${service}` });
  } catch {
    return [];
  }
}

function writeAddresses(w: DescriptionWriter, service: JsonObject): void {
  const list = (field: string) => textsAt(service, `spec.${field}`).join(',');
  w.field(0, 'Type', textAt(service, 'spec.type'));
  w.optional(0, 'IP Family Policy', textAt(service, 'spec.ipFamilyPolicy'));
  w.field(0, 'IP Families', list('ipFamilies') || '<none>');
  w.field(0, 'IP', textAt(service, 'spec.clusterIP'));
  w.field(0, 'IPs', list('clusterIPs') || '<none>');
  w.optional(0, 'External IPs', list('externalIPs'));
  w.optional(0, 'Desired LoadBalancer IP', textAt(service, 'spec.loadBalancerIP'));
  w.optional(0, 'External Name', textAt(service, 'spec.externalName'));
  const ingress = objectsAt(service, 'status.loadBalancer.ingress');
  if (ingress.length > 0) w.field(0, 'LoadBalancer Ingress', ingress.map(ingressText).join(', '));
}

function ingressText(ingress: JsonObject): string {
  const ip = textAt(ingress, 'ip');
  const mode = textAt(ingress, 'ipMode');
  return ip === '' ? textAt(ingress, 'hostname') : `${ip}${mode === '' ? '' : ` (${mode})`}`;
}

function writePort(w: DescriptionWriter, port: JsonObject, slices: readonly JsonObject[]): void {
  const name = textAt(port, 'name') || '<unset>';
  const protocol = textAt(port, 'protocol');
  w.field(0, 'Port', `${name}\t${numberAt(port, 'port') ?? 0}/${protocol}`);
  w.field(0, 'TargetPort', `${String(at(port, 'targetPort') ?? 0)}/${protocol}`);
  w.optional(0, 'AppProtocol', textAt(port, 'appProtocol'));
  const nodePort = numberAt(port, 'nodePort') ?? 0;
  if (nodePort !== 0) w.field(0, 'NodePort', `${name}\t${nodePort}/${protocol}`);
  w.field(0, 'Endpoints', endpointList(slices, textAt(port, 'name')));
}

function writePolicies(w: DescriptionWriter, service: JsonObject): void {
  w.field(0, 'Session Affinity', textAt(service, 'spec.sessionAffinity'));
  w.optional(0, 'External Traffic Policy', textAt(service, 'spec.externalTrafficPolicy'));
  w.optional(0, 'Internal Traffic Policy', textAt(service, 'spec.internalTrafficPolicy'));
  w.optional(0, 'HealthCheck NodePort', numberAt(service, 'spec.healthCheckNodePort') || undefined);
  w.optional(0, 'LoadBalancer Source Ranges', textsAt(service, 'spec.loadBalancerSourceRanges').join(','));
  w.optional(0, 'Traffic Distribution', textAt(service, 'spec.trafficDistribution'));
}
