// Webhooks and policies of admission, and what binds policies.
import type {
  LabelSelector,
  MatchResources,
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  MutatingWebhookConfiguration,
  NamedRuleWithOperations,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
} from '../api/generated/types.ts';
import { compareText } from '../api/go-format.ts';
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
  unconditionalUpdate: false,
  generationPart: ({ webhooks }) => webhooks,
  exactGeneration: true,
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
  unconditionalUpdate: false,
  generationPart: ({ webhooks }) => webhooks,
  exactGeneration: true,
  defaults: (configuration) => change(configuration, 'webhooks', (webhooks) => changeAll(webhooks, webhookDefaults)),
  columns: webhookColumns(),
});

/** What the server knows about MutatingAdmissionPolicies. */
export const mutatingAdmissionPolicy = defineKind<MutatingAdmissionPolicy>({
  ...specGeneration,
  group,
  kind: 'MutatingAdmissionPolicy',
  unconditionalUpdate: false,
  defaults: policyDefaults,
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
  unconditionalUpdate: false,
  defaults: policyDefaults,
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
  unconditionalUpdate: false,
  defaults: bindingDefaults,
  columns: bindingColumns(),
});

/** What the server knows about ValidatingAdmissionPolicyBindings. */
export const validatingAdmissionPolicyBinding = defineKind<ValidatingAdmissionPolicyBinding>({
  ...specGeneration,
  group,
  kind: 'ValidatingAdmissionPolicyBinding',
  unconditionalUpdate: false,
  defaults: bindingDefaults,
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

interface MatchingPolicy extends StoredObject {
  readonly spec?:
    | { readonly failurePolicy?: string | undefined; readonly matchConstraints?: MatchResources | undefined }
    | undefined;
}

function policyDefaults<P extends MatchingPolicy>(policy: P): P {
  return change(policy, 'spec', (spec) => {
    const filled: NonNullable<MatchingPolicy['spec']> = fill<NonNullable<MatchingPolicy['spec']>>(spec, {
      failurePolicy: 'Fail',
    });
    return change(filled, 'matchConstraints', matchDefaults) as NonNullable<P['spec']>; // edge: a policy's own fields
  });
}

interface MatchingBinding extends StoredObject {
  readonly spec?: { readonly matchResources?: MatchResources | undefined } | undefined;
}

function bindingDefaults<B extends MatchingBinding>(binding: B): B {
  return change(binding, 'spec', (spec) => {
    const given: NonNullable<MatchingBinding['spec']> = spec;
    return change(given, 'matchResources', matchDefaults) as NonNullable<B['spec']>; // edge: a binding's own fields
  });
}

function matchDefaults(match: MatchResources): MatchResources {
  const filled = fill(match, { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {} });
  const scoped = (rules: readonly NamedRuleWithOperations[]) => changeAll(rules, (rule) => fill(rule, { scope: '*' }));
  return change(change(filled, 'resourceRules', scoped), 'excludeResourceRules', scoped);
}

/** As Go prints a selector. */
function goSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const labels = Object.keys(matchLabels)
    .sort(compareText)
    .map((key) => `${key}: ${matchLabels[key]},`);
  const requirements = matchExpressions.map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{${requirements.join('')}},}`;
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
      const { name, namespace, selector } = spec?.paramRef ?? {};
      if (name) return `${namespace || '*'}/${name}`;
      return selector ? goSelector(selector) : '<unset>';
    }),
    ageColumn,
  ];
}
