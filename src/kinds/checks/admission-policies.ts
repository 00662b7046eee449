// What is wrong with webhooks and policies of admission, and what binds policies.
import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
} from '../../api/generated/types.ts';
import type { StoredObject } from '../kind.ts';
import { defineChecks } from '../kind-checks.ts';
import {
  validateMutatingBinding,
  validateMutatingPolicy,
  validateValidatingBinding,
  validateValidatingPolicy,
} from '../validation/admission-policies.ts';
import { validateWebhooks } from '../validation/admission-webhooks.ts';

export const mutatingWebhookConfigurationChecks = defineChecks<MutatingWebhookConfiguration>({
  group: 'admissionregistration.k8s.io',
  kind: 'MutatingWebhookConfiguration',
  warnings: reservedNames,
  validate: (configuration, errors) => validateWebhooks(configuration, errors),
  validateUpdate: (configuration, old, errors) => validateWebhooks(configuration, errors, old),
});

export const validatingWebhookConfigurationChecks = defineChecks<ValidatingWebhookConfiguration>({
  group: 'admissionregistration.k8s.io',
  kind: 'ValidatingWebhookConfiguration',
  warnings: reservedNames,
  validate: (configuration, errors) => validateWebhooks(configuration, errors),
  validateUpdate: (configuration, old, errors) => validateWebhooks(configuration, errors, old),
});

export const mutatingAdmissionPolicyChecks = defineChecks<MutatingAdmissionPolicy>({
  group: 'admissionregistration.k8s.io',
  kind: 'MutatingAdmissionPolicy',
  warnings: reservedNames,
  validate: (policy, errors) => validateMutatingPolicy(policy, errors),
  validateUpdate: (policy, old, errors) => validateMutatingPolicy(policy, errors, old),
});

export const validatingAdmissionPolicyChecks = defineChecks<ValidatingAdmissionPolicy>({
  group: 'admissionregistration.k8s.io',
  kind: 'ValidatingAdmissionPolicy',
  warnings: reservedNames,
  validate: (policy, errors) => validateValidatingPolicy(policy, errors),
  validateUpdate: (policy, old, errors) => validateValidatingPolicy(policy, errors, old),
});

export const mutatingAdmissionPolicyBindingChecks = defineChecks<MutatingAdmissionPolicyBinding>({
  group: 'admissionregistration.k8s.io',
  kind: 'MutatingAdmissionPolicyBinding',
  warnings: reservedNames,
  validate: validateMutatingBinding,
  validateUpdate: (binding, _, errors) => validateMutatingBinding(binding, errors),
});

export const validatingAdmissionPolicyBindingChecks = defineChecks<ValidatingAdmissionPolicyBinding>({
  group: 'admissionregistration.k8s.io',
  kind: 'ValidatingAdmissionPolicyBinding',
  warnings: reservedNames,
  validate: validateValidatingBinding,
  validateUpdate: (binding, _, errors) => validateValidatingBinding(binding, errors),
});

const staticSuffix = '.static.k8s.io';

function reservedNames({ metadata }: StoredObject): readonly string[] {
  if (!metadata?.name?.endsWith(staticSuffix)) return [];
  return [
    `metadata.name: names ending with "${staticSuffix}" are reserved for static manifest-based configurations and cannot be managed via the API`,
  ];
}
