// Describes ingresses, with the addresses behind each backend.
import { at, numberAt, objectAt, objectsAt, textAt, textsAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { collectionPath, type DescribeClient, describer, namespaceOf, objectPath } from './describer.ts';
import type { DescriptionWriter } from './description-writer.ts';
import { endpointList } from './endpoint-list.ts';
import { writeAnnotations, writeLabels } from './metadata.ts';

/** The text of each backend of the ingress. */
type Backends = ReadonlyMap<JsonObject, string>;

export const ingressDescriber = describer<Backends>({
  group: 'networking.k8s.io',
  kind: 'Ingress',
  resource: ['/apis/networking.k8s.io/v1', 'ingresses'],
  related: backendsOf,
  write: (w, ingress, { related }) => writeIngress(w, ingress, related),
});

async function backendsOf(ingress: JsonObject, client: DescribeClient): Promise<Backends> {
  const texts = new Map<JsonObject, string>();
  const backends = objectsAt(ingress, 'spec.rules')
    .flatMap((rule) => objectsAt(rule, 'http.paths'))
    .map((path) => objectAt(path, 'backend'));
  for (const backend of [objectAt(ingress, 'spec.defaultBackend'), ...backends]) {
    if (backend) texts.set(backend, await backendText(backend, namespaceOf(ingress), client));
  }
  return texts;
}

async function backendText(backend: JsonObject, namespace: string, client: DescribeClient): Promise<string> {
  const service = objectAt(backend, 'service');
  const resource = objectAt(backend, 'resource');
  if (!service) {
    const group = textAt(resource, 'apiGroup') || '<none>';
    return resource ? `APIGroup: ${group}, Kind: ${textAt(resource, 'kind')}, Name: ${textAt(resource, 'name')}` : '';
  }
  const name = textAt(service, 'name');
  const number = numberAt(service, 'port.number') ?? 0;
  const portName = textAt(service, 'port.name');
  const target = `${name}:${number === 0 ? portName : number}`;
  try {
    const slicesPath = collectionPath({ prefix: '/apis/discovery.k8s.io/v1', resource: 'endpointslices', namespace });
    const slices = await client.list(slicesPath, { labelSelector: `kubernetes.io/service-name=${name}` });
    const found = await client.get(objectPath({ prefix: '/api/v1', resource: 'services', namespace, name }));
    const port = objectsAt(found, 'spec.ports').findLast((item) =>
      number !== 0 && number === at(item, 'port') ? true : portName !== '' && portName === textAt(item, 'name'),
    );
    return `${target} (${endpointList(slices, textAt(port, 'name'))})`;
  } catch (error) {
    return `${target} (<error: ${error instanceof Error ? error.message : String(error)}>)`;
  }
}

function writeIngress(w: DescriptionWriter, ingress: JsonObject, backends: Backends): void {
  const fallback = objectAt(ingress, 'spec.defaultBackend');
  const fallbackText = fallback ? (backends.get(fallback) ?? '') : '<default>';
  w.field(0, 'Name', textAt(ingress, 'metadata.name'));
  writeLabels(w, 'Labels', ingress, 'metadata.labels');
  w.field(0, 'Namespace', textAt(ingress, 'metadata.namespace'));
  const addresses = objectsAt(ingress, 'status.loadBalancer.ingress').map(
    (item) => textAt(item, 'ip') || textAt(item, 'hostname'),
  );
  w.field(0, 'Address', [...new Set(addresses.filter(Boolean))].sort().join(','));
  w.field(0, 'Ingress Class', textAt(ingress, 'spec.ingressClassName') || '<none>');
  w.field(0, 'Default backend', fallbackText);
  writeTls(w, objectsAt(ingress, 'spec.tls'));
  w.write(0, 'Rules:\n  Host\tPath\tBackends\n');
  w.line(1, '----\t----\t--------');
  const rules = objectsAt(ingress, 'spec.rules').filter((rule) => objectAt(rule, 'http'));
  for (const rule of rules) {
    w.line(1, `${textAt(rule, 'host') || '*'}\t`);
    for (const path of objectsAt(rule, 'http.paths')) {
      const backend = objectAt(path, 'backend');
      w.line(2, `\t${textAt(path, 'path')} \t${(backend && backends.get(backend)) ?? ''}`);
    }
  }
  if (rules.length === 0) w.line(1, `*\t*\t${fallbackText}`);
  writeAnnotations(w, 'Annotations', ingress, 'metadata.annotations');
}

function writeTls(w: DescriptionWriter, entries: readonly JsonObject[]): void {
  if (entries.length > 0) w.line(0, 'TLS:');
  for (const entry of entries) {
    const hosts = textsAt(entry, 'hosts').join(',');
    const secret = textAt(entry, 'secretName');
    w.line(1, secret === '' ? `SNI routes ${hosts}` : `${secret} terminates ${hosts}`);
  }
}
