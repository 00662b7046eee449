// Describes endpoints objects.
import { numberAt, objectsAt, textAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { describer } from './describer.ts';
import { writeHead } from './metadata.ts';

export const endpointsDescriber = describer({
  group: '',
  kind: 'Endpoints',
  resource: ['/api/v1', 'endpoints'],
  write: (w, endpoints) => {
    writeHead(w, endpoints);
    w.line(0, 'Subsets:');
    for (const subset of objectsAt(endpoints, 'subsets')) {
      w.field(1, 'Addresses', ips(subset, 'addresses'));
      w.field(1, 'NotReadyAddresses', ips(subset, 'notReadyAddresses'));
      const ports = objectsAt(subset, 'ports');
      if (ports.length > 0) w.write(1, 'Ports:\n    Name\tPort\tProtocol\n    ----\t----\t--------\n');
      for (const port of ports) {
        const name = textAt(port, 'name') || '<unset>';
        w.line(2, `${name}\t${numberAt(port, 'port') ?? 0}\t${textAt(port, 'protocol')}`);
      }
      w.write(0, '\n');
    }
  },
});

function ips(subset: JsonObject, field: string): string {
  const addresses = objectsAt(subset, field).map((address) => textAt(address, 'ip'));
  return addresses.join(',') || '<none>';
}
