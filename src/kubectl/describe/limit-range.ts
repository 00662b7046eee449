// Describes limit ranges.
import { entriesAt, objectsAt, textAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { describer } from './describer.ts';
import type { DescriptionWriter } from './description-writer.ts';

export const limitRangeDescriber = describer({
  group: '',
  kind: 'LimitRange',
  resource: ['/api/v1', 'limitranges'],
  events: false,
  write: (w, limitRange) => {
    w.field(0, 'Name', textAt(limitRange, 'metadata.name'));
    w.field(0, 'Namespace', textAt(limitRange, 'metadata.namespace'));
    w.line(0, 'Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio');
    w.line(0, '----\t--------\t---\t---\t---------------\t-------------\t-----------------------');
    writeLimits(w, limitRange, '');
  },
});

const columns = ['min', 'max', 'defaultRequest', 'default', 'maxLimitRequestRatio'];

/** A row for every resource that any of the limits names (upstream's order is random; ours is by name). */
export function writeLimits(w: DescriptionWriter, limitRange: JsonObject, prefix: string): void {
  for (const limit of objectsAt(limitRange, 'spec.limits')) {
    const maps = columns.map((column) => new Map(entriesAt(limit, column)));
    const resources = new Set(maps.flatMap((map) => [...map.keys()]));
    for (const resource of [...resources].sort()) {
      const cells = maps.map((map) => map.get(resource) ?? '-');
      w.line(0, [`${prefix}${textAt(limit, 'type')}`, resource, ...cells].join('\t'));
    }
  }
}
