// What is wrong with events.
import type { CoreEvent } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { validateEvent, validateNewerEvent, validateNewerEventUpdate } from '../validation/events.ts';

export const eventChecks = defineChecks<CoreEvent>({
  group: '',
  kind: 'Event',
  validate: validateEvent,
  validateUpdate: (event, _old, errors) => validateEvent(event, errors),
});

export const newerEventChecks = defineChecks<CoreEvent>({
  group: 'events.k8s.io',
  kind: 'Event',
  validate: validateNewerEvent,
  validateUpdate: validateNewerEventUpdate,
});
