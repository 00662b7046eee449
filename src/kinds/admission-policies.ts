// Webhooks and policies of admission, and what binds policies.
import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
} from '../api/generated/types.ts';
import { ageColumn, nameColumn, numberColumn, textColumn } from './columns.ts';
import { specGeneration } from './generation.ts';
import { type Column, defineKind, type StoredObject } from './kind.ts';
import { change, changeAll, fill } from './share.ts';
import { statusOfItsOwn } from './status-of-its-own.ts';

const group = 'admissionregistration.k8s.io';

/** What the server knows about MutatingWebhookConfigurations. */
export const mutatingWebhookConfiguration = defineKind<MutatingWebhookConfiguration>({
  group,
  kind: 'MutatingWebhookConfiguration',
  generationPart: ({ webhooks }) => webhooks,
  defaults: (configuration) =>
    change(configuration, 'webhooks', (webhooks) =>
      changeAll(webhooks, (webhook) => fill(webhookDefaults(webhook), { reinvocationPolicy: 'Never' })),
    ),
  columns: webhookColumns(),
});

/** What the server knows about ValidatingWebhookConfigurations. */
export const validatingWebhookConfiguration = defineKind<ValidatingWebhookConfiguration>({
  group,
  kind: 'ValidatingWebhookConfiguration',
  generationPart: ({ webhooks }) => webhooks,
  defaults: (configuration) => change(configuration, 'webhooks', (webhooks) => changeAll(webhooks, webhookDefaults)),
  columns: webhookColumns(),
});

/** What the server knows about MutatingAdmissionPolicies. */
export const mutatingAdmissionPolicy = defineKind<MutatingAdmissionPolicy>({
  ...specGeneration,
  group,
  kind: 'MutatingAdmissionPolicy',
  columns: [
    nameColumn,
    numberColumn('Mutations', 'Number of mutations.', ({ spec }) => spec?.mutations?.length),
    paramKindColumn(),
    ageColumn,
  ],
});

/** What the server knows about ValidatingAdmissionPolicies. */
export const validatingAdmissionPolicy = defineKind<ValidatingAdmissionPolicy>({
  ...specGeneration,
  ...statusOfItsOwn,
  group,
  kind: 'ValidatingAdmissionPolicy',
  defaults: (policy) => change(policy, 'spec', (spec) => fill(spec, { failurePolicy: 'Fail' })),
  columns: [
    nameColumn,
    numberColumn('Validations', 'Number of validations.', ({ spec }) => spec?.validations?.length),
    paramKindColumn(),
    ageColumn,
  ],
});

/** What the server knows about MutatingAdmissionPolicyBindings. */
export const mutatingAdmissionPolicyBinding = defineKind<MutatingAdmissionPolicyBinding>({
  ...specGeneration,
  group,
  kind: 'MutatingAdmissionPolicyBinding',
  columns: bindingColumns(),
});

/** What the server knows about ValidatingAdmissionPolicyBindings. */
export const validatingAdmissionPolicyBinding = defineKind<ValidatingAdmissionPolicyBinding>({
  ...specGeneration,
  group,
  kind: 'ValidatingAdmissionPolicyBinding',
  columns: bindingColumns(),
});

interface WebhookConfiguration extends StoredObject {
  readonly webhooks?: readonly object[] | undefined;
}

interface Webhook {
  readonly failurePolicy?: string | undefined;
  readonly matchPolicy?: string | undefined;
  readonly namespaceSelector?: object | undefined;
  readonly objectSelector?: object | undefined;
  readonly timeoutSeconds?: number | undefined;
  readonly rules?: readonly { readonly scope?: string | undefined }[] | undefined;
  readonly clientConfig: { readonly service?: { readonly port?: number | undefined } | undefined };
}

function webhookDefaults<W extends Webhook>(webhook: W): W {
  const defaults = {
    failurePolicy: 'Fail',
    matchPolicy: 'Equivalent',
    namespaceSelector: {},
    objectSelector: {},
    timeoutSeconds: 10,
  };
  let filled: Webhook = fill<Webhook>(webhook, defaults);
  filled = change(filled, 'rules', (rules) => changeAll(rules, (rule) => fill(rule, { scope: '*' })));
  filled = change(filled, 'clientConfig', (config) =>
    change(config, 'service', (service) => fill(service, { port: 443 })),
  );
  return filled as W; // edge: a webhook's own fields
}

function webhookColumns(): readonly Column<WebhookConfiguration>[] {
  return [nameColumn, numberColumn('Webhooks', 'Number of webhooks.', ({ webhooks }) => webhooks?.length), ageColumn];
}

interface Policy {
  readonly spec?: { readonly paramKind?: { readonly apiVersion?: string; readonly kind?: string } } | undefined;
}

function paramKindColumn(): Column<Policy> {
  return textColumn('ParamKind', 'Kind of its parameters.', ({ spec }) => {
    const kind = spec?.paramKind;
    return kind ? `${kind.apiVersion ?? ''}/${kind.kind ?? ''}` : '<unset>';
  });
}

function bindingColumns(): readonly Column<ValidatingAdmissionPolicyBinding>[] {
  return [
    nameColumn,
    textColumn('PolicyName', 'The policy that is bound.', ({ spec }) => spec?.policyName ?? ''),
    textColumn('ParamRef', 'Its parameters.', ({ spec }) => {
      const { name, namespace } = spec?.paramRef ?? {};
      return name ? `${namespace || '*'}/${name}` : '<unset>';
    }),
    ageColumn,
  ];
}
