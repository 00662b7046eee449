// Events: old ones, as the core group has them, and those of events.k8s.io, of which more is asked.
import { type FieldError, invalid, required } from '../../api/field-error.ts';
import type { CoreEvent } from '../../api/generated/types.ts';
import { dns1123Subdomain, qualifiedName } from '../../api/names.ts';
import { complain, immutable, require } from './checks.ts';

const wordsMax = 128;
const messageMax = 1024;

/** Adds what is wrong with an event of the core group. */
export function validateEvent(event: CoreEvent, errors: FieldError[]): void {
  validateAny(event, errors, 'reportingComponent');
}

/** Adds what is wrong with a new event of events.k8s.io. */
export function validateNewerEvent(event: CoreEvent, errors: FieldError[]): void {
  validateAny(event, errors, 'reportingController');
  validateSeries(event, errors);
  const { eventTime, type = '', source, count = 0 } = event;
  if (!eventTime) errors.push(required('eventTime'));
  if (type !== 'Normal' && type !== 'Warning') errors.push(invalid('type', '', `has invalid value: ${type}`));
  const unset = (field: string, given: unknown): void => {
    if (given) errors.push(invalid(field, '', 'needs to be unset'));
  };
  unset('firstTimestamp', event.firstTimestamp);
  unset('lastTimestamp', event.lastTimestamp);
  unset('count', count);
  unset('source', source?.component || source?.host);
}

/** Nothing but the series of an event changes, once it is there. */
export function validateNewerEventUpdate(event: CoreEvent, old: CoreEvent, errors: FieldError[]): void {
  validateAny(event, errors, 'reportingController');
  if (JSON.stringify(event.series) !== JSON.stringify(old.series)) validateSeries(event, errors);
  const fields =
    'involvedObject reason message source firstTimestamp lastTimestamp count reason type eventTime action related reportingController reportingInstance';
  for (const field of fields.split(' ')) {
    const name = (field === 'reportingController' ? 'reportingComponent' : field) as keyof CoreEvent; // edge: a list of its fields
    immutable(errors, field, event[name], old[name]);
  }
}

function validateSeries({ series }: CoreEvent, errors: FieldError[]): void {
  if (!series) return;
  if ((series.count ?? 0) < 2) errors.push(invalid('series.count', '', 'should be at least 2'));
  require(errors, 'series.lastObservedTime', series.lastObservedTime);
}

function validateAny(event: CoreEvent, errors: FieldError[], reporter: string): void {
  const { metadata, involvedObject, eventTime } = event;
  const { namespace = '' } = metadata;
  const { namespace: about = '' } = involvedObject ?? {};
  const agrees = about === '' ? ['', 'default', ...(eventTime ? ['kube-system'] : [])].includes(namespace) : undefined;
  if (!(agrees ?? (eventTime ? true : about === namespace)))
    errors.push(invalid('involvedObject.namespace', about, 'does not match event.namespace'));
  if (eventTime) {
    const { reportingComponent = '', message = '' } = event;
    require(errors, reporter, reportingComponent);
    complain(errors, reporter, reportingComponent, qualifiedName(reportingComponent));
    for (const name of ['reportingInstance', 'action', 'reason'] as const) {
      require(errors, name, event[name]);
      validateLength(errors, name, { text: event[name], most: wordsMax });
    }
    validateLength(errors, 'message', { text: message, most: messageMax });
  }
  complain(errors, 'namespace', namespace, dns1123Subdomain(namespace));
}

function validateLength(
  errors: FieldError[],
  field: string,
  { text = '', most }: { readonly text: string | undefined; readonly most: number },
): void {
  if (text.length > most) errors.push(invalid(field, '', `can have at most ${most} characters`));
}
