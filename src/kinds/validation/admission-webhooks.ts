// Webhooks of admission: whom they call, and for which requests.

import { alike } from '../../api/alike.ts';
import { duplicate, invalid, notSupported, required } from '../../api/field-error.ts';
import type {
  AdmissionregistrationServiceReference,
  MutatingWebhook,
  MutatingWebhookConfiguration,
  ValidatingWebhook,
  ValidatingWebhookConfiguration,
} from '../../api/generated/types.ts';
import { dns1035Label, dns1123Subdomain, portNumber } from '../../api/names.ts';
import { failurePolicies, matchPolicies, validateMatchConditions, validateRule } from './admission-rules.ts';
import { type Errors, optionalOneOf, require } from './checks.ts';
import { validateSelector } from './labels.ts';

type Configuration = MutatingWebhookConfiguration | ValidatingWebhookConfiguration;
type Webhook = MutatingWebhook | ValidatingWebhook;

const sideEffects = ['None', 'NoneOnDryRun'];

/** Adds what is wrong with a configuration. `old`: match conditions that have not changed are not looked at again. */
export function validateWebhooks(configuration: Configuration, errors: Errors, old?: Configuration): void {
  const webhooks: readonly Webhook[] = configuration.webhooks ?? [];
  const conditions = (hooks: readonly Webhook[] = []) => hooks.map(({ matchConditions }) => matchConditions);
  const same = old !== undefined && alike(conditions(webhooks), conditions(old.webhooks));
  for (const [i, webhook] of webhooks.entries()) {
    const field = `webhooks[${i}]`;
    validateWebhook(errors, field, webhook, same);
    validateVersions(errors, `${field}.admissionReviewVersions`, webhook.admissionReviewVersions ?? []);
    if (webhook.name && webhooks.findIndex(({ name }) => name === webhook.name) < i)
      errors.push(duplicate(`${field}.name`, webhook.name));
  }
}

function validateWebhook(errors: Errors, field: string, webhook: Webhook, sameConditions: boolean): void {
  const { name, rules = [], failurePolicy, matchPolicy, timeoutSeconds } = webhook;
  validateName(errors, `${field}.name`, name);
  for (const [i, rule] of rules.entries()) validateRule(errors, `${field}.rules[${i}]`, rule);
  optionalOneOf(errors, `${field}.failurePolicy`, failurePolicy, failurePolicies);
  optionalOneOf(errors, `${field}.matchPolicy`, matchPolicy, matchPolicies);
  if (webhook.sideEffects === undefined)
    errors.push(required(`${field}.sideEffects`, `must specify one of ${sideEffects.join(', ')}`));
  else if (!sideEffects.includes(webhook.sideEffects))
    errors.push(notSupported(`${field}.sideEffects`, webhook.sideEffects, sideEffects));
  if (timeoutSeconds !== undefined && (timeoutSeconds > 30 || timeoutSeconds < 1)) {
    const text = 'the timeout value must be between 1 and 30 seconds';
    errors.push(invalid(`${field}.timeoutSeconds`, timeoutSeconds, text));
  }
  validateSelector(errors, `${field}.namespaceSelector`, webhook.namespaceSelector);
  validateSelector(errors, `${field}.objectSelector`, webhook.objectSelector);
  if ('reinvocationPolicy' in webhook)
    optionalOneOf(errors, `${field}.reinvocationPolicy`, webhook.reinvocationPolicy, ['IfNeeded', 'Never']);
  validateWebhookClient(errors, `${field}.clientConfig`, webhook.clientConfig ?? {});
  if (sameConditions) return;
  const conditions = webhook.matchConditions;
  validateMatchConditions(errors, `${field}.matchConditions`, { conditions, params: false });
}

/** A name with at least three segments. */
function validateName(errors: Errors, field: string, name: string): void {
  if (!require(errors, field, name)) return;
  const complaints = dns1123Subdomain(name);
  if (complaints.length > 0) errors.push(invalid(field, name, complaints.join(',')));
  else if (name.split('.').length < 3)
    errors.push(invalid(field, name, 'should be a domain with at least three segments separated by dots'));
}

/** Adds what is wrong with where a webhook is, one of admission or one that converts. */
export function validateWebhookClient(
  errors: Errors,
  field: string,
  { url, service }: Partial<Webhook['clientConfig']>,
): void {
  if ((url === undefined) === (service === undefined))
    errors.push(required(field, 'exactly one of url or service is required'));
  else if (url !== undefined) validateUrl(errors, `${field}.url`, url);
  else if (service) validateService(errors, `${field}.service`, service);
}

function validateUrl(errors: Errors, field: string, url: string): void {
  const form = '; desired format: https://host[/path]';
  const [, scheme = '', user = '', host = '', query = '', fragment = ''] =
    /^(?:([A-Za-z][\w+.-]*):)?(?:\/\/(?:([^/?#@]*)@)?([^/?#]*))?[^?#]*(\?[^#]*)?(#.*)?$/s.exec(url) ?? [];
  if (scheme.toLowerCase() !== 'https')
    errors.push(invalid(field, scheme, `'https' is the only allowed URL scheme${form}`));
  if (host === '') errors.push(invalid(field, host, `host must be specified${form}`));
  if (user !== '') errors.push(invalid(field, user, 'user information is not permitted in the URL'));
  if (fragment.length > 1) errors.push(invalid(field, fragment.slice(1), 'fragments are not permitted in the URL'));
  if (query.length > 1) errors.push(invalid(field, query.slice(1), 'query parameters are not permitted in the URL'));
}

function validateService(errors: Errors, field: string, service: AdmissionregistrationServiceReference): void {
  const { name, namespace, path = '', port = 443 } = service;
  // Upstream takes each for the other here.
  require(errors, `${field}.name`, namespace);
  require(errors, `${field}.namespace`, name);
  const complaints = portNumber(port);
  if (complaints.length > 0) errors.push(invalid(`${field}.port`, port, `port is not valid: ${complaints.join(', ')}`));
  if (path === '' || path === '/') return;
  if (path === '//') {
    errors.push(invalid(`${field}.path`, path, 'segment[0] may not be empty'));
    return;
  }
  if (!path.startsWith('/')) errors.push(invalid(`${field}.path`, path, "must start with a '/'"));
  for (const [i, step] of path.slice(1).replace(/\/$/, '').split('/').entries()) {
    if (step === '') errors.push(invalid(`${field}.path`, path, `segment[${i}] may not be empty`));
    else
      for (const complaint of dns1123Subdomain(step))
        errors.push(invalid(`${field}.path`, path, `segment[${i}]: ${complaint}`));
  }
}

function validateVersions(errors: Errors, field: string, versions: readonly string[]): void {
  if (versions.length === 0) {
    errors.push(required(field, 'must specify one of v1, v1beta1'));
    return;
  }
  for (const [i, version] of versions.entries()) {
    if (versions.indexOf(version) < i) errors.push(invalid(`${field}[${i}]`, version, 'duplicate version'));
    else for (const complaint of dns1035Label(version)) errors.push(invalid(`${field}[${i}]`, version, complaint));
  }
  if (!versions.some((version) => version === 'v1' || version === 'v1beta1'))
    errors.push(invalid(field, versions, 'must include at least one of v1, v1beta1'));
}
