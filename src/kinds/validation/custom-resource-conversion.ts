// How custom resources get from one version to another.
import { invalid, notSupported, required } from '../../api/field-error.ts';
import type { CustomResourceConversion } from '../../api/generated/types.ts';
import { dns1035Label } from '../../api/names.ts';
import { validateWebhookClient } from './admission-webhooks.ts';
import { caBundleProblem } from './ca-bundle.ts';
import type { Errors } from './checks.ts';
import type { Leniency } from './definition-leniency.ts';

const field = 'spec.conversion';

/** Adds what is wrong with the conversion. */
export function validateConversion(
  conversion: CustomResourceConversion | undefined,
  { caBundle, reviewVersions }: Leniency,
  errors: Errors,
): void {
  if (!conversion) return;
  const { strategy, webhook } = conversion;
  if (!strategy) errors.push(required(`${field}.strategy`));
  else if (strategy !== 'None' && strategy !== 'Webhook')
    errors.push(notSupported(`${field}.strategy`, strategy, ['None', 'Webhook']));
  if (strategy === 'Webhook') {
    const { clientConfig, conversionReviewVersions = [] } = webhook ?? {};
    const client = `${field}.webhookClientConfig`;
    if (!clientConfig) errors.push(required(client, 'required when strategy is set to Webhook'));
    else validateWebhookClient(errors, client, clientConfig);
    const problem = caBundle && clientConfig?.caBundle ? caBundleProblem(clientConfig.caBundle) : undefined;
    if (problem !== undefined) {
      const text = `unable to load root certificates: ${problem}`;
      errors.push(invalid(`${client}.caBundle`, clientConfig?.caBundle, text));
    }
    validateReviewVersions(conversionReviewVersions, reviewVersions, errors);
    return;
  }
  const text = 'should not be set when strategy is not set to Webhook';
  const forbid = (name: string): void =>
    void errors.push({ type: 'FieldValueForbidden', field: `${field}.${name}`, body: `Forbidden: ${text}` });
  if (webhook?.clientConfig) forbid('webhookClientConfig');
  if ((webhook?.conversionReviewVersions ?? []).length > 0) forbid('conversionReviewVersions');
}

function validateReviewVersions(versions: readonly string[], recognized: boolean, errors: Errors): void {
  const at = `${field}.conversionReviewVersions`;
  if (versions.length === 0) errors.push(required(at));
  for (const [i, version] of versions.entries()) {
    if (versions.indexOf(version) < i) errors.push(invalid(`${at}[${i}]`, version, 'duplicate version'));
    else for (const complaint of dns1035Label(version)) errors.push(invalid(`${at}[${i}]`, version, complaint));
  }
  if (recognized && versions.length > 0 && !versions.some((version) => version === 'v1' || version === 'v1beta1'))
    errors.push(invalid(at, versions, 'must include at least one of v1, v1beta1'));
}
