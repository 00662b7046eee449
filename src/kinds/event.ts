// Events of the core group: what components tell about objects. Kept for an hour by upstream, here until compaction.
import type { CoreEvent } from '../api/generated/types.ts';
import { pathSegmentName } from '../api/names.ts';
import { eventColumns } from './event-columns.ts';
import { defineKind } from './kind.ts';
import { fill } from './share.ts';
import { validateEvent, validateNewerEvent, validateNewerEventUpdate } from './validation/events.ts';

/** Go writes times that were never set as null. */
const neverSet = { eventTime: null, firstTimestamp: null, lastTimestamp: null } as object; // edge: the types say text

/** What the server knows about Events. */
export const event = defineKind<CoreEvent>({
  group: '',
  kind: 'Event',
  createOnUpdate: true,
  validName: pathSegmentName,
  validate: validateEvent,
  validateUpdate: (event, _old, errors) => validateEvent(event, errors),
  defaults: (event) => fill(event, { source: {}, reportingComponent: '', reportingInstance: '', ...neverSet }),
  fields: {
    'involvedObject.kind': (event) => event.involvedObject.kind ?? '',
    'involvedObject.namespace': (event) => event.involvedObject.namespace ?? '',
    'involvedObject.name': (event) => event.involvedObject.name ?? '',
    'involvedObject.uid': (event) => event.involvedObject.uid ?? '',
    'involvedObject.apiVersion': (event) => event.involvedObject.apiVersion ?? '',
    'involvedObject.resourceVersion': (event) => event.involvedObject.resourceVersion ?? '',
    'involvedObject.fieldPath': (event) => event.involvedObject.fieldPath ?? '',
    reason: (event) => event.reason ?? '',
    reportingComponent: (event) => event.reportingComponent ?? '',
    source: (event) => event.source?.component || event.reportingComponent || '',
    type: (event) => event.type ?? '',
  },
  columns: eventColumns,
});

/** The same events in the words of events.k8s.io. */
export const newerEvent = defineKind<CoreEvent>({
  group: 'events.k8s.io',
  kind: 'Event',
  refusedAs: '',
  createOnUpdate: true,
  validate: validateNewerEvent,
  validateUpdate: validateNewerEventUpdate,
  columns: eventColumns,
});
