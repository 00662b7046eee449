// Events of the core group: what components tell about objects. Kept for an hour by upstream, here until compaction.
import type { CoreEvent } from '../api/generated/types.ts';
import { pathSegmentName } from '../api/names.ts';
import { eventColumns } from './event-columns.ts';
import { defineKind } from './kind.ts';

type Reader = (event: CoreEvent) => string;

/** Selectable fields that both forms have; `subject` is what each calls the object that an event is about. */
function fieldsOf(subject: string): Readonly<Record<string, Reader>> {
  const parts = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'] as const;
  const read = parts.map((part): [string, Reader] => [
    `${subject}.${part}`,
    (event) => event.involvedObject[part] ?? '',
  ]);
  return { ...Object.fromEntries(read), reason: (event) => event.reason ?? '', type: (event) => event.type ?? '' };
}

const reporter: Reader = (event) => event.reportingComponent ?? '';

/** What the server knows about Events. */
export const event = defineKind<CoreEvent>({
  group: '',
  kind: 'Event',
  createOnUpdate: true,
  validName: pathSegmentName,
  fields: {
    ...fieldsOf('involvedObject'),
    reportingComponent: reporter,
    source: (event) => event.source?.component || event.reportingComponent || '',
  },
  columns: eventColumns,
});

/** The same events in the words of events.k8s.io. */
export const newerEvent = defineKind<CoreEvent>({
  group: 'events.k8s.io',
  kind: 'Event',
  refusedAs: '',
  createOnUpdate: true,
  fields: { ...fieldsOf('regarding'), reportingController: reporter },
  columns: eventColumns,
});
