// Describes endpoint slices.
import { at, numberAt, objectAt, objectsAt, textAt, textsAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { describer } from './describer.ts';
import type { DescriptionWriter } from './description-writer.ts';
import { writeHead } from './metadata.ts';

export const endpointSliceDescriber = describer({
  group: 'discovery.k8s.io',
  kind: 'EndpointSlice',
  resource: ['/apis/discovery.k8s.io/v1', 'endpointslices'],
  write: (w, slice) => {
    writeHead(w, slice);
    w.field(0, 'AddressType', textAt(slice, 'addressType'));
    writePorts(w, objectsAt(slice, 'ports'));
    const endpoints = objectsAt(slice, 'endpoints');
    w.line(0, endpoints.length === 0 ? 'Endpoints: <none>' : 'Endpoints:');
    for (const endpoint of endpoints) writeEndpoint(w, endpoint);
  },
});

function writePorts(w: DescriptionWriter, ports: readonly JsonObject[]): void {
  if (ports.length === 0) {
    w.line(0, 'Ports: <unset>');
    return;
  }
  w.write(0, 'Ports:\n  Name\tPort\tProtocol\n  ----\t----\t--------\n');
  for (const port of ports) {
    const name = textAt(port, 'name') || '<unset>';
    w.line(1, `${name}\t${numberAt(port, 'port') ?? '<unset>'}\t${textAt(port, 'protocol')}`);
  }
}

function writeEndpoint(w: DescriptionWriter, endpoint: JsonObject): void {
  const ready = at(endpoint, 'conditions.ready');
  const target = objectAt(endpoint, 'targetRef');
  w.field(1, '- Addresses', textsAt(endpoint, 'addresses').join(', ') || '<none>');
  w.line(2, 'Conditions:');
  w.field(3, 'Ready', typeof ready === 'boolean' ? ready : '<unset>');
  w.field(2, 'Hostname', textAt(endpoint, 'hostname') || '<unset>');
  if (target) w.field(2, 'TargetRef', `${textAt(target, 'kind')}/${textAt(target, 'name')}`);
  w.field(2, 'NodeName', textAt(endpoint, 'nodeName') || '<unset>');
  w.field(2, 'Zone', textAt(endpoint, 'zone') || '<unset>');
}
