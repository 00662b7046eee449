// ValidatingWebhookConfigurations: webhooks that refuse requests, all asked at once.
import type { ValidatingWebhook, ValidatingWebhookConfiguration } from '../../../../api/generated/types.ts';
import { AnswersNeeded } from '../../request-memory.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import { consult, invocationOf, webhookSource } from './webhooks.ts';

const hooksOf = webhookSource<ValidatingWebhook>(
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  (object) => object as ValidatingWebhookConfiguration, // edge: an object of that resource
);

export const validatingWebhooks: AdmissionPlugin = {
  name: 'ValidatingAdmissionWebhook',
  takesParts: true,
  validate(object, attributes) {
    const hooks = hooksOf(attributes.lookups);
    if (hooks.length === 0) return;
    const invocations = hooks.flatMap((hook) => invocationOf(hook, attributes, object) ?? []);
    const missing = invocations.flatMap((invocation, index) => {
      const said = consult(invocation, attributes, { object, mutating: false });
      if (!said && attributes.memory)
        attributes.annotate(
          `failed-open.validating.webhook.admission.k8s.io/round_0_index_${index}`,
          invocation.hook.webhook.name,
        );
      return said && 'ask' in said ? [said] : [];
    });
    if (missing.length > 0) throw new AnswersNeeded(missing);
  },
};
